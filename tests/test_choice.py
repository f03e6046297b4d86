from pathlib import Path

import numpy as np
import pytest

from model.choice import Both, look_noisy
from model.data import inked, load_split
from model.noise import NOISES
from model.serving import Classifier

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


def test_both_answer_each_glyph_by_one_of_the_two(tmp_path: Path) -> None:
    clean, noisy = (Classifier.load(kind, tmp_path) for kind in ("clean", "noisy"))
    spoilt = NOISES["salt_pepper"].spoil(GLYPHS[:20], 0.3, np.random.default_rng(0))
    mixed = np.concatenate([GLYPHS[:20], spoilt])
    answer = Both(clean, noisy).predict(mixed)
    chosen = look_noisy(mixed)
    for network, part in ((clean, ~chosen), (noisy, chosen)):
        expected = network.predict(mixed[part])
        assert np.allclose(answer.probabilities[part], expected.probabilities, atol=1e-5)
        assert np.allclose(answer.is_digit[part], expected.is_digit, atol=1e-5)
    assert np.mean(answer.probabilities.argmax(axis=1) == np.tile(VALIDATION.y[:20], 2)) > 0.9
