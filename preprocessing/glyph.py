"""One digit's ink -> the 28x28 glyph that MNIST would have made of it.

MNIST (LeCun et al., "Gradient-based learning applied to document recognition", 1998, III.A):
fit the ink into 20x20 keeping its shape, then place it in 28x28 so that its centre of mass
is in the middle. Real MNIST digits come out of here as they went in, or one pixel aside.
"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Gray, quantile

VERSION = "8"  # of `to_mnist`: goes up with every change of the glyph that the same ink gives
# Cards written before counted changes of the whole pipeline; `to_mnist` was the same in all these.
EQUAL_VERSIONS = frozenset({VERSION, "9", "10", "11", "12"})
SIDE = 28  # px, what the networks take
INK_SIDE = 20  # px, longest side of the ink inside that field
CROP_SIDE = 640  # px, longest side of a crop: a larger one is shrunk first
STROKE_MIN = 1.7  # px of INK_SIDE: thinner strokes are thickened, or they would be faint
INK_LEVEL = 0.5  # of full ink: the edge of a soft stroke
FULL_QUANTILE = 0.9  # of the inked pixels: the grey that counts as full ink
STRIP_MEAN = 4.0  # ratio of a strip's width to the mean distance of its pixels to the paper

RESIDUE_MAX = 0.12  # ratio of the error of a picture rebuilt from 28x28 points to their noise
NOISE_MIN = 0.2  # mean response to NOISE_MASK, of black to white: a clean digit's is lower
NOISE_MASK = np.outer((1, -2, 1), (1, -2, 1)).astype(np.float32)  # Immerkaer 1996, equation 3


def as_noisy_glyph(gray: Gray) -> NDArray[np.float32] | None:
    """The float32 (28, 28) glyph, ink 1 on 0, that a picture is, if it is one and has noise.

    Binarization would take the noise for ink or for paper; the noisy network was trained on it.
    """
    side, times = gray.shape[0], gray.shape[0] // SIDE
    if gray.shape != (side, side) or side % SIDE or not times:
        return None
    # A bilinear enlargement keeps the glyph's own levels only at the middle of its cells.
    margin = (times - 1) // 2
    cells = gray.reshape(SIDE, times, SIDE, times)[
        :, margin : times - margin, :, margin : times - margin
    ]
    points = cells.mean(axis=(1, 3), dtype=np.float32)
    ways = (cv2.INTER_NEAREST, cv2.INTER_LINEAR)
    rebuilt = (cv2.resize(points, dsize=(side, side), interpolation=way) for way in ways)
    residue = min(float(np.abs(again - gray).mean()) for again in rebuilt)
    # MNIST's ink lies within 20x20 around its centre of mass: here are paper and noise.
    edge = (SIDE - INK_SIDE) // 2
    paper = np.ones((SIDE, SIDE), bool)
    paper[edge:-edge, edge:-edge] = False
    noise = float(np.abs(cv2.filter2D(points, -1, NOISE_MASK))[paper].mean())
    low, high = float(points.min()), float(points.max())
    if noise <= NOISE_MIN * (high - low) or residue > RESIDUE_MAX * noise:
        return None
    glyph = np.asarray((points - low) / (high - low), np.float32)
    if np.median(glyph[paper]) > 0.5:
        glyph = np.subtract(1, glyph, dtype=np.float32)
    return glyph


def to_mnist(ink: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn a crop of soft ink (uint8, ink 255 on 0) into a float32 (28, 28) glyph, ink 1 on 0.

    Raises ValueError for a crop without ink, which the pipeline never makes.
    """
    ink = _shrunk(_trim(ink))
    scale = INK_SIDE / max(ink.shape)
    thin = STROKE_MIN / scale - stroke_width(ink)
    if thin > 0.5:
        ink = thicken(ink, thin)
        scale = INK_SIDE / max(ink.shape)
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(ink, dsize=(width, height), interpolation=way).astype(np.float32)
    full = quantile(small[small > small.max() * INK_LEVEL], FULL_QUANTILE)
    return _centred(np.minimum(small / full, 1.0))


def is_wide(glyph: NDArray[np.float32]) -> bool:
    """Whether a glyph's ink is wider than it is high."""
    _, _, width, height = cv2.boundingRect((glyph > INK_LEVEL / 2).astype(np.uint8))
    return width > height


def narrower(glyph: NDArray[np.float32]) -> NDArray[np.float32]:
    """The glyph of the same ink at INK_SIDE / SIDE of its width."""
    ink = np.round(glyph * 255).astype(np.uint8)
    narrow = cv2.resize(ink, (INK_SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return to_mnist(np.asarray(narrow, np.uint8))


def _shrunk(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """At most CROP_SIDE px: thickening takes time by the fourth power of the side."""
    shrink = max(ink.shape) / CROP_SIDE
    if shrink <= 1:
        return ink
    size = [max(1, round(side / shrink)) for side in ink.shape[::-1]]
    return np.asarray(cv2.resize(ink, dsize=size, interpolation=cv2.INTER_AREA), np.uint8)


def stroke_width(ink: NDArray[np.uint8]) -> float:
    """Mean width in pixels of the strokes in a crop of soft ink."""
    mask = (ink > int(255 * INK_LEVEL)).view(np.uint8)
    inside = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
    # A pixel's distance is measured from its centre, half a pixel inside its own edge.
    return float(STRIP_MEAN * max(cv2.mean(distance, inside)[0] - 0.5, 0.25))


def _trim(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut the empty paper around the ink away."""
    peak = int(ink.max()) if ink.size else 0
    if peak == 0:
        raise ValueError("a crop without ink has no glyph")
    x, y, w, h = cv2.boundingRect((ink > peak * INK_LEVEL / 2).astype(np.uint8))
    return ink[y : y + h, x : x + w]


def thicken(ink: NDArray[np.uint8], by: float) -> NDArray[np.uint8]:
    """Make every stroke `by` pixels wider, growing the crop as much.

    A dilation with an ellipse, row by row of it, from the narrowest to the widest: OpenCV's own
    looks at each pixel of the ellipse, which are up to 2,000.
    """
    size = 2 * max(1, round(by / 2)) + 1
    edge = size // 2
    row = cv2.copyMakeBorder(ink, 0, 0, edge, edge, cv2.BORDER_CONSTANT, value=0)
    thick = np.zeros((len(ink) + 2 * edge, row.shape[1]), np.uint8)
    for index, wider in enumerate(_ellipse_steps(size)):
        row = cv2.dilate(row, np.ones((1, wider + 1), np.uint8))
        for top in {index, size - 1 - index}:
            place = thick[top : top + len(ink)]
            np.maximum(place, row, out=place)
    return thick


@cache
def _ellipse_steps(size: int) -> tuple[int, ...]:
    """By how many px each row of an ellipse, to the middle one, is wider than the one above."""
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    widths = ellipse.sum(axis=1, dtype=int)[: size // 2 + 1]
    return tuple(np.diff(widths, prepend=1).tolist())


def _centred(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """Place at most 20x20 ink into 28x28, its centre of mass in the middle, by whole pixels."""
    height, width = small.shape
    # Not by cv2.moments, which takes two columns for the points of an outline.
    mass = float(small.sum())
    left = round(SIDE / 2 - float(small.sum(axis=0) @ np.arange(width)) / mass)
    top = round(SIDE / 2 - float(small.sum(axis=1) @ np.arange(height)) / mass)
    left = min(max(left, 0), SIDE - width)
    top = min(max(top, 0), SIDE - height)
    glyph = np.zeros((SIDE, SIDE), np.float32)
    glyph[top : top + height, left : left + width] = small
    return glyph
