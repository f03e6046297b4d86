"""Fifteen corruptions like MNIST-C's, drawn anew from the paper: they measure and never train.

Mu and Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision", 2019, appendix A. Each kind
is f(glyphs, rng) on float32 (n, 28, 28), ink 1 on 0, at the one severity that the benchmark has.
The data set itself is not part of this project, and figures of the two compare only roughly.
"""

from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from preprocessing.glyph import SIDE

Glyph = NDArray[np.float32]
Glyphs = NDArray[np.float32]
Corrupt = Callable[[Glyphs, np.random.Generator], Glyphs]
MIDDLE = (SIDE - 1) / 2  # px, the centre of a glyph each way
PHOTONS = 3  # of full ink in one pixel: shot noise
IMPULSES = 0.27  # share of the pixels that impulse noise makes black or white
GLASS_SIGMA = 0.7  # px, of the blur before and after pixels swap
GLASS_PASSES = 2  # times every pixel may swap with a neighbour at most 1 px away
MOTION_SIGMA = 3.0  # px, of the one-sided Gaussian along the motion
MOTION_REACH = 10  # px, where that Gaussian is cut off
MOTION_ANGLE = 45.0  # degrees to either side of the horizontal, at most
SHEAR = float(np.tan(0.4))  # px across for each px down
SCALE = 0.7  # of the size
ROTATION = float(np.degrees(0.4))  # degrees, to either side
BRIGHTNESS = 0.5  # added to every pixel
TRANSLATION = 3  # px, each way
STRIPE = 7  # px, width of the inverted bands at the left and at the right
FOG = 3.0  # times full ink: the fog's density before all is scaled back
FOG_OCTAVES = (1, 2, 4, 8, 16)  # cells a side, of the noise fields that make the fog
FOG_DECAY = 1.4  # times weaker is each field than the coarser one before it
SPLASH_MEAN, SPLASH_DEVIATION = 0.65, 0.3  # normal noise that becomes splashes of mud
SPLASH_LIMIT = 0.65  # of the noise, blurred by 1 px: mud is above
SPLASH_SHARE = 0.8  # of the mask, blurred by SPLASH_EDGE: less is no mud
SPLASH_EDGE = 1.5  # px
MUD = 63 / 255  # the mud's grey
LINE_FADE = 2.3  # px from a line's middle to where it is gone; it fades logarithmically
ZIGZAG = 2.0  # px, amplitude and half of the length of one tooth
CANNY_SIGMA = 1.0  # px, of the blur before edges are sought
CANNY_LIMITS = (26, 51)  # of 255: hysteresis thresholds of the gradient, a tenth and a fifth


def shot_noise(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Draw every pixel from a Poisson distribution."""
    return _bounded(rng.poisson(glyph * PHOTONS) / PHOTONS)


def impulse_noise(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Make single pixels black or white."""
    dice = rng.random(glyph.shape)
    return _bounded(np.where(dice < IMPULSES / 2, 0, np.where(dice < IMPULSES, 1, glyph)))


def glass_blur(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Swap neighbouring pixels at random between two blurs, as rough glass does."""
    blurred = np.stack([_blur(glyph, GLASS_SIGMA) for glyph in glyphs])
    for _ in range(GLASS_PASSES):
        for y in range(SIDE - 1, 0, -1):
            for x in range(SIDE - 1, 0, -1):
                swapped = np.flatnonzero(rng.random(len(glyphs)) < 0.5)
                up, left = rng.integers(0, 2, (2, len(swapped)))
                here, there = (swapped, y, x), (swapped, y - up, x - left)
                blurred[here], blurred[there] = blurred[there], blurred[here]
    return _bounded(np.stack([_blur(glyph, GLASS_SIGMA) for glyph in blurred]))


def motion_blur(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Smear the digit in one direction."""
    angle = np.radians(rng.uniform(-MOTION_ANGLE, MOTION_ANGLE))
    steps = np.arange(MOTION_REACH + 1)
    weights = np.exp(-(steps**2) / (2 * MOTION_SIGMA**2))
    way = np.array([np.cos(angle), np.sin(angle)])
    moved = [_affine(glyph, np.eye(2), step * way) for step in steps]
    return _bounded(np.tensordot(weights / weights.sum(), moved, axes=1))


def shear(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Lean the digit to either side."""
    return _affine(glyph, np.array([[1, rng.choice((-SHEAR, SHEAR))], [0, 1]]))


def scale(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Make the digit smaller."""
    return _affine(glyph, SCALE * np.eye(2))


def rotate(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Turn the digit to either side."""
    turn = cv2.getRotationMatrix2D((0, 0), rng.choice((-ROTATION, ROTATION)), 1)
    return _affine(glyph, turn[:, :2])


def brightness(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Make everything brighter: what was over half is full ink then."""
    return _bounded(glyph + BRIGHTNESS)


def translate(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Move the digit along one of the diagonals."""
    return _affine(glyph, np.eye(2), rng.choice((-TRANSLATION, TRANSLATION), 2))


def stripe(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Invert a band at the left and one at the right."""
    changed = glyph.copy()
    for band in (changed[:, :STRIPE], changed[:, -STRIPE:]):
        band[:] = 1 - band
    return changed


def fog(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Add clouds of fractal noise and scale the sum back: little contrast is left."""
    density = np.zeros((SIDE, SIDE))
    for octave, cells in enumerate(FOG_OCTAVES):
        field = rng.uniform(-1, 1, (cells + 1, cells + 1))
        soft = cv2.resize(field, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        density += np.asarray(soft, float) / FOG_DECAY**octave
    density -= density.min()
    top = float(glyph.max())
    return _bounded((glyph + FOG * density / density.max()) * top / (top + FOG))


def spatter(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Cover places with grey mud."""
    noise = rng.normal(SPLASH_MEAN, SPLASH_DEVIATION, glyph.shape).astype(np.float32)
    mud = _blur((_blur(noise, 1) > SPLASH_LIMIT).astype(np.float32), SPLASH_EDGE)
    mud[mud < SPLASH_SHARE] = 0
    return _bounded(glyph * (1 - mud) + MUD * mud)


def dotted_line(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Draw a dotted line from the left edge to the right."""
    ends = rng.integers(0, SIDE - 1, 2)
    line = _line((0, ends[0]), (SIDE - 1, ends[1]))
    dotted: Glyph = line * (np.arange(SIDE) // 2 % 2 == 1)
    return _bounded(glyph + dotted)


def zigzag(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Draw a zigzag from left to right."""
    start = np.array([2.0, rng.integers(0, SIDE - 1)])
    end = np.array([25.0, start[1] + rng.integers(-5, 5)])
    length = float(np.hypot(*(end - start)))
    along = (end - start) / length
    across = np.array([-along[1], along[0]])
    points = [start]
    for tooth, place in enumerate(np.arange(ZIGZAG, length, 2 * ZIGZAG)):
        points.append(start + place * along + (-1) ** tooth * ZIGZAG * across)
    points.append(end)
    drawn = glyph.copy()
    for a, b in pairwise(points):
        drawn = np.minimum(drawn + _line(a, b), 1)
    return _bounded(drawn)


def canny_edges(glyph: Glyph, rng: np.random.Generator) -> Glyph:
    """Keep the edges alone, one px wide (Canny, 1986)."""
    blurred = (_blur(glyph, CANNY_SIGMA) * 255).astype(np.float32)
    down = cv2.Sobel(blurred, cv2.CV_32F, 0, 1) / 4
    across = cv2.Sobel(blurred, cv2.CV_32F, 1, 0) / 4
    edges = cv2.Canny(
        across.astype(np.int16), down.astype(np.int16), *CANNY_LIMITS, L2gradient=True
    )
    return _bounded(edges / 255)


def _blur(glyph: Glyph, sigma: float) -> Glyph:
    return np.asarray(cv2.GaussianBlur(glyph, (0, 0), sigma), np.float32)


def _affine(glyph: Glyph, way: ArrayLike, move: ArrayLike = (0, 0)) -> Glyph:
    """Map the glyph by a 2x2 matrix around its centre, then by a move in px."""
    middle = np.array([MIDDLE, MIDDLE])
    matrix = np.column_stack([way, middle - np.asarray(way) @ middle + np.asarray(move)])
    return _bounded(cv2.warpAffine(glyph, matrix, (SIDE, SIDE)))


def _line(a: ArrayLike, b: ArrayLike) -> Glyph:
    """Return the ink of a line between two points (x, y), fading away from its middle."""
    (x0, y0), (x1, y1) = np.asarray(a, float), np.asarray(b, float)
    columns = np.arange(SIDE)
    slope = (y1 - y0) / (x1 - x0)
    distance = np.abs(columns[:, np.newaxis] - (y0 + slope * (columns - x0)))
    ink = 1 + np.log(1 - np.minimum(distance, LINE_FADE - 1e-9) / LINE_FADE)
    ink[:, (columns < np.floor(x0)) | (columns >= np.ceil(x1))] = 0
    return _bounded(ink)


def _bounded(glyph: ArrayLike) -> Glyph:
    return np.clip(np.asarray(glyph, np.float32), 0, 1)


def _each(corrupt: Callable[[Glyph, np.random.Generator], Glyph]) -> Corrupt:
    """Return a corruption of many glyphs that applies this one to each."""

    def corrupt_each(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
        return np.stack([corrupt(glyph, rng) for glyph in glyphs])

    return corrupt_each


MNIST_C: dict[str, Corrupt] = {
    "shot_noise": _each(shot_noise),
    "impulse_noise": _each(impulse_noise),
    "glass_blur": glass_blur,
    "motion_blur": _each(motion_blur),
    "shear": _each(shear),
    "scale": _each(scale),
    "rotate": _each(rotate),
    "brightness": _each(brightness),
    "translate": _each(translate),
    "stripe": _each(stripe),
    "fog": _each(fog),
    "spatter": _each(spatter),
    "dotted_line": _each(dotted_line),
    "zigzag": _each(zigzag),
    "canny_edges": _each(canny_edges),
}
