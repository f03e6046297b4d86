"""Ink on a printed sheet that is clearly darker than the sheet's lines -> that ink alone.

Thick dark lines that a camera blurs are hard to follow and cut what they cross. Where the pen
is far darker, nothing has to be followed.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.ink import Ink, without
from preprocessing.parts import own_pixels, parts_of, pixels_of

SEEN = 1.5  # times what the paper's grain reaches: paler lines are hardly in the ink's way
DARKER = 1.5  # times the lines' contrast: what is darker was written
CLEARLY = 1.8  # the same, for half of what was written
PALER_MAX = 0.03  # of what was written so: more of paler strokes, and another pen wrote too
LONG = 5.0  # times the lines' thickness: a shorter dark mark is where two lines cross
BIT = 3.0  # times the same: a shorter bit of a paler stroke proves nothing

Mask = NDArray[np.uint8]


def darker_than_lines(found: Ink, contrast: float, thickness: float) -> Ink | None:
    """The ink darker than lines of this contrast and thickness in px; None if not clearly so."""
    if contrast < SEEN * found.floor:
        return None
    dark = (found.mask & (found.contrast > DARKER * contrast)).view(np.uint8)
    written = [part for part in parts_of(dark) if max(part.w, part.h) >= LONG * thickness]
    if not written:
        return None
    own = pixels_of(dark, written)
    if np.median(found.contrast[own]) < CLEARLY * contrast:
        return None
    if _crooked(found.mask & ~_near(own, round(thickness)), thickness) > PALER_MAX * own.sum():
        return None
    return without(found, _near(own, 1) == 0)


def _crooked(rest: Mask, thickness: float) -> int:
    """How many pixels of it are of strokes: thick, or neither level nor upright, as lines are."""
    length, broad = round(LONG * thickness), 3 * round(thickness)
    level, upright = _opened(rest, length, 1), _opened(rest, 1, length)
    strokes = (rest & ~(level | upright)) | _opened(rest, broad, broad)
    return sum(
        int(own_pixels(strokes, part).sum())
        for part in parts_of(strokes)
        if max(part.w, part.h) >= BIT * thickness and min(part.w, part.h) >= 2 * thickness
    )


def _near(own: NDArray[np.bool_], reach: int) -> Mask:
    """A mask with all that lies within this reach of it, px."""
    side = 2 * reach + 1
    return np.asarray(cv2.dilate(own.astype(np.uint8), np.ones((side, side), np.uint8)), np.uint8)


def _opened(mask: Mask, width: int, height: int) -> Mask:
    """What of a mask a rectangle of this size in px fits into."""
    return np.asarray(
        cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((height, width), np.uint8)), np.uint8
    )
