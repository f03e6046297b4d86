import numpy as np
import pytest

from model.data import inked, load_split
from model.noise import HELD_OUT, NOISES, TRAINED, salt_pepper

GLYPHS = inked(load_split()[1].x[:60])


@pytest.mark.parametrize("name", NOISES)
def test_every_family_keeps_shape_range_and_its_input(name: str) -> None:
    spoil, levels = NOISES[name]
    before = GLYPHS.copy()
    for level in levels:
        spoilt = spoil(GLYPHS, level, np.random.default_rng(1))
        assert spoilt.shape == GLYPHS.shape
        assert spoilt.dtype == np.float32
        assert spoilt.min() >= 0
        assert spoilt.max() <= 1
    assert np.array_equal(GLYPHS, before)


@pytest.mark.parametrize("name", NOISES)
def test_a_higher_level_is_farther_from_the_glyph(name: str) -> None:
    spoil, levels = NOISES[name]
    apart = [
        np.abs(spoil(GLYPHS, level, np.random.default_rng(1)) - GLYPHS).mean() for level in levels
    ]
    assert apart == sorted(apart)
    assert apart[0] > 0


@pytest.mark.parametrize("name", NOISES)
def test_the_same_dice_spoil_the_same_way(name: str) -> None:
    spoil, levels = NOISES[name]
    one, two = (spoil(GLYPHS, levels[2], np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one, two)


def test_salt_and_pepper_hits_the_share_it_says() -> None:
    grey = np.full((100, 28, 28), 0.5, np.float32)
    spoilt = salt_pepper(grey, 0.2, np.random.default_rng(0))
    assert np.mean(spoilt == 0) == pytest.approx(0.1, abs=0.01)
    assert np.mean(spoilt == 1) == pytest.approx(0.1, abs=0.01)


def test_at_least_four_families_are_never_trained_on() -> None:
    assert len(HELD_OUT) >= 4
    assert set(TRAINED) | set(HELD_OUT) == set(NOISES)
    assert not set(TRAINED) & set(HELD_OUT)
