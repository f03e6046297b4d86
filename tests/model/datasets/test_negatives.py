import cv2
import numpy as np
from numpy.typing import NDArray

from model.datasets.negatives import (
    crossed_lines,
    make_negatives,
    pair,
    scribble,
    texture,
    word,
)
from model.datasets.splits import load_letters, load_split
from model.datasets.symbols import SYMBOLS
from model.datasets.synthetic_digits import parse

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


def test_two_digits_in_one_are_connected_and_wider_than_one() -> None:
    rng = np.random.default_rng(0)
    one, whole = [], []
    for left, right in zip(DIGITS, DIGITS[::-1], strict=True):
        both = pair(np.stack([left, right]), rng)
        _, _, wide, high = cv2.boundingRect(both)
        whole.append(wide / high)
        one += [width / height for *_, width, height in map(cv2.boundingRect, (left, right))]
        count, _ = cv2.connectedComponents((both > 32).astype(np.uint8), connectivity=8)
        assert count - 1 <= parts(left) + parts(right) - 1
    assert np.median(whole) > 1.3 * np.median(one)


def test_a_word_hangs_together_and_is_wider_than_its_letters() -> None:
    rng = np.random.default_rng(0)
    letters = load_letters()
    for _ in range(20):
        chosen = letters[rng.integers(len(letters), size=4)]
        _, _, wide, high = cv2.boundingRect(word(chosen, rng))
        alone = [cv2.boundingRect(letter) for letter in chosen]
        assert wide / high > 1.2 * np.median([w / h for *_, w, h in alone])


def test_every_sign_is_strokes_near_the_unit_square() -> None:
    assert len(set(SYMBOLS)) == len(SYMBOLS) > 50
    for form in SYMBOLS:
        for stroke in parse(form):
            assert len(stroke.points) > 1
            assert (stroke.points > -0.15).all() and (stroke.points < 1.15).all()


def parts(glyph: NDArray[np.uint8]) -> int:
    """How many pieces of ink a glyph has."""
    return int(cv2.connectedComponents((glyph > 64).astype(np.uint8), connectivity=8)[0]) - 1
