import numpy as np

from model.augment import augment
from model.data import inked, load_split

GLYPHS = inked(load_split()[1].x[:200])


def test_variants_differ_from_their_glyphs_and_each_other() -> None:
    rng = np.random.default_rng(0)
    one, two = augment(GLYPHS, rng), augment(GLYPHS, rng)
    assert one.shape == GLYPHS.shape
    assert one.dtype == np.float32
    assert not np.array_equal(one, two)
    assert np.abs(one - GLYPHS).mean() > 0.01


def test_ink_stays_between_paper_and_full() -> None:
    changed = augment(GLYPHS, np.random.default_rng(0))
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_a_digit_stays_in_the_field() -> None:
    changed = augment(GLYPHS, np.random.default_rng(0))
    kept = changed.sum(axis=(1, 2)) / GLYPHS.sum(axis=(1, 2))
    assert kept.min() > 0.2
    assert np.median(kept) > 0.7
