"""What a photo does to the strokes of one glyph: f(glyph, amount, rng) on float32 (28, 28).

Ink is 1 on 0; what lies over the strokes, and how much of each is measured, is in model.noise.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Glyph = NDArray[np.float32]
SIDE = 28  # px
CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


def defocus(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Blur by a Gaussian of this sigma in px."""
    return np.asarray(cv2.GaussianBlur(glyph, (0, 0), amount), np.float32)


def motion_blur(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Smear along a line of this length in px, at any angle."""
    angle = rng.uniform(0, np.pi)
    steps = np.linspace(-amount / 2, amount / 2, 2 * round(amount) + 1)
    moved = [_warp(glyph, np.eye(2), (s * np.cos(angle), s * np.sin(angle))) for s in steps]
    return np.asarray(np.mean(moved, axis=0), np.float32)


def thin(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Wear strokes down towards a one px erosion; 1 is all the way."""
    return glyph + np.float32(amount) * (cv2.erode(glyph, CROSS) - glyph)


def thick(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Swell strokes by this many px on both sides, part of the way for a fraction."""
    whole = cv2.dilate(glyph, CROSS, iterations=int(amount)) if amount >= 1 else glyph
    return whole + np.float32(amount % 1) * (cv2.dilate(whole, CROSS) - whole)


def turn(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Turn by this many degrees, to either side."""
    angle = np.radians(amount) * rng.choice((-1, 1))
    way = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return _warp(glyph, way, (0, 0))


def slant(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Lean by this many px across for each px down, to either side."""
    return _warp(glyph, np.array([[1, amount * rng.choice((-1, 1))], [0, 1]]), (0, 0))


def scale(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Make the digit smaller, to this share of its size."""
    return _warp(glyph, np.eye(2) * amount, (0, 0))


def shift(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Move by this many px in any direction."""
    angle = rng.uniform(0, 2 * np.pi)
    return _warp(glyph, np.eye(2), (amount * np.cos(angle), amount * np.sin(angle)))


def _warp(glyph: Glyph, way: NDArray[np.floating], move: tuple[float, float]) -> Glyph:
    """Map the glyph by a 2x2 matrix around its middle, then by a move in px."""
    middle = (SIDE - 1) / 2
    offset = middle - way @ (middle, middle) + move
    matrix = np.column_stack([way, offset])
    return np.asarray(cv2.warpAffine(glyph, matrix, dsize=(SIDE, SIDE)), np.float32)
