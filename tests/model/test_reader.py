from typing import NamedTuple, cast

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from model.calibration import Prediction, by_one_network
from model.hypotheses import Candidate
from model.reader import (
    Reader,
    may_be_an_edge,
    may_be_missed,
    may_be_one,
    may_be_one_line,
    may_hold_marks,
    places_are_doubtful,
    shows_digits,
)
from model.serving import Classifier
from preprocessing import Box, NoDigitsFound
from tests.papers import STROKES, blank, photo, shaded, write

DIGITS = st.sampled_from(sorted(set(STROKES) - {"1", "8"}))  # a 1 and an 8 may be turned or flat


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


class Hand(NamedTuple):
    """How a digit was written."""

    digit: str
    pen: float
    height: int
    paper: int
    shade: float

    def page(self) -> NDArray[np.uint8]:
        clean = blank(640, 480, self.paper)
        at = (320 - 0.3 * self.height, 240 - self.height / 2)
        inked = write(clean, self.digit, at=at, height=self.height, pen=self.pen)
        return shaded(inked, self.shade)


HANDS = st.builds(
    Hand,
    digit=DIGITS,
    pen=st.sampled_from([0.04, 0.08, 0.13]),
    height=st.integers(120, 300),
    paper=st.integers(170, 250),
    shade=st.floats(0, 0.5),
)


def same_reading(reader: Reader, hand: Hand, changed: NDArray[np.uint8]) -> bool:
    return reader.read(photo(changed)).text == reader.read(photo(hand.page())).text


@settings(max_examples=25, deadline=None)
@given(hand=HANDS)
def test_drawn_digits_are_read(reader: Reader, hand: Hand) -> None:
    assert reader.read(photo(hand.page())).text == hand.digit


@settings(max_examples=15, deadline=None)
@given(hand=HANDS)
def test_half_the_size_reads_the_same(reader: Reader, hand: Hand) -> None:
    page = hand.page()
    half = page.reshape(240, 2, 320, 2).mean(axis=(1, 3)).astype(np.uint8)
    assert same_reading(reader, hand, half)


@settings(max_examples=15, deadline=None)
@given(hand=HANDS)
def test_the_inverse_reads_the_same(reader: Reader, hand: Hand) -> None:
    assert same_reading(reader, hand, 255 - hand.page())


@settings(max_examples=15, deadline=None)
@given(hand=HANDS, light=st.floats(0.4, 1.02))
def test_other_light_reads_the_same(reader: Reader, hand: Hand, light: float) -> None:
    assert same_reading(reader, hand, (hand.page() * light).clip(0, 255).astype(np.uint8))


@settings(max_examples=15, deadline=None)
@given(hand=HANDS, x=st.integers(-100, 100), y=st.integers(-60, 60))
def test_another_place_reads_the_same(reader: Reader, hand: Hand, x: int, y: int) -> None:
    roomy = np.pad(hand.page(), ((60, 60), (100, 100)), mode="edge")
    assert same_reading(reader, hand, roomy[60 + y :][:480, 100 + x :][:, :640])


@settings(max_examples=15, deadline=None)
@given(
    hand=HANDS,
    y=st.integers(10, 470),
    thickness=st.integers(1, 3),
    darker=st.floats(0.35, 0.9),
)
def test_a_ruled_line_changes_nothing(
    reader: Reader, hand: Hand, y: int, thickness: int, darker: float
) -> None:
    page = hand.page()
    line = page[y : y + thickness]
    line[:] = np.minimum(line, darker * np.median(page, axis=0))  # as shaded as its paper
    assert same_reading(reader, hand, page)


@settings(max_examples=10, deadline=None)
@given(hand=HANDS)
def test_a_photo_turned_by_exif_reads_the_same(reader: Reader, hand: Hand) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = photo(np.ascontiguousarray(np.rot90(hand.page(), 1)), "JPEG", exif=exif.tobytes())
    assert reader.read(turned).text == reader.read(photo(hand.page())).text


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(st.text("0234567", min_size=1, max_size=6), min_size=1, max_size=3),
    slope=st.floats(-0.08, 0.08),
)
def test_digits_are_read_in_order(reader: Reader, rows: list[str], slope: float) -> None:
    sheet = blank(800, 620)
    for line, row in enumerate(rows):
        at = (50.0, 70 + 180.0 * line)
        sheet = write(sheet, row, at=at, height=90, step=1.15, slope=slope)
    reading = reader.read(photo(sheet))
    assert reading.text == " ".join(rows)
    assert [digit.line for digit in reading.digits] == [
        line for line, row in enumerate(rows) for _ in row
    ]


def test_same_reading_is_false_for_a_wrong_reading(reader: Reader) -> None:
    seven = Hand("7", 0.08, 240, 230, 0.2)
    assert not same_reading(reader, seven, seven._replace(digit="3").page())


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_a_photo_with_salt_and_pepper_is_read(reader: Reader, share: float) -> None:
    page = Hand("5", 0.08, 260, 225, 0.2).page()
    chance = np.random.default_rng(2).random(page.shape)
    page[chance < share / 2] = 0
    page[chance > 1 - share / 2] = 255
    assert reader.read(photo(page)).text == "5"


SURELY_ONE = np.eye(10, dtype=np.float32)[1], 1.0, 1.0, 1.0  # a row of a Prediction


class ConstantNetwork:
    """A network with the same prediction for every glyph."""

    def __init__(self, kind: str, digit: int, sure: float, is_digit: float = 1.0) -> None:
        self.kind, self.version = kind, f"{kind}-1"
        self.confidence_threshold, self.rejection_threshold = 0.6, 0.8
        self._row = np.full(10, (1 - sure) / 9, np.float32)
        self._row[digit] = sure
        self._is_digit = is_digit

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        count = len(glyphs)
        is_digit = np.full(count, self._is_digit, np.float32)
        return by_one_network(np.tile(self._row, (count, 1)), is_digit)

    def estimate(self, glyphs: NDArray[np.float32]) -> Prediction:
        return self.predict(glyphs)


def reader_of(clean: ConstantNetwork, noisy: ConstantNetwork | None = None) -> Reader:
    both = clean, noisy or ConstantNetwork("noisy", 3, 0.9)
    return Reader(*(cast(Classifier, network) for network in both))


PAGE = photo(Hand("5", 0.08, 240, 230, 0.2).page())


def test_the_chosen_network_reads() -> None:
    reader = reader_of(ConstantNetwork("clean", 7, 0.9))
    assert reader.read(PAGE, "clean").text == "7"
    noisy = reader.read(PAGE, "noisy")
    assert (noisy.text, noisy.model, noisy.version) == ("3", "noisy", "noisy-1")
    with pytest.raises(ValueError, match="blurry"):
        reader.read(PAGE, "blurry")


def test_auto_reads_with_both() -> None:
    both = reader_of(ConstantNetwork("clean", 7, 0.9)).read(PAGE)
    assert (both.model, both.version) == ("auto", "clean-1 + noisy-1")


@pytest.mark.parametrize(("sure", "side"), [(0.95, 213), (0.85, 640), (0.5, 640)])
def test_only_a_digit_that_is_read_well_is_read_from_a_smaller_picture(
    sure: float, side: int
) -> None:
    reader = reader_of(ConstantNetwork("clean", 5, sure))
    assert max(reader.read(PAGE, "clean").page.gray.shape) == side
    assert max(reader.read(PAGE, "clean", turns=0).page.gray.shape) == 640


@pytest.mark.parametrize(
    ("sure", "is_digit", "unsure"), [(0.9, 1.0, False), (0.5, 1.0, True), (0.5, 0.8, True)]
)
def test_doubt_makes_a_reading_unsure(sure: float, is_digit: float, unsure: bool) -> None:
    reading = reader_of(ConstantNetwork("clean", 5, sure, is_digit)).read(PAGE, "clean")
    assert reading.unsure is unsure
    (digit,) = reading.digits
    assert not digit.rejected
    assert digit.top[0][0] == 5
    assert digit.top[0][1] == pytest.approx(sure)
    assert len(digit.top) == 3
    assert reading.ms > 0


@pytest.mark.parametrize(
    ("digit", "sure", "unsure"), [(5, 0.9, False), (5, 0.2, True), (6, 0.9, True)]
)
def test_a_digit_that_one_network_reads_otherwise_or_with_doubt_is_unsure(
    digit: int, sure: float, unsure: bool
) -> None:
    both = reader_of(ConstantNetwork("clean", 5, 0.95), ConstantNetwork("noisy", digit, sure))
    reading = both.read(PAGE)
    assert (reading.text, reading.unsure) == ("5", unsure)
    assert reading.digits[0].confidence == pytest.approx(0.95)


@pytest.mark.parametrize(("row", "unsure"), [("5", 0), ("55", 0), ("5555", 1)])
def test_several_digits_are_sure_where_their_confidences_multiply_to_a_high_one(
    row: str, unsure: int
) -> None:
    page = photo(write(blank(800, 300), row, at=(60, 90), height=120, step=1.3))
    reading = reader_of(ConstantNetwork("clean", 5, 0.96)).read(page, "clean")
    assert sum(digit.unsure for digit in reading.digits) == unsure


class FirstDigitsNetwork(ConstantNetwork):
    """A network that reads the first glyphs as 5 and any later ones as no digit."""

    def __init__(self, digits: int) -> None:
        super().__init__("clean", 5, 0.99)
        self._digits = digits

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        probabilities, is_digit, *_ = super().predict(glyphs)
        is_digit[self._digits :] = 0.01
        self._digits = max(0, self._digits - len(glyphs))
        return by_one_network(probabilities, is_digit)


@pytest.mark.parametrize(("digits", "unsure"), [(4, False), (3, True), (2, True), (1, True)])
def test_a_sure_digit_among_letters_is_unsure(digits: int, unsure: bool) -> None:
    page = photo(write(blank(800, 300), "5555", at=(60, 90), height=120, step=1.3))
    reading = reader_of(FirstDigitsNetwork(digits)).read(page, "clean")
    assert (reading.text, reading.unsure) == ("5" * digits, unsure)


@pytest.mark.parametrize(("below", "height"), [(0, 48), (220, 120)])
def test_what_is_left_out_low_or_in_another_line_leaves_digits_sure(
    below: int, height: int
) -> None:
    line = write(blank(800, 500), "555", at=(60, 90), height=120, step=1.3)
    page = photo(write(line, "2", at=(620, 120 + below), height=height))
    reading = reader_of(FirstDigitsNetwork(3)).read(page, "clean")
    assert (reading.text, reading.unsure) == ("555", False)


def test_where_every_glyph_is_rejected_there_is_no_digit() -> None:
    with pytest.raises(NoDigitsFound, match="no digit"):
        reader_of(ConstantNetwork("clean", 5, 0.99, is_digit=0.04)).read(PAGE, "clean")


@pytest.mark.parametrize(
    ("scores", "cluttered", "shown"),
    [
        ([0.79], False, False),
        ([0.81], False, True),
        ([0.94], True, False),
        ([0.96], True, True),
        ([0.99, 0.4], False, False),
        ([0.99, 0.7], False, True),
        ([], False, False),
    ],
)
def test_a_page_shows_digits_where_its_glyphs_do_in_the_mean(
    scores: list[float], cluttered: bool, shown: bool
) -> None:
    glyph = np.zeros((28, 28), np.float32)
    row = np.eye(10, dtype=np.float32)[1]
    found = [Candidate(Box(0, 0, 9, 9), 0, glyph, (row, score, score, 1.0)) for score in scores]
    assert shows_digits(found, 0.8, cluttered=cluttered) is shown


def test_glyphs_that_are_hardly_digits_are_none() -> None:
    with pytest.raises(NoDigitsFound, match="no digit"):
        reader_of(ConstantNetwork("clean", 5, 0.99, is_digit=0.79)).read(PAGE, "clean")


class NarrowNetwork(ConstantNetwork):
    """A network that takes a glyph wider than 18 px for no digit."""

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        probabilities, *_ = super().predict(glyphs)
        narrow = (glyphs > 0.2).any(axis=1).sum(axis=1) <= 18
        return by_one_network(probabilities, np.where(narrow, 0.99, 0.3).astype(np.float32))


def test_a_digit_too_wide_for_the_network_is_read_narrower_and_unsure() -> None:
    reader = reader_of(NarrowNetwork("clean", 2, 0.99))
    two = write(blank(), "2", at=(180, 80), height=180)
    wide = np.asarray(cv2.resize(two, (1000, 400))[:, 300:], np.uint8)
    assert not reader.read(photo(two), "clean").unsure
    reading = reader.read(photo(wide), "clean")
    assert (reading.text, reading.unsure) == ("2", True)
    with pytest.raises(NoDigitsFound, match="no digit"):
        reader.read(photo(np.hstack([wide, wide])), "clean")  # two of them are no lone digit


def test_a_glyph_that_one_of_two_networks_rejects_is_read_unsure() -> None:
    clean, noisy = (
        ConstantNetwork(kind, 5, 0.99, is_digit)
        for kind, is_digit in (("clean", 0.95), ("noisy", 0.7))
    )
    reading = reader_of(clean, noisy).read(PAGE)
    assert reading.unsure and reading.digits[0].rejected
    assert not reader_of(clean, noisy).read(PAGE, "clean").unsure


def test_what_has_a_dot_below_is_read_unsure(reader: Reader) -> None:
    seven = write(blank(), "7", at=(180, 80), height=180)
    assert not reader.read(photo(seven)).unsure
    cv2.circle(seven, (220, 295), 10, 40, cv2.FILLED)
    assert reader.read(photo(seven)).unsure


def test_empty_paper_is_no_reading(reader: Reader) -> None:
    with pytest.raises(NoDigitsFound):
        reader.read(photo(blank()))


@pytest.mark.parametrize(
    ("tall", "width", "unsure"),
    [(1.0, 0.2, False), (1.5, 0.4, True), (0.4, 0.4, True), (1.5, 0.8, False)],
)
def test_a_bar_much_taller_or_lower_than_its_line_makes_the_reading_unsure(
    tall: float, width: float, unsure: bool
) -> None:
    def candidate(x: int, width: int, height: int, line: int = 0) -> Candidate:
        box = Box(x, 100, width, height)
        return Candidate(box, line, np.zeros((28, 28), np.float32), SURELY_ONE)

    row = [candidate(100 * n, 70, 100) for n in range(3)]
    mark = round(100 * tall)
    assert may_hold_marks([*row, candidate(300, round(width * mark), mark)]) is unsure
    assert may_hold_marks([*row, candidate(300, round(width * mark), mark, line=1)]) is unsure


@pytest.mark.parametrize(
    ("height", "line", "missed"), [(90, 0, True), (30, 0, False), (90, 1, False)]
)
def test_what_is_left_out_in_a_line_and_as_high_as_its_digits_may_be_one(
    height: int, line: int, missed: bool
) -> None:
    digit = Candidate(
        Box(0, 100, 70, 100),
        0,
        np.zeros((28, 28), np.float32),
        SURELY_ONE,
    )
    other = digit._replace(box=Box(200, 100, 70, height), line=line)
    assert may_be_missed(other, [digit, digit]) is missed


@pytest.mark.parametrize(
    ("box", "one"),
    [
        (Box(60, 150, 30, 130), True),
        (Box(60, 110, 30, 95), False),
        (Box(80, 150, 30, 130), False),
    ],
    ids=["the stem of a broken 9", "beside", "lower, but apart"],
)
def test_two_digits_that_stand_over_each_other_may_be_one(box: Box, one: bool) -> None:
    ring = Candidate(Box(0, 100, 70, 80), 0, np.zeros((28, 28), np.float32), SURELY_ONE)
    assert may_be_one(ring, ring._replace(box=box)) is one


@pytest.mark.parametrize(
    ("x", "y", "one"),
    [(300, 20, True), (300, 220, False), (150, 80, False)],
    ids=["a raised last digit", "a line of its own", "above the line"],
)
def test_two_lines_side_by_side_may_be_one(x: int, y: int, one: bool) -> None:
    first = Candidate(Box(0, 100, 70, 100), 1, np.zeros((28, 28), np.float32), SURELY_ONE)
    last = first._replace(box=Box(200, 100, 70, 100))
    other = first._replace(box=Box(x, y, 70, 100), line=0)
    assert may_be_one_line([other, first, last]) is one
    assert places_are_doubtful([other, first, last], []) is one


@pytest.mark.parametrize(
    ("box", "line", "doubtful"),
    [
        (Box(0, 400, 20, 100), 1, True),
        (Box(0, 100, 20, 100), 0, False),  # in their line
        (Box(220, 400, 20, 100), 1, False),  # in a column with one of them
    ],
)
def test_a_one_far_from_all_others_makes_the_reading_doubtful(
    box: Box, line: int, doubtful: bool
) -> None:
    one = Candidate(box, line, np.zeros((28, 28), np.float32), SURELY_ONE)
    three = np.eye(10, dtype=np.float32)[3]
    others = [
        Candidate(Box(x, 100, 70, 100), 0, np.zeros((28, 28), np.float32), (three, 1.0, 1.0, 1.0))
        for x in (200, 300)
    ]
    assert may_be_an_edge(one, [*others, one]) is doubtful
    assert not may_be_an_edge(others[0], [others[0], one])
    assert not may_be_an_edge(one, [one])
    assert places_are_doubtful([*others, one], []) is doubtful
