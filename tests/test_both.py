from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from model.both import Both
from model.data import inked, load_split
from model.noise import NOISES
from model.serving import Classifier, Prediction

GLYPHS = inked(load_split()[1].x[:50])


class Says:
    """A network that says the same of every glyph."""

    unsure_below = odd_below = 0.6

    def __init__(self, seven: float, is_digit: float) -> None:
        self.version = f"v{seven}"
        self._row = np.full(10, (1 - seven) / 9, np.float32)
        self._row[7] = seven
        self._is_digit = is_digit

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        count = len(glyphs)
        row = np.tile(self._row, (count, 1))
        return Prediction(row, np.full(count, self._is_digit, np.float32))


def both(clean: Says, noisy: Says, glyphs: NDArray[np.float32] = GLYPHS) -> Prediction:
    return Both(cast(Classifier, clean), cast(Classifier, noisy)).predict(glyphs)


def test_the_surer_one_answers_and_their_doubt_that_it_is_a_digit_is_shared() -> None:
    for seven in (0.9, 0.3):
        answer = both(Says(seven, is_digit=0.8), Says(1.2 - seven, is_digit=0.6))
        assert np.allclose(answer.probabilities[:, 7], 0.9)
        assert np.allclose(answer.probabilities.sum(axis=1), 1)
        assert np.allclose(answer.is_digit, 0.7)


def test_who_sees_no_digit_has_no_say_in_which_one_it_is() -> None:
    assert np.allclose(both(Says(0.9, 0.01), Says(0.4, 0.99)).probabilities[:, 7], 0.4)
    assert np.allclose(both(Says(0.4, 0.99), Says(0.9, 0.01)).probabilities[:, 7], 0.4)


def test_glyphs_that_are_no_digit_to_either_still_get_an_answer() -> None:
    answer = both(Says(0.9, 0.0), Says(0.5, 0.0))
    assert np.allclose(answer.probabilities[:, 7], 0.9) and not answer.is_digit.any()


@pytest.mark.parametrize("amount", [0.4, 0.5, 0.7])
def test_salt_and_pepper_all_over_are_left_to_the_noisy_one(amount: float) -> None:
    salted = NOISES["salt_pepper"].spoil(GLYPHS, amount, np.random.default_rng(1))
    answer = both(Says(0.9, 0.99), Says(0.3, 0.6), salted)
    assert np.allclose(answer.probabilities[:, 7], 0.3) and np.allclose(answer.is_digit, 0.6)


@pytest.mark.parametrize("family", ["salt_pepper", "gaussian", "shot", "motion_blur", "spots"])
def test_other_noise_and_a_little_salt_are_read_by_both(family: str) -> None:
    noise = NOISES[family]
    amount = noise.levels[1 if family == "salt_pepper" else 4]
    spoilt = noise.spoil(GLYPHS, amount, np.random.default_rng(1))
    assert (both(Says(0.9, 0.99), Says(0.3, 0.99), spoilt).probabilities[:, 7] > 0.5).all()
