"""Ink in the boxes of a form -> the same without the boxes, wherever and how small they are.

A box is one connected piece of ink whose four sides are straight lines from corner to corner;
lines from side to side part it into a row of boxes. A digit may touch it, or cross its sides.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import stroke_width
from preprocessing.ink import Ink, without
from preprocessing.parts import Part, labelled, parts_of
from preprocessing.straight import Line, level_lines

SIZE_MIN = 0.04  # of the picture's short side: smaller boxes hold no digit
SIDE_MIN = 8  # px, the same: through fewer points no side is sure
STRIP = 0.2  # of a box's width and height: its sides lie so near the ends of what it spans
COVERED_MIN = 0.75  # of a side: so much has ink in that strip, less where a leaning row is long
SPAN_MIN = 0.75  # of a box's width or height: lines that go from side to side
STRAIGHT_MIN = 0.6  # of a side: so much of it is on one straight line
BEND_MAX = 0.03  # of a side, 0.75 to 1.5 px: so near a line is on it; a round 0 is not
SLOPE_MAX = 0.16  # of a side: a photo held straighter than 9 degrees
RUN_STROKES = 3.0  # times the mean thickness: at least so long are those runs
RUN_SHARE = 0.12  # of that: the level runs in which a leaning side is found
GAP_SHARE = 0.25  # of that: breaks over which a side goes on
THICK_MAX = 0.2  # of a box's height: what is thicker is no printed side
WIDER = 1.4  # times a side's thickness, and 2 px: the band in which its ink strays
HALO = 5  # px, side of the square by which a band grows over a side's blurred edge
EDGE = 2  # px: so near the picture's edge a row of boxes is cut by it

Mask = NDArray[np.uint8]


def without_frames(found: Ink) -> Ink:
    """Take the boxes around digits out of the ink, if there are any."""
    least = max(SIDE_MIN, SIZE_MIN * min(found.mask.shape))
    large = [part for part in parts_of(found.mask) if min(part.w, part.h) >= least]
    boxes = [part for part in large if _is_covered(part, found.mask)]
    if not boxes:
        return found
    _, labels = labelled(found.mask)
    sides = np.zeros_like(found.mask)
    for part in boxes:
        own = (labels[_place(part)] == labels[part.at[1], part.at[0]]).view(np.uint8)
        near = cv2.dilate(own, np.ones((HALO, HALO), np.uint8))
        others = np.where(near > 0, 0, found.faint[_place(part)]).astype(np.uint8)
        sides[_place(part)] |= _sides(own, others, _cut(part, found.mask.shape))
    if not sides.any():
        return found
    halo = cv2.dilate(sides, np.ones((HALO, HALO), np.uint8))
    return without(found, (halo > 0) & ((found.mask == 0) | (sides > 0)))


def _place(part: Part) -> tuple[slice, slice]:
    return np.s_[part.y : part.y + part.h, part.x : part.x + part.w]


def _cut(part: Part, shape: tuple[int, ...]) -> tuple[bool, bool]:
    """Whether the picture's edges cut a piece left and right, and above and below."""
    height, width = shape
    across = part.x <= EDGE and part.x + part.w >= width - EDGE
    down = part.y <= EDGE and part.y + part.h >= height - EDGE
    return across, down


def _is_covered(part: Part, mask: Mask) -> bool:
    """Whether a piece has ink along all its sides that the picture shows."""
    own = mask[_place(part)] > 0
    across, down = _cut(part, mask.shape)
    right, low = max(1, round(STRIP * part.w)), max(1, round(STRIP * part.h))
    level = own[:low].any(axis=0), own[-low:].any(axis=0)
    upright = own[:, :right].any(axis=1), own[:, -right:].any(axis=1)
    sides = (*(() if down else level), *(() if across else upright))
    return all(side.mean() >= COVERED_MIN for side in sides) and not (across and down)


def _sides(own: Mask, others: Mask, cut: tuple[bool, bool]) -> Mask:
    """The pixels of a piece that are sides of boxes; none where it is no box or holds no ink."""
    outer, inner = np.zeros_like(own), np.zeros_like(own)
    sides = []
    # The sides above, below, left and right, each seen as the one above.
    for turned in (False, True):
        for view in (np.s_[:], np.s_[::-1]):
            seen, drawn = ((mask.T if turned else mask)[view] for mask in (own, outer))
            if cut[0 if turned else 1]:
                continue
            side = _side_above(seen)
            if side is None:
                return np.zeros_like(own)
            sides.append(side)
            _draw(drawn, side)
    length = len(own) - max(abs(_slope(side)) for side in sides) * own.shape[1]
    for line in _spanning(np.ascontiguousarray(own.T), length):
        if STRIP / 2 < float(np.mean([y for _, y in line.points])) / own.shape[1] < 1 - STRIP / 2:
            _draw(inner.T, line)
    band = outer | inner
    rest = own & ~band
    if not (rest | others).any():
        return rest
    # Where ink goes on across a side it is a digit's; a line between two boxes parts two digits.
    reach = 2 * round(WIDER * max(side.thickness for side in sides)) + 3
    shapes = (reach, 3), (3, reach)
    up, over = (cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones(s, np.uint8)) for s in shapes)
    crossing = np.asarray(cv2.bitwise_or(up, over), np.uint8)
    return band & own & ~(crossing & ~inner)


def _side_above(own: Mask) -> Line | None:
    """The straight line that a piece ends in above, if it does."""
    height, width = own.shape
    low = max(1, round(STRIP * height))
    columns = np.flatnonzero(own[:low].any(axis=0))
    if len(columns) < STRAIGHT_MIN * width:  # another piece may be what covers this side
        return None
    first = own[:low, columns].argmax(axis=0)
    trusted = np.ones(len(columns), bool)
    for _ in range(3):
        slope, start = np.polyfit(columns[trusted], first[trusted], 1)
        off = np.abs(slope * columns + start - first)
        trusted = off <= max(1.5, 2 * float(np.median(off)))
    depth = (first + np.arange(low)[:, None]).clip(max=height - 1)
    runs = np.cumprod(own[depth, columns], axis=0).sum(axis=0)
    thickness = float(np.median(runs[trusted]))
    straight = float((off <= min(1.5, max(0.75, BEND_MAX * width))).sum()) / width >= STRAIGHT_MIN
    if not straight or abs(slope) > SLOPE_MAX or thickness > THICK_MAX * min(own.shape):
        return None
    ends = (0, width - 1)
    middle = start + (thickness - 1) / 2
    return Line(tuple((x, round(slope * x + middle)) for x in ends), thickness)


def _spanning(own: Mask, length: float) -> list[Line]:
    """The level lines that go from side to side of a box."""
    stroke = stroke_width(own * np.uint8(255))
    run, gap = round(max(RUN_SHARE * length, RUN_STROKES * stroke)), round(GAP_SHARE * length)
    lines = level_lines(own, run=max(5, run), gap=gap)
    thick = max(3.0, THICK_MAX * min(own.shape))
    return [line for line in lines if line.length >= SPAN_MIN * length and line.thickness <= thick]


def _slope(line: Line) -> float:
    (x, y), (end_x, end_y) = line.points[0], line.points[-1]
    return (end_y - y) / max(1, end_x - x)


def _draw(band: Mask, line: Line) -> None:
    drawn = np.ascontiguousarray(band)
    thick = round(WIDER * line.thickness) + 2
    cv2.polylines(drawn, [np.array(line.points)], isClosed=False, color=1, thickness=thick)
    band[:] = drawn
