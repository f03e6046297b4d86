import cv2
import numpy as np
import pytest

from model.data import inked, load_split
from model.distortion import Glyph, scale, shift, slant, thick, thin, turn

GLYPH = inked(load_split()[1].x[:1])[0]


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def middle(glyph: Glyph) -> np.ndarray:
    """The centre of the ink's mass, x and y in px."""
    mass = cv2.moments(glyph)
    return np.array([mass["m10"], mass["m01"]]) / mass["m00"]


@pytest.mark.parametrize("amount", [1, 2, 3])
def test_a_shift_moves_all_ink_so_far(amount: float) -> None:
    shifted = shift(GLYPH, amount, rng())
    assert np.linalg.norm(middle(shifted) - middle(GLYPH)) == pytest.approx(amount, abs=0.1)
    assert shifted.sum() == pytest.approx(GLYPH.sum(), rel=0.02)


def test_turning_and_leaning_keep_the_ink_and_scaling_keeps_its_share() -> None:
    assert turn(GLYPH, 30, rng()).sum() == pytest.approx(GLYPH.sum(), rel=0.05)
    assert slant(GLYPH, 0.3, rng()).sum() == pytest.approx(GLYPH.sum(), rel=0.05)
    assert scale(GLYPH, 0.5, rng()).sum() == pytest.approx(GLYPH.sum() / 4, rel=0.05)


def test_both_sides_are_turned_to() -> None:
    dice = rng()
    assert len({turn(GLYPH, 20, dice).tobytes() for _ in range(20)}) == 2


def test_strokes_worn_and_swollen_stay_within_one_another() -> None:
    worn, swollen = thin(GLYPH, 0.5, rng()), thick(GLYPH, 1.5, rng())
    assert (worn <= GLYPH).all() and (swollen >= GLYPH).all()
    assert worn.sum() < GLYPH.sum() < swollen.sum()
