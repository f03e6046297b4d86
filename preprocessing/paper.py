"""Small grey picture -> how bright its paper is in each place.

It is estimated twice. A morphological closing (opening, for light ink) wipes out everything
narrower than its window and so follows the edges of shadows; a median over a much larger window
tells paper from ink where the closing cannot.
"""

from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

STROKE_WINDOW = 0.22  # of the short side: wider dark things are no strokes but paper or objects
OCTAGON_WIDE = 1.2  # times that: or it would fit into slanting strokes that the square does not
OCTAGON_CUT = 0.293  # of an octagon's width: what it lacks at each end of a square's sides
PAPER_WINDOW = 0.6  # of the short side: ink fills less than half of any such window

Gray = NDArray[np.uint8]


def paper_levels(small: Gray) -> tuple[NDArray[np.float32], ...]:
    """Grey of the paper under dark ink, the same under light ink, and of the paper at large."""
    calm = cv2.medianBlur(small, 3)
    stroke = round(STROKE_WINDOW * min(small.shape)) | 1
    room = cv2.copyMakeBorder(calm, stroke, stroke, stroke, stroke, cv2.BORDER_REPLICATE)
    inner = np.s_[stroke:-stroke, stroke:-stroke]
    wide = round(OCTAGON_WIDE * stroke) | 1
    square, octagon = np.ones((stroke, stroke), np.uint8), _octagon(wide)
    # What either window fits into is no stroke: objects have corners, shadows are round.
    rounded = reduce(cv2.erode, octagon, reduce(cv2.dilate, octagon, room))
    closed = np.minimum(cv2.morphologyEx(room, cv2.MORPH_CLOSE, square), rounded)
    opened = cv2.morphologyEx(room, cv2.MORPH_OPEN, square)
    closed, opened = (cv2.blur(level[inner], (5, 5)) for level in (closed, opened))
    height, width = small.shape
    # At half the size: it is smooth, and its time goes with the pixels and with the window.
    coarse = cv2.resize(calm, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    window = round(PAPER_WINDOW * min(coarse.shape)) | 1
    edge = window // 2
    room = cv2.copyMakeBorder(coarse, edge, edge, edge, edge, cv2.BORDER_REFLECT)
    paper = cv2.resize(cv2.medianBlur(room, window)[edge:-edge, edge:-edge], (width, height))
    levels = np.minimum(closed, paper), np.maximum(opened, paper), paper
    return tuple(np.asarray(level, np.float32) for level in levels)


def _octagon(width: int) -> list[Gray]:
    """Kernels that one after the other are a regular octagon, this many px wide."""
    cut = 2 * round(width * OCTAGON_CUT / 2)  # even, so that each kernel has a middle
    slant = np.eye(cut + 1, dtype=np.uint8)
    return [np.ones((width - 2 * cut,) * 2, np.uint8), slant, np.ascontiguousarray(slant[::-1])]
