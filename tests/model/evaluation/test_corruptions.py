import cv2
import numpy as np
import pytest

from model.datasets.splits import inked, load_split
from model.evaluation.corruptions import (
    CORRUPTIONS,
    HELD_OUT,
    TRAINED,
    Glyph,
    salt_pepper,
    scale,
    shift,
    slant,
    thick,
    thin,
    turn,
)

GLYPH = inked(load_split()[1].x[:1])[0]
GLYPHS = inked(load_split()[1].x[:60])


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


def test_glyphs_turn_to_both_sides() -> None:
    dice = rng()
    assert len({turn(GLYPH, 20, dice).tobytes() for _ in range(20)}) == 2


def test_thin_ink_lies_within_the_glyph_and_the_glyph_within_thick_ink() -> None:
    worn, swollen = thin(GLYPH, 0.5, rng()), thick(GLYPH, 1.5, rng())
    assert (worn <= GLYPH).all() and (swollen >= GLYPH).all()
    assert worn.sum() < GLYPH.sum() < swollen.sum()


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_every_family_keeps_shape_range_and_its_input(name: str) -> None:
    corrupt, levels = CORRUPTIONS[name]
    before = GLYPHS.copy()
    for level in levels:
        corrupted = corrupt(GLYPHS, level, np.random.default_rng(1))
        assert corrupted.shape == GLYPHS.shape
        assert corrupted.dtype == np.float32
        assert corrupted.min() >= 0
        assert corrupted.max() <= 1
    assert np.array_equal(GLYPHS, before)


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_higher_level_is_farther_from_the_glyph(name: str) -> None:
    corrupt, levels = CORRUPTIONS[name]
    apart = [
        np.abs(corrupt(GLYPHS, level, np.random.default_rng(1)) - GLYPHS).mean()
        for level in levels
    ]
    assert apart == sorted(apart)
    assert apart[0] > 0


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_corruptions_are_reproducible(name: str) -> None:
    corrupt, levels = CORRUPTIONS[name]
    one, two = (corrupt(GLYPHS, levels[2], np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one, two)


def test_salt_and_pepper_changes_the_given_share_of_pixels() -> None:
    grey = np.full((100, 28, 28), 0.5, np.float32)
    corrupted = salt_pepper(grey, 0.2, np.random.default_rng(0))
    assert np.mean(corrupted == 0) == pytest.approx(0.1, abs=0.01)
    assert np.mean(corrupted == 1) == pytest.approx(0.1, abs=0.01)


def test_at_least_four_families_are_never_trained_on() -> None:
    assert len(HELD_OUT) >= 4
    assert set(TRAINED) | set(HELD_OUT) == set(CORRUPTIONS)
    assert not set(TRAINED) & set(HELD_OUT)
