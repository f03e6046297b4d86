"""Sheets on their side or upside down: turned with clear evidence, asked about with some."""

from contextlib import suppress
from unittest.mock import Mock

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.orientation import choose_orientation, is_doubtful, may_be_upside_down
from model.reader import PROBED_MAX, Reader
from preprocessing import Box, NoDigitsFound
from tests.papers import blank, photo, shaded, write

WELL, BADLY = 0.99, 0.05


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def turned(count: int = 4, score: float = BADLY) -> dict[int, list[float]]:
    """A sheet that reads badly whichever way it is turned."""
    return {turns: [score] * count for turns in (1, 2, 3)}


def test_a_sheet_that_reads_well_once_it_is_turned_is_read_turned() -> None:
    assert choose_orientation([BADLY] * 4, turned() | {3: [WELL] * 4}) == (3, False)


def test_a_short_word_that_is_a_number_upside_down_is_left() -> None:
    assert choose_orientation([BADLY] * 4, turned(4) | {2: [WELL] * 4}) == (0, False)
    assert choose_orientation([BADLY] * 5, turned(5) | {2: [WELL] * 5}) == (2, False)


def test_words_that_look_a_little_like_digits_upside_down_are_left() -> None:
    assert choose_orientation([0.1] * 40, turned(40) | {2: [0.82] * 40}) == (0, False)


def test_what_reads_well_both_ways_is_left() -> None:
    assert choose_orientation([0.85] * 6, turned() | {2: [WELL] * 6}) == (0, False)


def test_with_some_evidence_the_user_is_asked() -> None:
    assert choose_orientation([0.3] * 3, turned(3) | {1: [WELL] * 3}) == (0, True)


def test_with_two_turns_that_read_equally_well_the_user_is_asked() -> None:
    assert choose_orientation([BADLY] * 4, turned() | {1: [WELL] * 4, 3: [0.97] * 4}) == (0, True)


def test_a_turn_that_reads_badly_does_not_count() -> None:
    rival = [WELL] * 6 + [0.3] * 2
    assert choose_orientation([BADLY] * 6, turned(6) | {1: rival, 3: [WELL] * 6}) == (3, False)


def test_a_scene_reads_badly_all_around() -> None:
    assert choose_orientation([BADLY] * 9, turned(9, 0.5)) == (0, False)


def test_with_one_bad_digit_among_good_ones_a_sheet_is_not_turned() -> None:
    assert not is_doubtful([WELL] * 9 + [0.5])
    assert is_doubtful([WELL] * 3 + [BADLY])


def test_a_lone_digit_is_read_one_way_only() -> None:
    assert not is_doubtful([BADLY] * 2), "it may be in pieces"
    assert is_doubtful([BADLY] * 3)


@pytest.mark.parametrize(
    ("sent", "turned", "asked"),
    [
        ([0.97] * 3, [0.99] * 3, True),
        ([0.99] * 3, [0.97] * 3, False),
        ([0.995] * 3, [0.999] * 3, False),
        ([0.6] * 3, [0.8] * 3, False),
        ([0.9], [0.99], False),
    ],
    ids=["better", "worse", "a tie", "no number either way", "a lone digit"],
)
def test_digits_that_read_better_upside_down_may_be_so(
    sent: list[float], turned: list[float], asked: bool
) -> None:
    assert may_be_upside_down(sent, turned) is asked


def sheet(rows: list[str], shade: float) -> np.ndarray:
    paper = blank(700, 140 + 150 * len(rows))
    for line, row in enumerate(rows):
        paper = write(paper, row, at=(60, 70.0 + 150 * line), height=80, step=1.1)
    return shaded(paper, shade)


FULL = ["2345742", "7432457", "4372547", "5243724", "3472435", "4327543"]


@pytest.mark.parametrize("rows", [["407137"], ["4321", "7054"], ["743", "435", "274"], FULL])
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_sheet_reads_as_the_upright_one(
    reader: Reader, rows: list[str], quarters: int
) -> None:
    upright = sheet(rows, 0.2)
    straight = reader.read(photo(upright))
    lying = reader.read(photo(np.ascontiguousarray(np.rot90(upright, quarters))))
    assert lying.text == straight.text == " ".join(rows)
    assert lying.page.turns == 4 - quarters and straight.page.turns == 0
    for here, there in zip(straight.digits, lying.digits, strict=True):
        moved = Box(*there.box).turned(4 - quarters, lying.page.width, lying.page.height)
        assert np.abs(np.subtract(moved, here.box)).max() <= 3


@settings(max_examples=12, deadline=None)
@given(rows=st.lists(st.text("0123456789", min_size=1, max_size=7), min_size=1, max_size=3))
def test_an_upright_sheet_is_never_turned(reader: Reader, rows: list[str]) -> None:
    reading = reader.read(photo(sheet(rows, 0.2)))
    assert reading.page.turns == 0 and not reading.looks_turned


@pytest.mark.parametrize("row", ["2055", "2502"])
def test_a_number_that_is_another_upside_down_is_asked_about_only_then(
    reader: Reader, row: str
) -> None:
    upright = sheet([row], 0.2)
    straight, flipped = reader.read(photo(upright)), reader.read(photo(upright[::-1, ::-1].copy()))
    assert (straight.text, straight.unsure) == (row, False)
    assert flipped.text != row and flipped.looks_turned and flipped.unsure


@pytest.mark.parametrize(("row", "most"), [("7", 1), ("47374", 2 * 5 - 1)])
def test_glyphs_are_turned_only_while_they_may_read_better(
    reader: Reader, row: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensemble = reader.networks["auto"]
    looks = {way: Mock(side_effect=getattr(ensemble, way)) for way in ("predict", "estimate")}
    for way, look in looks.items():
        monkeypatch.setattr(ensemble, way, look)
    assert reader.read(photo(sheet([row], 0.2))).text == row
    calls = [call for look in looks.values() for call in look.call_args_list]
    assert sum(len(call.args[0]) for call in calls) <= most


def test_a_full_page_that_would_not_read_better_turned_is_read_one_way(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upside down six of seven digits read well; the letters make the page doubtful."""
    predict = Mock(side_effect=reader.networks["auto"].predict)
    monkeypatch.setattr(reader.networks["auto"], "predict", predict)
    paper = np.pad(sheet(["0368961"] * 6, 0.2), ((0, 150), (0, 0)), mode="edge")
    for x, letter in enumerate("kEFR"):
        at = 60 + 140 * x, 1120
        cv2.putText(paper, letter, at, cv2.FONT_HERSHEY_SIMPLEX, 3, 40, 8)
    assert reader.read(photo(paper)).page.turns == 0
    assert sum(len(call.args[0]) for call in predict.call_args_list) < 2 * 42


def test_of_a_page_of_letters_only_a_sample_is_estimated(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensemble = reader.networks["auto"]
    looks = {way: Mock(side_effect=getattr(ensemble, way)) for way in ("predict", "estimate")}
    for way, look in looks.items():
        monkeypatch.setattr(ensemble, way, look)
    paper = blank(900, 900)
    for y in range(80, 900, 100):
        cv2.putText(paper, "k w x m h n", (40, y), cv2.FONT_HERSHEY_SIMPLEX, 2, 40, 4)
    with pytest.raises(NoDigitsFound):
        reader.read(photo(paper))
    looks["predict"].assert_not_called()
    estimated = sum(len(call.args[0]) for call in looks["estimate"].call_args_list)
    assert 0 < estimated <= 4 * PROBED_MAX


@pytest.mark.parametrize("digit", "34679")
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_lone_turned_digit_stays_as_sent(reader: Reader, digit: str, quarters: int) -> None:
    page = write(blank(), digit, at=(150, 80), height=180)
    with suppress(NoDigitsFound):  # or it looks like no digit at all
        assert reader.read(photo(np.ascontiguousarray(np.rot90(page, quarters)))).page.turns == 0
