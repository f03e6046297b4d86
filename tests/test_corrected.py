"""The answer as it should have been: right digits in their places, lines kept."""

from collections.abc import Mapping
from functools import partial

import pytest

from bot.answers.corrected import corrected_digits, corrected_text
from bot.store.tables import ReadingRow
from bot.texts import Texts

SAY = partial(Texts().say, "en")


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
