"""Glyphs that are no digits: letters, words, signs, scribbles, lines, texture, photos' pieces.

They train the eleventh logit, "is a digit", as its negative class. All are made by `to_mnist`, as
the glyphs of photos are.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from model.datasets import letters, scenes
from model.datasets.symbols import SYMBOLS
from model.datasets.synthetic_digits import Stroke, draw, parse
from preprocessing.glyph import to_mnist

CANVAS = 84  # px, side of the canvas that a texture is cut from
UPRIGHT = 35  # degrees from upright: a single line that leans less is a one
ON_GRID = 0.7  # share of the crossed lines that meet at their ends or middles
GRAIN = (2.0, 9.0)  # px of the canvas: range of the blur's sigma that turns noise into texture
INKED = 64  # of 255, the grey from which a pixel of a glyph is ink
PAIR_LOW = 0.75  # ratio: one digit of a pair is at least this high beside the other
OVERLAP = 2  # px of 28 that neighbours in a pair or a word overlap at most
WORD_LETTERS = (2, 6)  # letters of a word: at least, and one more than at most
RING_SHARE = 0.3  # of the words that have an ellipse or a frame around them
RING_ROOM = (6, 18)  # px between a word and its ring: at least, and one more than at most
Glyphs = NDArray[np.uint8]


def make_negatives(count: int, digits: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return (count, 28, 28) glyphs that are no digits.

    `digits`: glyphs (n, 28, 28) of digits, two of which at a time make a pair.
    """
    with np.load(letters.PACKED) as packed:
        written = packed["train"]
    with np.load(scenes.PACKED) as packed:
        photographed = packed["train"]
    makers: tuple[Callable[[], Glyphs], ...] = (
        lambda: written[rng.integers(len(written))],
        lambda: written[rng.integers(len(written))],
        lambda: written[rng.integers(len(written))],
        lambda: word(written[rng.integers(len(written), size=rng.integers(*WORD_LETTERS))], rng),
        lambda: draw(parse(SYMBOLS[rng.integers(len(SYMBOLS))]), rng),
        lambda: draw(parse(SYMBOLS[rng.integers(len(SYMBOLS))]), rng),
        lambda: draw(parse(SYMBOLS[rng.integers(len(SYMBOLS))]), rng),
        lambda: scribble(rng),
        lambda: crossed_lines(rng),
        lambda: texture(rng),
        lambda: photographed[rng.integers(len(photographed))],
        lambda: photographed[rng.integers(len(photographed))],
        lambda: photographed[rng.integers(len(photographed))],
        lambda: pair(digits[rng.integers(len(digits), size=2)], rng),
        lambda: pair(digits[rng.integers(len(digits), size=2)], rng),
    )
    return np.stack([makers[i % len(makers)]() for i in range(count)])


def scribble(rng: np.random.Generator) -> Glyphs:
    """Draw one to three long winding strokes."""
    lengths = rng.integers(6, 12, rng.integers(1, 4))
    return draw([Stroke(rng.random((points, 2)), True) for points in lengths], rng)


def crossed_lines(rng: np.random.Generator) -> Glyphs:
    """Draw one line that is no upright stick, or two to four: corners, crosses, table rules."""
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
    """Threshold blurred noise and cut a rectangle from it: grain, blots, edges of shadows."""
    grain = cv2.GaussianBlur(rng.random((CANVAS, CANVAS)), (0, 0), rng.uniform(*GRAIN))
    height, width = rng.integers(CANVAS // 3, CANVAS, 2)
    piece = grain[:height, :width]
    ink = np.where(piece > np.quantile(piece, rng.uniform(0.3, 0.9)), 255, 0).astype(np.uint8)
    return _glyph(ink)


def pair(two: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return one glyph of two digits (2, 28, 28) side by side whose ink touches."""
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


def word(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return one glyph of letters (n, 28, 28) that touch each other, some inside a ring."""
    trimmed = [_trimmed(glyph) for glyph in glyphs]
    height = max(len(glyph) for glyph in trimmed)
    width = sum(glyph.shape[1] for glyph in trimmed)
    room = int(rng.integers(*RING_ROOM))
    canvas = np.zeros((height + 2 * room, width + 2 * room), np.uint8)
    end = room
    for glyph in trimmed:
        high, wide = glyph.shape
        start = max(room, end - int(rng.integers(1, OVERLAP, endpoint=True)))
        end = start + wide
        down = room + height - high
        part = canvas[down : down + high, start:end]
        np.maximum(part, glyph, out=part)
    if rng.random() < RING_SHARE:
        middle, half = ((end + room) // 2, height // 2 + room), ((end - room) // 2, height // 2)
        pen = int(rng.integers(1, 3))
        if rng.random() < 0.5:
            axes = (min(half[0] + room, middle[0]) - pen, half[1] + room - pen)
            cv2.ellipse(canvas, middle, axes, 0, 0, 360, 255, pen, cv2.LINE_AA)
        else:
            corner = (end + room - pen, height + 2 * room - pen)
            cv2.rectangle(canvas, (pen, pen), corner, 255, pen)
    return _glyph(canvas)


def _apart(sides: Glyphs) -> int:
    """Return the smallest horizontal gap in px between two digits (2, h, w), over all rows."""
    first, second = sides > INKED
    both = first.any(axis=1) & second.any(axis=1)
    ends = first.shape[1] - np.argmax(first[:, ::-1], axis=1)
    gaps = (np.argmax(second, axis=1) - ends)[both]
    return int(gaps.min()) if len(gaps) else 0


def _lower(digit: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return the glyph scaled down, to PAIR_LOW of its size at least."""
    scale = rng.uniform(PAIR_LOW, 1)
    smaller = cv2.resize(digit, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8)


def _trimmed(glyph: Glyphs) -> Glyphs:
    x, y, width, height = cv2.boundingRect((glyph > INKED).astype(np.uint8))
    return glyph[y : y + height, x : x + width]


def _glyph(ink: Glyphs) -> Glyphs:
    return (to_mnist(ink) * 255).round().astype(np.uint8)
