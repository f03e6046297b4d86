"""Glyphs -> the same digits by other hands: turned, slanted, stretched, bent, thinner, thicker.

Elastic bending after Simard, Steinkraus and Platt, "Best practices for convolutional neural
networks applied to visual document analysis", 2003.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from model.evaluation.corruptions import CROSS
from preprocessing.glyph import SIDE, to_mnist

PLAIN_SHARE = 0.15  # of the glyphs stay as they are
TURN = 9.0  # degrees, standard deviation, as are the next four
SLANT = 0.2  # px across for each px down
STRETCH = 0.12  # of the size, each way by itself
SHIFT = 0.8  # px
BEND = 0.8  # px, of the points of the bending grid
BEND_POINTS = 5  # each way
SWELL_SHARE = 0.4  # of the glyphs, thicker; as many are made thinner
SWELL_MOST = 0.9  # px on each side
WEAR_MOST = 0.75  # of a one px erosion
Glyphs = NDArray[np.float32]
CAPTURE_SIDES = (
    12,
    56,
)  # px, the digit's longer side on paper; small ones are as frequent as large ones
CAPTURE_STRETCH = 0.22  # standard deviation of the logarithm of what width gains over height
PEN_MOST = 0.9  # px of 28, what the pen adds to a stroke on both sides
HARD_SHARE = 0.5  # of the digits are black or white, as a scanner's or a thresholded photo
THRESHOLDS = (0.25, 0.5)  # of full ink: where such a digit ends
BLUR_LEAST, BLUR_MOST = 0.01, 0.6  # sigma of the others: px on paper, and px of 28 more
PAPER = 0.2  # of full ink: less is no part of the digit's box
FINE = 3  # px of the drawing for one of the glyph


def augment(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return one variant of each of the float32 (n, 28, 28) glyphs, ink 1 on 0; some stay."""
    changed = _change_strokes(_change_shape(glyphs, rng), rng)
    stay = rng.random((len(glyphs), 1, 1)) < PLAIN_SHARE
    return np.where(stay, glyphs, changed)


def _change_shape(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Turn, slant, stretch, shift and bend, all in one sampling."""
    count, middle = len(glyphs), (SIDE - 1) / 2
    down, across = np.mgrid[:SIDE, :SIDE] - middle
    angle = np.radians(rng.normal(0, TURN, (count, 1, 1)))
    wide, high = np.exp(rng.normal(0, STRETCH, (2, count, 1, 1)))
    lean = rng.normal(0, SLANT, (count, 1, 1))
    x = wide * (np.cos(angle) * across - np.sin(angle) * down) + lean * down
    y = high * (np.sin(angle) * across + np.cos(angle) * down)
    move = middle + rng.normal(0, SHIFT, (2, count, 1, 1))
    maps = np.stack([x + move[0], y + move[1]], axis=1).astype(np.float32)
    grids = rng.normal(0, BEND, (count, 2, BEND_POINTS, BEND_POINTS)).astype(np.float32)
    changed = np.empty_like(glyphs)
    for i, glyph in enumerate(glyphs):
        bends = (cv2.resize(g, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for g in grids[i])
        columns, rows = (way + bend for way, bend in zip(maps[i], bends, strict=True))
        # Linear sampling would blur: real glyphs were then sharper than all that trained.
        changed[i] = cv2.remap(glyph, columns, rows, interpolation=cv2.INTER_CUBIC)
    return np.clip(changed, 0, 1)


def _change_strokes(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Make some glyphs' strokes thicker and some thinner."""
    changed = glyphs.copy()
    dice = rng.random(len(glyphs))
    amounts = rng.random(len(glyphs)).astype(np.float32)
    for i, glyph in enumerate(glyphs):
        if dice[i] < SWELL_SHARE:
            changed[i] += SWELL_MOST * amounts[i] * (cv2.dilate(glyph, CROSS) - glyph)
        elif dice[i] > 1 - SWELL_SHARE:
            changed[i] += WEAR_MOST * amounts[i] * (cv2.erode(glyph, CROSS) - glyph)
    return changed


def simulate_capture(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return each of the float32 (n, 28, 28) glyphs as seen anew, ink 1 on 0; a blank stays."""
    return np.stack([_thresholded(glyph, rng) for glyph in glyphs])


def _thresholded(glyph: Glyphs, rng: np.random.Generator) -> Glyphs:
    _, _, width, height = cv2.boundingRect((glyph > PAPER).astype(np.uint8))
    if width == 0:
        return glyph
    fine = cv2.resize(glyph, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_CUBIC)
    pen = round(FINE * PEN_MOST * rng.random())
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pen + 1, 2 * pen + 1))
    fine = cv2.dilate(fine, around)
    stretch = np.exp(rng.normal(0, CAPTURE_STRETCH))
    scale = np.exp(rng.uniform(*np.log(CAPTURE_SIDES))) / max(width * stretch, height)
    size = round(SIDE * scale * stretch), round(SIDE * scale)
    paper = cv2.resize(fine, size, interpolation=cv2.INTER_AREA)
    if rng.random() < HARD_SHARE:
        paper = (paper > rng.uniform(*THRESHOLDS) * paper.max()).astype(np.float32)
    else:
        paper = cv2.GaussianBlur(paper, (0, 0), BLUR_LEAST + BLUR_MOST * scale * rng.random())
    ink = np.clip(paper * 255, 0, 255).astype(np.uint8)
    return to_mnist(ink) if ink.any() else glyph
