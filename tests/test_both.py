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

    unsure_below = 0.6

    def __init__(self, seven: float, is_digit: float) -> None:
        self.version = f"v{seven}"
        self._row = np.full(10, (1 - seven) / 9, np.float32)
        self._row[7] = seven
        self._is_digit = is_digit

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        count = len(glyphs)
        row = np.tile(self._row, (count, 1))
        return Prediction(row, np.full(count, self._is_digit, np.float32))


@pytest.mark.parametrize(("clean", "noisy"), [(0.9, 0.2), (0.3, 0.8)])
def test_both_lie_between_the_two_and_so_does_their_doubt(clean: float, noisy: float) -> None:
    two = Says(clean, is_digit=0.1), Says(noisy, is_digit=0.9)
    answer = Both(*(cast(Classifier, one) for one in two)).predict(GLYPHS)
    assert np.allclose(answer.probabilities.sum(axis=1), 1)
    sevens = answer.probabilities[:, 7]
    assert (min(clean, noisy) < sevens).all() and (sevens < max(clean, noisy)).all()
    assert np.allclose(answer.is_digit, 0.5)
