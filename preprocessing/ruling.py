"""Ink -> ink without ruled lines, squares of graph paper and the frames of forms.

A line is a straight run far longer than any digit's stroke. Only its own thickness is taken
away: where a digit's stroke crosses it, the ink goes on for longer and stays.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

RUN_MIN = 0.08  # of the long side: a level piece of a line that may lean a few degrees
LINE_MIN = 0.45  # of the picture's width (height): how far the pieces reach together
THICKNESS_MAX = 0.03  # of the long side: thicker bars are no ruling
CROSSING = 1.6  # times a line's thickness: ink that goes on this far crosses the line


def without_lines(mask: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the mask of ink without its long straight lines, and the mask of those lines."""
    level = _lines(mask)
    upright = np.ascontiguousarray(_lines(np.ascontiguousarray(mask.T)).T)
    lines = level | upright
    return mask & ~lines, lines


def _lines(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The level lines of a mask: pixels of line where nothing crosses."""
    long_side = max(mask.shape)
    run = max(9, round(RUN_MIN * long_side))
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    runs = cv2.dilate(runs, np.ones((3, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs)
    lines = np.zeros_like(mask)
    for index in range(1, count):
        x, y, w, h, area = stats[index]
        if w < LINE_MIN * mask.shape[1] or area / w > THICKNESS_MAX * long_side + 4:
            continue
        part = np.s_[y : y + h, x : x + w]
        own = (labels[part] == index).astype(np.uint8) & mask[part]
        columns = own.any(axis=0).sum()
        thickness = max(1.0, float(own.sum() / max(columns, 1)))
        across = max(3, round(CROSSING * thickness) + 1)
        tall = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((across, 1), np.uint8))[part]
        lines[part] |= own & ~tall
    return lines
