"""Answers begin with the digits and say honestly how sure the bot is."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import cast

import pytest

from bot.answers.text import answer, corrected_digits, corrected_text, laid_out, numbered
from bot.store.tables import ReadingRow
from bot.texts import Texts
from preprocessing import Page
from tests.readings import reading

ENGLISH = partial(Texts().say, "en")
SAY = partial(Texts().say, "en")


def say(*digits: tuple[int, float], chosen: bool = False) -> str:
    return answer(ENGLISH, reading(*digits), chosen=chosen)


def test_one_sure_digit_with_its_confidence() -> None:
    assert say((7, 0.9932)).startswith("<b>7</b> · 99.3 %")


def test_an_answer_never_claims_certainty() -> None:
    assert "99.9 %" in say((7, 1.0))


def test_doubt_shows_a_question_mark_and_the_other_choice() -> None:
    assert say((7, 0.54)).startswith("<b>7</b>? · 54 %, or <b>8</b> · ")


def test_what_hardly_looks_like_a_digit_is_called_so() -> None:
    rejected = answer(ENGLISH, reading((7, 0.99), rejected=True), chosen=False)
    assert rejected == "<b>7</b>? · perhaps no digit at all"


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999, 1.0])
def test_an_unsure_digit_is_never_shown_as_sure_by_its_number(confidence: float) -> None:
    sure = reading((1, confidence))
    unsure = replace(sure, digits=(replace(sure.digits[0], unsure=True),))
    assert "%" in answer(ENGLISH, sure, chosen=False)
    assert answer(ENGLISH, unsure, chosen=False) == "<b>1</b>? · perhaps no digit at all"


def test_several_digits_stand_together() -> None:
    assert say((4, 0.99), (0, 0.99), (7, 0.99)) == "<b>407</b>"


@pytest.mark.parametrize(("confidence", "named"), [(0.93, True), (0.96, False)])
def test_the_least_sure_of_several_is_named(confidence: float, named: bool) -> None:
    assert ("the 0: 93 %" in say((4, 0.99), (0, confidence))) is named


def test_several_digits_in_doubt_show_a_question_mark() -> None:
    assert say((4, 0.99), (0, 0.4)).startswith("<b>40</b>?")


def test_the_network_is_named_only_if_the_user_chose_it() -> None:
    assert "noisy" not in say((7, 0.99))
    assert "noisy" in say((7, 0.99), chosen=True)


def test_an_answer_says_that_it_turned_the_photo_or_that_the_photo_looks_turned() -> None:
    plain = reading((4, 0.99), (0, 0.99), (7, 0.99))
    assert answer(ENGLISH, plain, chosen=False) == "<b>407</b>"
    turned = replace(plain, page=cast(Page, SimpleNamespace(turns=3)))
    assert "I turned the photo" in answer(ENGLISH, turned, chosen=False)
    hint = answer(ENGLISH, replace(plain, looks_turned=True), chosen=False)
    assert hint.startswith("<b>407</b>?") and "send it upright" in hint


def test_lines_keep_their_order() -> None:
    lines = reading((4, 0.99), (0, 0.99), (7, 0.99), lines=(0, 1, 1))
    assert answer(ENGLISH, lines, chosen=False) == "<b>4\n07</b>"


def test_digits_are_laid_out_by_line_and_cut_where_there_is_no_room() -> None:
    assert laid_out("40 71") == "40\n71"
    assert laid_out("40 71", 4) == "40\n7…"


def test_a_page_full_of_digits_still_fits_into_a_caption() -> None:
    text = say(*[(1, 0.5)] * 3000, chosen=True)
    assert text.startswith("<b>1111") and "…" in text
    assert len(text) <= 1024 + len("<b></b><i></i>")


def test_an_album_is_numbered_as_its_photos() -> None:
    answers = ["<b>40</b>\nthe 0: 81 %", "too dark"]
    assert numbered(answers) == "1. <b>40</b> / the 0: 81 %\n2. too dark"


def test_numbers_are_written_as_the_language_does() -> None:
    german = answer(partial(Texts().say, "de"), reading((7, 0.9932)), chosen=False)
    assert german.startswith("<b>7</b> · 99,3 %")


@pytest.mark.parametrize(
    ("text", "should_be", "digits"),
    [
        ("7", {0: 1}, "1"),
        ("4071", {2: 9}, "4091"),
        ("40 71", {2: 9, 0: 1}, "10 91"),
        ("4071", {1: 10}, "471"),
        ("4 071", {0: 10}, "071"),
        ("7", {0: 10}, ""),
        ("40 71", {}, "40 71"),
    ],
)
def test_digits_are_put_in_place(text: str, should_be: Mapping[int, int], digits: str) -> None:
    assert corrected_digits(text, should_be) == digits


def test_the_answer_begins_with_the_right_digits_and_thanks() -> None:
    assert corrected_text(SAY, ReadingRow(text="40 71"), {0: 9}).startswith(
        "<b>90\n71</b> · thank"
    )
    assert corrected_text(SAY, ReadingRow(text="7"), {0: 10}).startswith("No digit")
    assert corrected_text(SAY, ReadingRow(text="7"), {}) == "<b>7</b>"


def test_a_very_long_answer_is_cut_to_what_telegram_takes() -> None:
    assert len(corrected_text(SAY, ReadingRow(text="1" * 3000), {0: 2})) < 1024
