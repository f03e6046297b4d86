from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from model.choice import Both, Together, look_noisy
from model.data import inked, load_split
from model.noise import NOISES
from model.serving import Classifier, Prediction

VALIDATION = load_split()[1]
GLYPHS = inked(VALIDATION.x[:400])


def test_clean_glyphs_look_clean() -> None:
    assert look_noisy(GLYPHS).mean() < 0.15


@pytest.mark.parametrize(
    "family", ["salt_pepper", "gaussian", "grey", "uneven", "stripes", "lines"]
)
def test_spoilt_glyphs_look_noisy_from_the_middle_level_on(family: str) -> None:
    spoil, levels = NOISES[family]
    for level in levels[2:]:
        assert look_noisy(spoil(GLYPHS, level, np.random.default_rng(0))).mean() > 0.97


def test_both_answer_a_clean_glyph_together_and_a_noisy_one_by_the_noisy_network(
    tmp_path: Path,
) -> None:
    clean, noisy = (Classifier.load(kind, tmp_path) for kind in ("clean", "noisy"))
    spoilt = NOISES["salt_pepper"].spoil(GLYPHS[:20], 0.3, np.random.default_rng(0))
    mixed = np.concatenate([GLYPHS[:20], spoilt])
    both = Both(clean, noisy)
    assert clean.version in both.version and noisy.version in both.version
    answer = both.predict(mixed)
    chosen = look_noisy(mixed)
    for network, part in ((Together(clean, noisy), ~chosen), (noisy, chosen)):
        expected = network.predict(mixed[part])
        assert np.allclose(answer.probabilities[part], expected.probabilities, atol=1e-5)
        assert np.allclose(answer.is_digit[part], expected.is_digit, atol=1e-5)
    assert np.mean(answer.probabilities.argmax(axis=1) == np.tile(VALIDATION.y[:20], 2)) > 0.9


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
def test_together_lies_between_the_two_and_doubts_what_either_doubts(
    clean: float, noisy: float
) -> None:
    two = Says(clean, is_digit=0.1), Says(noisy, is_digit=0.9)
    answer = Together(*(cast(Classifier, one) for one in two)).predict(GLYPHS[:3])
    assert np.allclose(answer.probabilities.sum(axis=1), 1)
    sevens = answer.probabilities[:, 7]
    assert (min(clean, noisy) < sevens).all() and (sevens < max(clean, noisy)).all()
    assert np.allclose(answer.is_digit, 0.1)
