from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from model.both import Both
from model.data import inked, load_split
from model.serving import Classifier, Prediction

GLYPHS = inked(load_split()[1].x[:3])


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


def both(clean: Says, noisy: Says) -> Prediction:
    return Both(cast(Classifier, clean), cast(Classifier, noisy)).predict(GLYPHS)


@pytest.mark.parametrize(("clean", "noisy"), [(0.9, 0.2), (0.3, 0.8)])
def test_both_lie_between_the_two_and_so_does_their_doubt(clean: float, noisy: float) -> None:
    answer = both(Says(clean, is_digit=0.1), Says(noisy, is_digit=0.9))
    assert np.allclose(answer.probabilities.sum(axis=1), 1)
    sevens = answer.probabilities[:, 7]
    assert (min(clean, noisy) < sevens).all() and (sevens < max(clean, noisy)).all()
    assert np.allclose(answer.is_digit, 0.5)


def test_the_one_that_sees_a_digit_has_the_say() -> None:
    assert (both(Says(0.9, 0.99), Says(0.05, 0.01)).probabilities[:, 7] > 0.85).all()
    assert (both(Says(0.9, 0.01), Says(0.05, 0.99)).probabilities[:, 7] < 0.1).all()


def test_glyphs_that_are_no_digit_to_either_still_get_an_answer() -> None:
    answer = both(Says(0.9, 0.0), Says(0.5, 0.0))
    assert np.allclose(answer.probabilities[:, 7], 0.7) and not answer.is_digit.any()
