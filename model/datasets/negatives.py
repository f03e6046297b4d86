"""Glyphs that are no digits: letters, signs, scribbles, photos' pieces, struck-through digits.

They train the eleventh logit, "is a digit", as its negative class. All are made by `to_mnist`, as
the glyphs of photos are.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from model.datasets import letters, scenes
from model.datasets.symbols import MARKS, SYMBOLS
from model.datasets.synthetic_digits import Stroke, draw, parse, through
from preprocessing.glyph import SIDE, to_mnist

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
FINE = 4  # times the glyph's resolution, at which strikes and rings are drawn
STRIKE_TILT = (-15, 40)  # degrees from horizontal, rising to the right, range of a strike
STRIKE_PLACE = (0.3, 0.7)  # of the digit's height, range of the strike's middle
STRIKE_OVER = (0.12, 0.5)  # of the digit's height, by which it sticks out on each side
NEVER_STRUCK = (0, 1, 7)  # many write 0 and 7 with a stroke, and a 1 with one may be such a 7
STEEP = 25  # degrees: a flatter strike through a 4 may be its bar
PEN_RATIO = (0.7, 1.2)  # ratio: pen of a strike or ring over that of the digit
RING_DISTANCE = (0.08, 0.4)  # of the digit's height, from its bounding box to a ring
RING_WAVE = 0.05  # of a ring's radius, standard deviation of the noise on its points
NEVER_RINGED = 1  # in a ring it may be a 0 with a stroke inside
ARC = (150, 420)  # degrees, range of what is drawn of a ring
ARC_STEP = 24  # degrees between two points of a ring
Glyphs = NDArray[np.uint8]


def make_negatives(
    count: int, digits: Glyphs, labels: NDArray[np.uint8], rng: np.random.Generator
) -> Glyphs:
    """Return (count, 28, 28) glyphs that are no digits.

    `digits`: glyphs (n, 28, 28) of the digits `labels` (n,). Two at a time make a pair, others are
    struck through or ringed.
    """
    with np.load(letters.PACKED) as packed:
        written = packed["train"]
    with np.load(scenes.PACKED) as packed:
        photographed = packed["train"]
    strikable = np.flatnonzero(~np.isin(labels, NEVER_STRUCK))
    ringable = np.flatnonzero(labels != NEVER_RINGED)

    def one_of(glyphs: Glyphs) -> Glyphs:
        return np.asarray(glyphs[rng.integers(len(glyphs))])

    def drawn(forms: tuple[str, ...]) -> Glyphs:
        return draw(parse(forms[rng.integers(len(forms))]), rng)

    def struck_digit() -> Glyphs:
        chosen = rng.choice(strikable)
        return struck(digits[chosen], int(labels[chosen]), rng)

    makers: list[Callable[[], Glyphs]] = [
        *4 * [lambda: one_of(written)],
        lambda: word(written[rng.integers(len(written), size=rng.integers(*WORD_LETTERS))], rng),
        *3 * [lambda: drawn(SYMBOLS)],
        *2 * [lambda: drawn(MARKS)],
        lambda: scribble(rng),
        lambda: crossed_lines(rng),
        lambda: texture(rng),
        *3 * [lambda: one_of(photographed)],
        *2 * [lambda: pair(digits[rng.integers(len(digits), size=2)], rng)],
        *2 * [struck_digit],
        lambda: ringed(digits[rng.choice(ringable)], rng),
    ]
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


def struck(digit: Glyphs, label: int, rng: np.random.Generator) -> Glyphs:
    """Return a digit (28, 28) with a straight line through it that sticks out on both sides."""
    fine, pen = _enlarged(digit, rng)
    x, y, width, height = cv2.boundingRect((fine > INKED).astype(np.uint8))
    tilt = rng.uniform(*STRIKE_TILT)
    if label == 4:
        tilt = rng.uniform(STEEP, STRIKE_TILT[1])
    middle = np.array([x + width / 2, y + height * rng.uniform(*STRIKE_PLACE)])
    reach = width / 2 + height * rng.uniform(*STRIKE_OVER, 2)
    way = np.array([1, -np.tan(np.radians(tilt))])
    ends = [middle - reach[0] * way, middle + reach[1] * way]
    return _inked(fine, np.array(ends), pen)


def ringed(digit: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return a digit (28, 28) in a ring drawn by hand, or in a piece of one."""
    fine, pen = _enlarged(digit, rng)
    x, y, width, height = cv2.boundingRect((fine > INKED).astype(np.uint8))
    room = height * rng.uniform(*RING_DISTANCE)
    angles = np.radians(rng.uniform(0, 360) + np.arange(0, rng.uniform(*ARC), ARC_STEP))
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    radii = np.array([width, height]) / 2 + room
    radii = radii * (1 + rng.normal(0, RING_WAVE, (len(angles), 1)))
    ring = np.array([x + width / 2, y + height / 2]) + radii * circle
    return _inked(fine, through(ring), pen)


def _enlarged(digit: Glyphs, rng: np.random.Generator) -> tuple[Glyphs, int]:
    """Return a digit FINE times as large with as much room around it, and a pen's width in px."""
    fine = cv2.resize(digit, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_CUBIC)
    depth = cv2.distanceTransform((fine > INKED).astype(np.uint8), cv2.DIST_L2, 3)
    pen = 2 * np.quantile(depth[depth > 0], 0.9) * rng.uniform(*PEN_RATIO)
    return np.pad(fine, SIDE * FINE // 2), max(1, round(float(pen)))


def _inked(fine: Glyphs, path: NDArray[np.float64], pen: int) -> Glyphs:
    """Draw a path (n, 2) over an enlarged digit and return the glyph."""
    cv2.polylines(fine, [path.round().astype(np.int32)], False, 255, pen, cv2.LINE_AA)
    return _glyph(fine)


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
