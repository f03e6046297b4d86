from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.datasets.letters import LETTERS, is_negative
from model.datasets.negatives import (
    crossed_lines,
    make_negatives,
    pair,
    ringed,
    scribble,
    struck,
    texture,
    word,
)
from model.datasets.splits import load_letters, load_split
from model.datasets.symbols import MARKS, SYMBOLS
from model.datasets.synthetic_digits import parse
from preprocessing.glyph import SIDE

DIGITS, LABELS = (part[:50] for part in load_split()[1])


def test_all_kinds_are_glyphs_with_ink() -> None:
    glyphs = make_negatives(60, DIGITS, LABELS, np.random.default_rng(0))
    assert glyphs.shape == (60, 28, 28)
    assert (glyphs.max(axis=(1, 2)) > 100).all()


def test_makers_are_reproducible() -> None:
    for maker in (scribble, crossed_lines, texture):
        one, same, other = (maker(np.random.default_rng(seed)) for seed in (1, 1, 2))
        assert np.array_equal(one, same)
        assert not np.array_equal(one, other)


def test_a_single_line_is_never_as_upright_as_a_one() -> None:
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


def test_a_word_is_wider_than_its_letters() -> None:
    rng = np.random.default_rng(0)
    letters = load_letters()
    for _ in range(20):
        chosen = letters[rng.integers(len(letters), size=4)]
        _, _, wide, high = cv2.boundingRect(word(chosen, rng))
        alone = [cv2.boundingRect(letter) for letter in chosen]
        assert wide / high > 1.2 * np.median([w / h for *_, w, h in alone])


def test_a_strike_makes_a_digit_wider_and_adds_a_line_to_it() -> None:
    rng = np.random.default_rng(0)
    for digit, label in zip(DIGITS, LABELS, strict=True):
        _, _, width, height = cv2.boundingRect((digit > 64).astype(np.uint8))
        glyph = struck(digit, int(label), rng)
        _, _, wider, lower = cv2.boundingRect((glyph > 64).astype(np.uint8))
        assert wider / lower > width / height
        assert parts(glyph) <= parts(digit)  # the line goes through the ink
        ends = (glyph[:, columns] > 64 for columns in (slice(0, 7), slice(21, SIDE)))
        assert all(end.any() for end in ends)


def test_no_digit_that_people_write_with_a_stroke_is_struck_or_ringed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A 0, a 1 or a 7 with a stroke is a digit; so is a 1 in a ring: a 0 with a stroke in it."""
    labels = np.arange(50, dtype=np.uint8) % 10
    of_glyph = {digit.tobytes(): int(label) for digit, label in zip(DIGITS, labels, strict=True)}
    marked: dict[str, set[int]] = {"struck": set(), "ringed": set()}

    def note(maker: str) -> Callable[..., NDArray[np.uint8]]:
        def make(digit: NDArray[np.uint8], *_: object) -> NDArray[np.uint8]:
            marked[maker].add(of_glyph[digit.tobytes()])
            return digit

        return make

    for maker in marked:
        monkeypatch.setattr(f"model.datasets.negatives.{maker}", note(maker))
    make_negatives(1500, DIGITS, labels, np.random.default_rng(0))
    assert marked == {"struck": {2, 3, 4, 5, 6, 8, 9}, "ringed": {0, *range(2, 10)}}


def test_a_ring_reaches_beyond_its_digit() -> None:
    rng = np.random.default_rng(0)
    stick = np.zeros((SIDE, SIDE), np.uint8)
    stick[4:24, 12:16] = 255
    for _ in range(20):
        _, _, width, height = cv2.boundingRect((ringed(stick, rng) > 64).astype(np.uint8))
        assert width / height > 1.2 * 4 / 20


def test_letters_that_look_like_a_digit_are_left_out() -> None:
    assert not set(LETTERS) & set("OoIlSsZz")
    # Bengali 4, Devanagari 0 and 3, the Gujarati letter ra, the Malayalam letter ttha.
    assert not any(map(is_negative, "\u09ea\u0966\u0969\u0ab0\u0d20"))
    assert all(map(is_negative, "\u0c05\u0915\u0c6f"))  # Telugu a, Devanagari ka, Telugu 9


def test_every_sign_is_strokes_near_the_unit_square() -> None:
    assert len({*SYMBOLS, *MARKS}) == len(SYMBOLS + MARKS) > 80
    for form in SYMBOLS + MARKS:
        for stroke in parse(form):
            assert len(stroke.points) > 1
            assert (stroke.points > -0.15).all() and (stroke.points < 1.15).all()


def parts(glyph: NDArray[np.uint8]) -> int:
    """How many pieces of ink a glyph has."""
    return int(cv2.connectedComponents((glyph > 64).astype(np.uint8), connectivity=8)[0]) - 1
