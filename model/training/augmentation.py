"""Data augmentation of glyphs: affine and elastic deformation, stroke width, a simulated capture.

Elastic deformation after Simard, Steinkraus and Platt, "Best practices for convolutional neural
networks applied to visual document analysis", 2003.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from model.evaluation.corruptions import CROSS
from preprocessing.glyph import SIDE, to_mnist

UNCHANGED_SHARE = 0.15  # of the glyphs that `augment` returns as they are
ROTATION = 9.0  # degrees, standard deviation
SHEAR = 0.2  # px across for each px down, standard deviation
STRETCH = 0.12  # standard deviation of the logarithm of the scale, width and height apart
SHIFT = 0.8  # px, standard deviation, each way
ELASTIC = 0.8  # px, standard deviation of the displacement at a grid point
ELASTIC_POINTS = 5  # grid points each way; between them displacements are interpolated
THICKER_SHARE = 0.4  # of the glyphs get thicker strokes; as many get thinner ones
DILATION_MAX = 0.9  # of a dilation by one px, the most that is added to strokes
EROSION_MAX = 0.75  # of an erosion by one px, the most that is taken from strokes
Glyphs = NDArray[np.float32]
CAPTURE_SIDES = (12, 56)  # px, range of a captured digit's longer side, log-uniform
CAPTURE_STRETCH = 0.22  # standard deviation of the logarithm of width over height
PEN_MAX = 0.9  # px of 28, the most that a capture adds to both sides of a stroke
BINARY_SHARE = 0.5  # of the captures are thresholded, as a scanner's; the others are blurred
THRESHOLDS = (0.25, 0.5)  # of full ink, range of the threshold of binary captures
BLUR_MIN, BLUR_MAX = 0.01, 0.6  # sigma: px of the capture at least, px of 28 more at most
BOX_INK = 0.2  # of full ink: fainter pixels do not count for a digit's bounding box
FINE = 3  # times the glyph's resolution, at which the pen is simulated


def augment(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return one variant of each of the float32 (n, 28, 28) glyphs, ink 1 on 0.

    UNCHANGED_SHARE of them are returned as they are.
    """
    changed = _change_stroke_width(_deform(glyphs, rng), rng)
    unchanged = rng.random((len(glyphs), 1, 1)) < UNCHANGED_SHARE
    return np.where(unchanged, glyphs, changed)


def _deform(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Rotate, shear, stretch, shift and deform elastically, with one interpolation for all."""
    count, middle = len(glyphs), (SIDE - 1) / 2
    down, across = np.mgrid[:SIDE, :SIDE] - middle
    angle = np.radians(rng.normal(0, ROTATION, (count, 1, 1)))
    wide, high = np.exp(rng.normal(0, STRETCH, (2, count, 1, 1)))
    shear = rng.normal(0, SHEAR, (count, 1, 1))
    x = wide * (np.cos(angle) * across - np.sin(angle) * down) + shear * down
    y = high * (np.sin(angle) * across + np.cos(angle) * down)
    move = middle + rng.normal(0, SHIFT, (2, count, 1, 1))
    maps = np.stack([x + move[0], y + move[1]], axis=1).astype(np.float32)
    grids = rng.normal(0, ELASTIC, (count, 2, ELASTIC_POINTS, ELASTIC_POINTS)).astype(np.float32)
    changed = np.empty_like(glyphs)
    for i, glyph in enumerate(glyphs):
        fields = (cv2.resize(g, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for g in grids[i])
        columns, rows = (affine + field for affine, field in zip(maps[i], fields, strict=True))
        # Cubic: linear interpolation blurs, and no training glyph was as sharp as real ones.
        changed[i] = cv2.remap(glyph, columns, rows, interpolation=cv2.INTER_CUBIC)
    return np.clip(changed, 0, 1)


def _change_stroke_width(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Dilate some glyphs and erode others, each by a random fraction of one px."""
    changed = glyphs.copy()
    dice = rng.random(len(glyphs))
    amounts = rng.random(len(glyphs)).astype(np.float32)
    for i, glyph in enumerate(glyphs):
        if dice[i] < THICKER_SHARE:
            changed[i] += DILATION_MAX * amounts[i] * (cv2.dilate(glyph, CROSS) - glyph)
        elif dice[i] > 1 - THICKER_SHARE:
            changed[i] += EROSION_MAX * amounts[i] * (cv2.erode(glyph, CROSS) - glyph)
    return changed


def simulate_capture(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return the glyphs as if written with another pen, photographed and found by the pipeline.

    float32 (n, 28, 28), ink 1 on 0; a blank glyph is returned as it is.
    """
    return np.stack([_capture(glyph, rng) for glyph in glyphs])


def _capture(glyph: Glyphs, rng: np.random.Generator) -> Glyphs:
    _, _, width, height = cv2.boundingRect((glyph > BOX_INK).astype(np.uint8))
    if width == 0:
        return glyph
    fine = cv2.resize(glyph, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_CUBIC)
    pen = round(FINE * PEN_MAX * rng.random())
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pen + 1, 2 * pen + 1))
    fine = cv2.dilate(fine, disc)
    stretch = np.exp(rng.normal(0, CAPTURE_STRETCH))
    scale = np.exp(rng.uniform(*np.log(CAPTURE_SIDES))) / max(width * stretch, height)
    size = round(SIDE * scale * stretch), round(SIDE * scale)
    paper = cv2.resize(fine, size, interpolation=cv2.INTER_AREA)
    if rng.random() < BINARY_SHARE:
        paper = (paper > rng.uniform(*THRESHOLDS) * paper.max()).astype(np.float32)
    else:
        paper = cv2.GaussianBlur(paper, (0, 0), BLUR_MIN + BLUR_MAX * scale * rng.random())
    ink = np.clip(paper * 255, 0, 255).astype(np.uint8)
    return to_mnist(ink) if ink.any() else glyph
