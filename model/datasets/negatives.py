"""Glyphs that are no digits: letters, scribbles, lines and corners, texture, blots, two in one.

They are the negative class of the eleventh logit. All pass through `to_mnist`, as photos do.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from model.datasets.letters import PACKED
from model.datasets.synthetic_digits import Stroke, draw
from preprocessing.glyph import to_mnist

CANVAS = 84  # px, the side of the drawing before it becomes a glyph
UPRIGHT = 35  # degrees: a single line that stands this straight is a one
ON_GRID = 0.7  # of the crossed lines meet at their ends or middles
GRAIN = (2.0, 9.0)  # px of the canvas: sigma of what becomes texture
INKED = 64  # grey level from which a pixel of a digit is ink
PAIR_LOW = 0.75  # of its neighbour's height: so low one of two digits in one may be
OVERLAP = 2  # px of 28 that two digits in one may share
Glyphs = NDArray[np.uint8]


def make_negatives(count: int, digits: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return (count, 28, 28) glyphs that are no digits; `digits` (n, 28, 28) are put in pairs."""
    with np.load(PACKED) as packed:
        letters = packed["train"]
    makers: tuple[Callable[[], Glyphs], ...] = (
        lambda: letters[rng.integers(len(letters))],
        lambda: letters[rng.integers(len(letters))],
        lambda: letters[rng.integers(len(letters))],
        lambda: scribble(rng),
        lambda: crossed_lines(rng),
        lambda: texture(rng),
        lambda: pair(digits[rng.integers(len(digits), size=2)], rng),
        lambda: pair(digits[rng.integers(len(digits), size=2)], rng),
    )
    return np.stack([makers[i % len(makers)]() for i in range(count)])


def scribble(rng: np.random.Generator) -> Glyphs:
    """Draw one to three long winding strokes."""
    lengths = rng.integers(6, 12, rng.integers(1, 4))
    return draw([Stroke(rng.random((points, 2)), True) for points in lengths], rng)


def crossed_lines(rng: np.random.Generator) -> Glyphs:
    """Draw one lying line, or two to four that make a corner, a cross or a piece of a form."""
    lines = int(rng.integers(1, 5))
    if lines == 1:
        angle = np.radians(rng.uniform(UPRIGHT, 180 - UPRIGHT))
        end = 0.5 * np.array([np.sin(angle), np.cos(angle)])
        return draw([Stroke(np.array([0.5 - end, 0.5 + end]), False)], rng)
    places = rng.choice((0.0, 0.5, 1.0), lines) if rng.random() < ON_GRID else rng.random(lines)
    strokes = []
    for i, place in enumerate(places):
        lying = np.array([[0.0, place], [1.0, place]])
        strokes.append(Stroke(lying if i % 2 else lying[:, ::-1], False))
    return draw(strokes, rng)


def texture(rng: np.random.Generator) -> Glyphs:
    """Cut a piece of cloudy noise at some grey: grain, blots, shadows' edges."""
    grain = cv2.GaussianBlur(rng.random((CANVAS, CANVAS)), (0, 0), rng.uniform(*GRAIN))
    height, width = rng.integers(CANVAS // 3, CANVAS, 2)
    piece = grain[:height, :width]
    ink = np.where(piece > np.quantile(piece, rng.uniform(0.3, 0.9)), 255, 0).astype(np.uint8)
    return _glyph(ink)


def pair(two: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Write two digits (2, 28, 28) side by side as one: their ink meets somewhere."""
    left, right = (_trimmed(glyph) for glyph in two)
    if rng.random() < 0.5:
        right = _lower(right, rng)
    else:
        left = _lower(left, rng)
    height, width = max(len(left), len(right)), left.shape[1] + right.shape[1]
    sides = np.zeros((2, height, width), np.uint8)
    down = rng.integers(height - len(left), endpoint=True)
    sides[0, down : down + len(left), : left.shape[1]] = left
    down = rng.integers(height - len(right), endpoint=True)
    sides[1, down : down + len(right), left.shape[1] :] = right
    nearer = _apart(sides) + int(rng.integers(1, OVERLAP, endpoint=True))
    sides[1] = np.roll(sides[1], -min(nearer, left.shape[1]), axis=1)
    return _glyph(_trimmed(sides.max(axis=0)))


def _apart(sides: Glyphs) -> int:
    """How many px of paper are between two digits (2, h, w) in the row where they are nearest."""
    first, second = sides > INKED
    both = first.any(axis=1) & second.any(axis=1)
    ends = first.shape[1] - np.argmax(first[:, ::-1], axis=1)
    gaps = (np.argmax(second, axis=1) - ends)[both]
    return int(gaps.min()) if len(gaps) else 0


def _lower(digit: Glyphs, rng: np.random.Generator) -> Glyphs:
    """The same digit, up to a quarter smaller."""
    scale = rng.uniform(PAIR_LOW, 1)
    smaller = cv2.resize(digit, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8)


def _trimmed(glyph: Glyphs) -> Glyphs:
    x, y, width, height = cv2.boundingRect((glyph > INKED).astype(np.uint8))
    return glyph[y : y + height, x : x + width]


def _glyph(ink: Glyphs) -> Glyphs:
    return (to_mnist(ink) * 255).round().astype(np.uint8)
