"""Answers begin with the digits and say honestly how sure the bot is."""

import pytest

from bot.answers import answer
from bot.texts import Texts
from tests.readings import reading

TEXTS = Texts()


def say(*digits: tuple[int, float], chosen: bool = False) -> str:
    return answer(TEXTS, "en", reading(*digits), chosen=chosen)


def test_one_sure_digit_with_its_confidence() -> None:
    assert say((7, 0.9932)).startswith("<b>7</b> · 99.3 %")


def test_an_answer_never_claims_certainty() -> None:
    assert "99.9 %" in say((7, 1.0))


def test_doubt_shows_a_question_mark_and_the_other_choice() -> None:
    assert say((7, 0.54)).startswith("<b>7</b>? · 54 %, or <b>8</b> · ")


def test_several_digits_stand_together() -> None:
    assert say((4, 0.99), (0, 0.99), (7, 0.99)) == "<b>407</b>"


@pytest.mark.parametrize(("confidence", "named"), [(0.93, True), (0.96, False)])
def test_the_least_sure_of_several_is_named(confidence: float, named: bool) -> None:
    assert ("the 0, 93 %" in say((4, 0.99), (0, confidence))) is named


def test_several_digits_in_doubt_show_a_question_mark() -> None:
    assert say((4, 0.99), (0, 0.4)).startswith("<b>40</b>?")


def test_the_network_is_named_only_if_the_user_chose_it() -> None:
    assert "noisy" not in say((7, 0.99))
    assert "noisy" in say((7, 0.99), chosen=True)
