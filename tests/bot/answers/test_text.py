"""Answers begin with the digits and show doubts and confidence."""

from collections.abc import Mapping
from functools import partial

import pytest
from telegram.constants import MediaGroupLimit, MessageLimit

from bot.answers.state import corrected_digits, place_of
from bot.answers.text import answer, laid_out, numbered, read_by
from bot.local.formatting import parse_html, units
from bot.texts import Texts
from tests.readings import row_of

TEXTS = Texts()
ENGLISH = partial(TEXTS.say, "en")


def say(*digits: tuple[int, float], should_be: Mapping[int, int] | None = None) -> str:
    return answer(ENGLISH, row_of(*digits), should_be or {})


def test_one_sure_digit_with_its_confidence() -> None:
    assert say((7, 0.9932)) == "<b>7</b> · 99.3%"


def test_an_answer_never_claims_certainty() -> None:
    assert "99.9%" in say((7, 1.0))


def test_doubt_shows_a_question_mark_and_the_other_choice() -> None:
    assert say((7, 0.54)) == "<b>7</b>? · 54%, or <b>8</b> · 46%"


def test_what_is_most_likely_no_digit_is_refused_first() -> None:
    one = answer(ENGLISH, row_of((7, 0.99), rejected=True), {})
    assert one == "I see no digit (perhaps <b>7</b>?)."
    many = answer(ENGLISH, row_of(*[(7, 0.99)] * 40, rejected=True), {})
    assert many == f"I see no digit (perhaps <b>{'7' * 12}…</b>?)."


@pytest.mark.parametrize("confidence", [0.9, 0.95, 0.999, 1.0])
def test_an_unsure_digit_is_never_shown_as_sure_by_its_number(confidence: float) -> None:
    row = row_of((1, confidence))
    assert "%" in answer(ENGLISH, row, {})
    row.digits[0].unsure = True
    assert answer(ENGLISH, row, {}) == "I see no digit (perhaps <b>1</b>?)."


def test_several_digits_stand_together() -> None:
    assert say((4, 0.99), (0, 0.99), (7, 0.99)) == "<b>407</b>"


@pytest.mark.parametrize(("confidence", "named"), [(0.93, True), (0.96, False)])
def test_the_least_sure_of_several_is_named_by_its_place(confidence: float, named: bool) -> None:
    said = "Least sure: the 0 in 2nd place (93%)"
    assert (said in say((4, 0.99), (0, confidence))) is named


def test_of_several_lines_the_least_sure_is_named_by_line_and_place() -> None:
    lines = row_of((4, 0.99), (0, 0.99), (9, 0.75), lines=(0, 1, 1))
    assert answer(ENGLISH, lines, {}).endswith("the 9 in line 2, 2nd place (75%)")


def test_the_question_mark_stands_behind_the_digit_that_is_meant() -> None:
    assert say((4, 0.99), (0, 0.4), (7, 0.99)).startswith("<b>40?7</b>")


def test_a_corrected_digit_loses_its_question_mark_and_the_others_keep_theirs() -> None:
    digits = (4, 0.3), (0, 0.4), (7, 0.99)
    assert say(*digits, should_be={0: 9}).startswith("<b>90?7</b> · thank")
    assert "Least sure: the 0 in 2nd place" in say(*digits, should_be={0: 9})
    assert say(*digits, should_be={0: 9, 1: 0}) == "<b>907</b> · thank you, I’ve noted it."


def test_what_is_confirmed_bears_a_mark_and_keeps_what_was_corrected() -> None:
    row = row_of((4, 0.3), (0, 0.4))
    row.judged_right = True
    assert answer(ENGLISH, row, {0: 9}) == "<b>90</b> · ✓ confirmed, thank you."


def test_the_network_is_named_and_the_version_only_where_asked_for() -> None:
    row = row_of((7, 0.99))
    assert read_by(ENGLISH, row, version=False) == "<i>noisy network</i>"
    assert "v1" in read_by(ENGLISH, row, version=True)
    assert answer(ENGLISH, row, {}, "<i>noisy network</i>").endswith("\n<i>noisy network</i>")


def test_an_answer_says_that_it_turned_the_photo_or_asks_which_way() -> None:
    turned = row_of((4, 0.99), (0, 0.99), turns=3)
    assert "I turned the photo" in answer(ENGLISH, turned, {})
    hint = answer(ENGLISH, row_of((4, 0.2), (0, 0.2), looks_turned=True), {})
    assert "sideways" in hint and "4" not in hint


def test_lines_keep_their_order() -> None:
    lines = row_of((4, 0.99), (0, 0.99), (7, 0.99), lines=(0, 1, 1))
    assert answer(ENGLISH, lines, {}) == "<b>4\n07</b>"


def test_digits_are_laid_out_by_line_and_cut_where_there_is_no_room() -> None:
    assert laid_out("40 71") == "40\n71"
    assert laid_out("40 71", 4) == "40\n7…"
    assert laid_out("4 0 7 1", 5, " / ") == "4 / 0…"
    assert laid_out("4 0 7 1", 7, " / ") == "4 / 0…", "no line ends the answer"


VERSION = "20261128-203105-083 + 20261128-123917-078"


def shown_length(text: str) -> int:
    """Return a text's length as Telegram counts it: UTF-16 units without the HTML."""
    return units(parse_html(text)[0])


@pytest.mark.parametrize("language", TEXTS.languages)
@pytest.mark.parametrize("count", [1, 2, 900])
@pytest.mark.parametrize("in_line", [1, 30])
def test_any_answer_fits_into_a_caption(language: str, count: int, in_line: int) -> None:
    """One answer fits a caption, and ten with the line of the network fit a message."""
    say = partial(TEXTS.say, language)
    lines = tuple(position // in_line for position in range(count))
    row = row_of(*[(1, 0.5)] * count, lines=lines, turns=1)
    row.version = VERSION
    network = read_by(say, row, version=True)
    for should_be, judged in (({}, None), ({0: 2}, False), ({0: 2}, True), ({0: 10}, False)):
        row.judged_right = judged
        assert shown_length(answer(say, row, should_be, network)) <= MessageLimit.CAPTION_LENGTH
    row.judged_right = None
    page = answer(say, row, {}, in_album=True)
    album = numbered([page] * MediaGroupLimit.MAX_MEDIA_LENGTH)
    assert shown_length(f"{album}\n{network}") <= MessageLimit.MAX_TEXT_LENGTH


def test_an_album_is_numbered_as_its_photos() -> None:
    answers = ["<b>40</b>\nLeast sure: the 0", "too dark"]
    assert numbered(answers) == "1. <b>40</b> / Least sure: the 0\n2. too dark"


def test_numbers_are_written_as_the_language_does() -> None:
    german = answer(partial(Texts().say, "de"), row_of((7, 0.9932)), {})
    assert german == "<b>7</b> · 99,3\u00a0%"


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


@pytest.mark.parametrize(("position", "place"), [(0, (1, 1)), (1, (1, 2)), (2, (2, 1))])
def test_a_digit_has_a_line_and_a_place_in_it(position: int, place: tuple[int, int]) -> None:
    assert place_of("40 71", position) == place
    assert place_of("4071", position) == (0, position + 1)


def test_a_correction_to_not_a_digit_has_a_text_of_its_own() -> None:
    assert answer(ENGLISH, row_of((7, 0.99)), {0: 10}).startswith("No digit")
