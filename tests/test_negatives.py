import numpy as np

from model.data import load_split
from model.negatives import crossed_lines, make_negatives, pair, scribble, texture

DIGITS = load_split()[1].x[:50]


def test_all_kinds_are_glyphs_with_ink() -> None:
    glyphs = make_negatives(60, DIGITS, np.random.default_rng(0))
    assert glyphs.shape == (60, 28, 28)
    assert (glyphs.max(axis=(1, 2)) > 100).all()


def test_makers_follow_the_dice() -> None:
    for maker in (scribble, crossed_lines, texture):
        one, same, other = (maker(np.random.default_rng(seed)) for seed in (1, 1, 2))
        assert np.array_equal(one, same)
        assert not np.array_equal(one, other)


def test_a_single_line_never_stands_like_a_one() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        glyph = crossed_lines(rng)
        rows, columns = glyph.any(axis=1).sum(), glyph.any(axis=0).sum()
        assert columns > 4 or rows < 3 * columns


def test_two_digits_are_wider_than_one() -> None:
    rng = np.random.default_rng(0)
    ones = DIGITS[:2]
    both = pair(ones, rng)
    assert both.any(axis=0).sum() >= both.any(axis=1).sum()
