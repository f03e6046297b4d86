"""Mask of one piece -> the straight sides of the box that it is, and the lines that part it.

A printed line is straight and as thick all along; a digit's stem that goes from side to side
of a narrow box is not, and leans another way than the box's own sides.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.quantile import quantile
from preprocessing.straight import least_squares

STRIP = 0.2  # of a box's width and height: its sides lie so near the ends of what it spans
STRAIGHT_MIN = 0.6  # of a side: so much of it is on one straight line
BEND_MAX = 0.03  # of a side, 0.75 to 1.5 px: so near a line is on it; a round 0 is not
SLOPE_MAX = 0.16  # of a side: a photo held straighter than 9 degrees
THICK_MAX = 0.2  # of a box's height: what is thicker is no printed side
PLAIN = 0.3  # quantile of a side's depths that is the line alone, where digits touch it
INKED_MIN = 0.97  # of a line between two boxes: so much of it is ink, strokes end before
BESIDE_MAX = 0.7  # the same of what is beside it: in a wide stroke all is ink
BESIDE = 3  # px: so far beside it, out of its blurred edge
ALIKE = 1.5  # times the sides' thickness, and 2 px: thicker lines in a box are strokes

Mask = NDArray[np.uint8]
Field = NDArray[np.float64]


class Side(NamedTuple):
    """A straight line in a piece's own px: how far from an end, for each px along it."""

    slope: float
    start: float
    thickness: float

    def at(self, along: NDArray[np.intp]) -> Field:
        """How far its middle lies from the end, at each px along it."""
        return np.asarray(self.slope * along + self.start, np.float64)


class Sides(NamedTuple):
    """What lies above, below, left and right; None where the picture's edge cuts it."""

    above: Side | None
    below: Side | None
    left: Side | None
    right: Side | None

    @property
    def thickness(self) -> float:
        """How thick the lines are, all printed with one pen, in px: digits add to some."""
        return min(side.thickness for side in self if side)


def sides_of(own: Mask, cut: tuple[bool, bool, bool, bool]) -> Sides | None:
    """The sides of a box above, below, left and right; None where one that is not cut is none."""
    sides: list[Side | None] = []
    for seen, is_cut in zip((own, own[::-1], own.T, own.T[::-1]), cut, strict=True):
        side = None if is_cut else _side_above(seen)
        if side is None and not is_cut:
            return None
        sides.append(side)
    most = THICK_MAX * min(own.shape)
    thick = (min((s.thickness for s in pair if s), default=0) for pair in (sides[:2], sides[2:]))
    return Sides(*sides) if max(thick) <= most else None


def lines_between(own: Mask, sides: Sides) -> list[tuple[Field, float]]:
    """The upright lines from side to side of a box: a column for each row, and a thickness."""
    height, width = own.shape
    left, right = _ends(own.shape, sides)
    shares = np.arange(width) / max(1, width - 1)
    columns = left[:, None] + (right - left)[:, None] * shares
    thick = sides.thickness
    top, low = (
        round(max(side.at(np.array([0, width - 1]))) + thick) if side else 0
        for side in (sides.above, sides.below)
    )
    # A pixel to each side, so that a line's ragged edge breaks it nowhere.
    wide = np.asarray(cv2.dilate(own, np.ones((1, 3), np.uint8)), np.uint8)
    seen = wide[np.arange(height)[:, None], columns.round().astype(np.intp).clip(0, width - 1)]
    inside = seen[top : height - low]
    if len(inside) < thick:
        return []
    inked = np.pad(inside.mean(axis=0), BESIDE)
    steps = np.diff((inked >= INKED_MIN).astype(np.int8))
    # Of the picture before the padding: from this column on, up to that one.
    starts, ends = (np.flatnonzero(steps == way) + 1 - BESIDE for way in (1, -1))
    lines = []
    for start, end in zip(starts, ends, strict=True):
        at_side = (sides.left and start <= 2 * thick) or (sides.right and end >= width - 2 * thick)
        beside = max(inked[start], inked[end + 2 * BESIDE - 1])
        thickness = float(end - start - 2)
        if not at_side and thickness <= ALIKE * thick + 2 and beside <= BESIDE_MAX:
            share = (start + end - 1) / 2 / max(1, width - 1)
            lines.append((_fitted(own, left + (right - left) * share, thick), thickness))
    return lines


def _fitted(own: Mask, columns: Field, thick: float) -> Field:
    """A straight line through the ink within its thickness of these columns, one for each row."""
    rows = np.arange(len(own))
    near = np.abs(np.arange(own.shape[1]) - columns[:, None]) <= thick + 1
    depths = (own & near).sum(axis=1)
    plain = (depths > 0) & (depths <= thick + 1)
    if plain.sum() < STRAIGHT_MIN * len(rows):
        return columns
    middles = (own & near) @ np.arange(own.shape[1]) / np.maximum(depths, 1)
    slope, start = least_squares(rows[plain], middles[plain])
    return np.asarray(slope * rows + start, np.float64)


def _ends(shape: tuple[int, ...], sides: Sides) -> tuple[Field, Field]:
    """The columns, for each row, where a row of boxes begins and ends: as it leans, where cut."""
    height, width = shape
    rows = np.arange(height)
    slopes = [side.slope * way for side, way in zip(sides[:2], (-1, 1), strict=True) if side]
    lean = float(np.mean(slopes or 0.0)) * (rows - height / 2)
    left = sides.left.at(rows) if sides.left else lean
    right = width - 1 - sides.right.at(rows) if sides.right else lean + width - 1
    return np.asarray(left, np.float64), np.asarray(right, np.float64)


def _side_above(own: Mask) -> Side | None:
    """The straight line that a piece ends in above, if it does."""
    height, width = own.shape
    low = max(1, round(STRIP * height))
    columns = np.flatnonzero(own[:low].any(axis=0))
    if len(columns) < STRAIGHT_MIN * width:  # another piece may be what covers this side
        return None
    first = own[:low, columns].argmax(axis=0)
    trusted = np.ones(len(columns), bool)
    for _ in range(3):
        slope, start = least_squares(columns[trusted], first[trusted])
        off = np.abs(slope * columns + start - first)
        trusted = off <= max(1.5, 2 * quantile(off, 0.5))
    straight = float((off <= min(1.5, max(0.75, BEND_MAX * width))).sum()) / width >= STRAIGHT_MIN
    if not straight or abs(slope) > SLOPE_MAX:
        return None
    depth = (first + np.arange(low)[:, None]).clip(max=height - 1)
    runs = np.cumprod(own[depth, columns], axis=0).sum(axis=0)
    thickness = quantile(runs[trusted], PLAIN)
    return Side(slope, start + (thickness - 1) / 2, thickness)
