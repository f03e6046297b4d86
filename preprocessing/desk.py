"""A picture with a desk along its border -> the same with paper in the desk's place.

Ink that reaches the sheet's edge is one component with the desk, or with the line that the edge
leaves. So the desk is painted in the brightness of the paper beside it. That may be a shadow, too:
what is painted holds no ink.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Gray, quantile
from preprocessing.binarization import CONTRAST_MIN, SMALL_SIDE

STEP_MIN = 0.2  # of the brighter level: the step in brightness from the paper to a desk
EDGE_MAX = 1.5  # px of the copy by which the sheet's edge may depart from a straight line


class _Desk(NamedTuple):
    """What lies below a sheet's lower edge, for each column of the copy."""

    depth: NDArray[np.float64]  # px of the copy from the picture's border to the edge
    paper: NDArray[np.uint8]  # grey level of the paper above the edge


def paint_desk(gray: Gray) -> Gray:
    """Paint the desk at each of the four sides where one is found."""
    scale = min(1.0, SMALL_SIDE / min(gray.shape))
    size = [max(1, round(side * scale)) for side in gray.shape[::-1]]
    # Areas of the whole picture, averaged, take seven times as long as these.
    small = cv2.medianBlur(cv2.resize(cv2.blur(gray, (3, 3)), size), 3)
    usual = quantile(small[::4, ::4], 0.5)
    sides = small[-1], small[:, 0], small[0], small[:, -1]  # below, after so many quarter turns
    for turns, level in enumerate(quantile(side, 0.5) for side in sides):
        if abs(usual - level) < STEP_MIN * max(usual, level):
            continue
        desk = _desk_below(np.rot90(small, turns), usual, level)
        if desk is not None:
            painted = _painted(np.rot90(gray, turns), desk, scale)
            gray = np.ascontiguousarray(np.rot90(painted, -turns))
    return gray


def _desk_below(small: Gray, usual: float, level: float) -> _Desk | None:
    """A desk all along the lower side of a picture, if any.

    Args:
        small: a small copy of the picture.
        usual: its median grey level.
        level: that of its last row.
    """
    height, width = small.shape
    brighter, third = max(usual, level), width // 3
    if not third:
        return None
    is_desk = (small < (usual + level) / 2) == (level < usual)
    if is_desk[0].any():
        return None  # a frame, or a digit that fills the picture
    runs = np.where(is_desk.all(axis=0), height, is_desk[::-1].argmin(axis=0)).astype(float)
    # Ink at the edge, at most along half of it, makes a run longer, and nothing makes it shorter.
    left, right = (quantile(part, 1 / 4) for part in (runs[:third], runs[-third:]))
    line = np.arange(width) * (right - left) / (width - third)
    line += quantile(runs - line, 1 / 4)
    if line.min() < 1 or line.max() + 2 * EDGE_MAX >= height:
        return None
    is_edge = np.abs(runs - line) <= EDGE_MAX
    if 2 * np.count_nonzero(is_edge) < width:
        return None
    within = small[np.arange(height)[::-1, None] < line - 2 * EDGE_MAX]
    if len(within) and np.ptp(within) > 2 * CONTRAST_MIN * brighter:
        return None  # written on: it is part of the sheet, in a shadow
    above = (height - 1 - np.ceil(line + 2 * EDGE_MAX)).astype(int)
    levels = np.pad(small[above, np.arange(width)], third, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(levels, 2 * third + 1)
    return _Desk(np.where(is_edge, runs, line), np.median(windows, axis=1).astype(np.uint8))


def _painted(gray: Gray, desk: _Desk, scale: float) -> Gray:
    """A picture with the paper's grey levels below the edge, and on the edge's blur."""
    height, width = gray.shape
    depth, paper = (cv2.resize(np.asarray(line, np.float32)[None], (width, 1)) for line in desk)
    is_desk = np.arange(height)[::-1, None] < (depth + EDGE_MAX / 2) / scale
    return np.where(is_desk, paper.round().astype(np.uint8), gray)
