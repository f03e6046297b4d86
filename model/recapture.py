"""Glyphs -> the same digits as our own pipeline hands them over from paper.

MNIST's glyphs were written large and scanned well. On a photo a digit is of any size, by any pen
and of any proportions, and `to_mnist` fits it into the field again: networks are to know glyphs
that went this way, through the door that serving uses.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import SIDE, to_mnist

SIDES = (12, 56)  # px, the digit's longer side on paper; small ones are as frequent as large ones
STRETCH = 0.22  # standard deviation of the logarithm of what width gains over height
PEN_MOST = 0.9  # px of 28, what the pen adds to a stroke on both sides
HARD_SHARE = 0.5  # of the digits are black or white, as a scanner's or a thresholded photo
THRESHOLDS = (0.25, 0.5)  # of full ink: where such a digit ends
BLUR_LEAST, BLUR_MOST = 0.01, 0.6  # sigma of the others: px on paper, and px of 28 more
PAPER = 0.2  # of full ink: less is no part of the digit's box
FINE = 3  # px of the drawing for one of the glyph

Glyphs = NDArray[np.float32]


def recapture(glyphs: Glyphs, rng: np.random.Generator) -> Glyphs:
    """Return each of the float32 (n, 28, 28) glyphs as seen anew, ink 1 on 0; a blank stays."""
    return np.stack([_seen(glyph, rng) for glyph in glyphs])


def _seen(glyph: Glyphs, rng: np.random.Generator) -> Glyphs:
    _, _, width, height = cv2.boundingRect((glyph > PAPER).astype(np.uint8))
    if width == 0:
        return glyph
    fine = cv2.resize(glyph, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_CUBIC)
    pen = round(FINE * PEN_MOST * rng.random())
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pen + 1, 2 * pen + 1))
    fine = cv2.dilate(fine, around)
    stretch = np.exp(rng.normal(0, STRETCH))
    scale = np.exp(rng.uniform(*np.log(SIDES))) / max(width * stretch, height)
    size = round(SIDE * scale * stretch), round(SIDE * scale)
    paper = cv2.resize(fine, size, interpolation=cv2.INTER_AREA)
    if rng.random() < HARD_SHARE:
        paper = (paper > rng.uniform(*THRESHOLDS) * paper.max()).astype(np.float32)
    else:
        paper = cv2.GaussianBlur(paper, (0, 0), BLUR_LEAST + BLUR_MOST * scale * rng.random())
    ink = np.clip(paper * 255, 0, 255).astype(np.uint8)
    return to_mnist(ink) if ink.any() else glyph
