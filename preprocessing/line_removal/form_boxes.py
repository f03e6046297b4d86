"""Ink -> the same without the boxes of a form, anywhere in the picture and of any size.

A box is a component whose four sides are straight lines from corner to corner; lines from side to
side divide it into a row of boxes or a table. A digit may touch it or cross its sides.
"""

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Field, Mask, accumulated, least_squares, quantile
from preprocessing.binarization import Ink
from preprocessing.components import Component, border_distances, own_pixels
from preprocessing.line_removal.erase import (
    ALIKE_MAX,
    INKED_MIN,
    SLOPE_MAX,
    UNTOUCHED_QUANTILE,
    half_band,
)
from preprocessing.line_removal.rule_lines import RIDGE_SIDE
from preprocessing.segmentation.candidates import BOX_AREA_MAX

BOX_SIZE_MIN = 0.04  # of the picture's short side: smaller boxes hold no digit
HALO = 5  # px, side of the square by which a band grows over a side's blurred edge
STRIP = 0.2  # of a box's width and height: each side lies within so much of an end
BEND_MAX = 0.003  # of a side's length: ink is near the line within so much, or a pixel
SIDE_INKED_MIN = 0.97  # of a box's side or of a line between two: so much is ink, of strokes less


class Side(NamedTuple):
    """A straight side of a component, by its distance from that end of the component."""

    slope: float  # px of distance for each px along the side
    start: float  # px, distance where the side begins
    thickness: float  # px

    def at(self, along: NDArray[np.intp]) -> Field:
        """Distance in px of its middle from the end, at each px along it."""
        return np.asarray(self.slope * along + self.start, np.float64)


class Sides(NamedTuple):
    """The sides of a box; None where the picture's edge cuts it."""

    above: Side | None
    below: Side | None
    left: Side | None
    right: Side | None

    @property
    def thickness(self) -> float:
        """Thickness of the printed lines, px: the thinnest side's, since digits thicken some."""
        return min(side.thickness for side in self if side)


def remove_whole_boxes(ink: Ink) -> Ink:
    """Erase the boxes that the picture shows whole.

    Before the lines of a ruled sheet: the rows of a large table would be taken for those, and
    leave its columns.
    """
    return _erased(ink, ink.mask, _uncut(ink.components, ink.mask.shape))


def remove_form_boxes(ink: Ink) -> Ink:
    """Erase the boxes around digits, if there are any.

    Boxes paler than the digits may be broken in the mask, but are whole in the weak mask. In that
    one a component that reaches the picture's edge is no box: it is a sheet's lines.
    """
    if not _as_large_as_boxes(ink.coarse_components, ink.coarse_mask.shape):
        return ink
    strong = _erased(ink, ink.mask, ink.components)
    if strong is not ink:
        return strong
    return _erased(ink, ink.weak_mask, _uncut(ink.weak_components, ink.weak_mask.shape))


def _as_large_as_boxes(components: list[Component], shape: tuple[int, ...]) -> list[Component]:
    least = max(2, BOX_SIZE_MIN * min(shape))  # px; a line needs two points
    return [one for one in components if min(one.w, one.h) >= least]


def _uncut(components: list[Component], shape: tuple[int, ...]) -> list[Component]:
    return [one for one in components if min(border_distances(one, shape)) > 0]


def _erased(ink: Ink, mask: Mask, components: list[Component]) -> Ink:
    """Ink without the boxes among the components of one of its masks."""
    boxes = _box_pixels(mask, components, ink.weak_mask)
    if not boxes.any():
        return ink
    halo = cv2.dilate(boxes, np.ones((HALO, HALO), np.uint8))
    return ink.erased((halo > 0) & ((mask == 0) | (boxes > 0))).thresholded_again()


def _box_pixels(mask: Mask, components: list[Component], weak_mask: Mask) -> Mask:
    """The pixels of a mask that are sides of boxes, 1 on 0."""
    large = _as_large_as_boxes(components, mask.shape)
    boxes = [one for one in large if _is_covered(one, mask)]
    pixels = np.zeros_like(mask)
    if sum(box.w * box.h for box in boxes) > BOX_AREA_MAX * mask.size:
        return pixels  # hatchings, each in the places of many others
    for box in boxes:
        own = own_pixels(mask, box)
        sides = find_sides(own, _cut_by_border(box, mask.shape))
        if sides is not None:
            near = cv2.dilate(own, np.ones((HALO, HALO), np.uint8))
            others = np.where(near > 0, 0, weak_mask[box.place]).astype(np.uint8)
            pixels[box.place] |= _box_lines(own, others, sides)
    return pixels


def _cut_by_border(component: Component, shape: tuple[int, ...]) -> tuple[bool, bool, bool, bool]:
    """Whether the picture's edges cut a component above, below, left and right."""
    above, below, left, right = border_distances(component, shape)
    return above == 0, below == 0, left == 0, right == 0


def _is_covered(component: Component, mask: Mask) -> bool:
    """Whether a component has ink along all its sides that the picture shows."""
    own = mask[component.place]
    cut = above, below, left, right = _cut_by_border(component, mask.shape)
    if (above or below) and (left or right):
        return False
    wide, tall = max(1, round(STRIP * component.w)), max(1, round(STRIP * component.h))
    strips = own[:tall], own[-tall:], own[:, :wide].T, own[:, -wide:].T
    return all(
        is_cut or np.count_nonzero(strip.any(axis=0)) >= INKED_MIN * strip.shape[1]
        for strip, is_cut in zip(strips, cut, strict=True)
    )


def _box_lines(own: Mask, others: Mask, sides: Sides) -> Mask:
    """The pixels of a component that are sides of boxes; none if nothing is written in them."""
    outer, inner = np.zeros_like(own), np.zeros_like(own)
    views = (own, own[::-1], own.T, own.T[::-1])
    drawn = (outer, outer[::-1], outer.T, outer.T[::-1])
    for view, band, side in zip(views, drawn, sides, strict=True):
        if side is not None:
            ends = np.array([0, view.shape[1] - 1])
            _draw_band(band, np.stack([ends, side.at(ends)], axis=1), sides.thickness)
    across = Sides(sides.left, sides.right, sides.above, sides.below)
    for view, band, beside in ((own, inner, sides), (own.T, inner.T, across)):
        for columns, thickness in lines_between(view, beside):
            ends = np.array([0, len(view) - 1])
            _draw_band(band, np.stack([columns[ends], ends], axis=1), thickness)
    band = outer | inner
    rest = own & ~band
    if not (rest | others).any():
        return rest
    # Ink that goes on across an outer side is a digit's and stays; across a line between two
    # boxes it would join two digits.
    reach = 2 * round(2 * half_band(sides.thickness)) - 1
    shapes = (reach, 3), (3, reach)
    up, over = (cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones(s, np.uint8)) for s in shapes)
    crossing = np.asarray(cv2.bitwise_or(up, over), np.uint8)
    return band & own & ~(crossing & ~inner)


def _draw_band(band: Mask, points: NDArray[np.float64], thickness: float) -> None:
    thick = round(2 * half_band(thickness))
    ends = points.round().astype(np.int32)
    # Only what is drawn on is copied, of transposed masks too.
    left, top = np.maximum(ends.min(axis=0) - thick, 0).tolist()
    right, below = np.maximum(ends.max(axis=0) + thick + 1, 0).tolist()
    drawn = np.ascontiguousarray(band[top:below, left:right])
    if drawn.size:
        cv2.polylines(drawn, [ends - (left, top)], isClosed=False, color=1, thickness=thick)
        band[top:below, left:right] = drawn


def find_sides(own: Mask, cut: tuple[bool, bool, bool, bool]) -> Sides | None:
    """The sides of a box; None if one that the picture's edge does not cut is not straight."""
    sides: list[Side | None] = []
    for seen, is_cut in zip((own, own[::-1], own.T, own.T[::-1]), cut, strict=True):
        side = None if is_cut else _side_above(seen)
        if side is None and not is_cut:
            return None
        sides.append(side)
    return Sides(*sides)


def lines_between(own: Mask, sides: Sides) -> list[tuple[Field, float]]:
    """The vertical lines from side to side of a box: a column for each row, and a thickness."""
    height, width = own.shape
    left, right = _side_ends(own.shape, sides)
    thick = sides.thickness
    top, low = (
        round(max(side.at(np.array([0, width - 1]))) + thick) if side else 0
        for side in (sides.above, sides.below)
    )
    if height - low - top < thick:
        return []
    # In a large picture not in every row: in about RIDGE_SIDE of them.
    rows = np.arange(top, height - low, max(1, height // RIDGE_SIDE))
    shares = np.arange(width) / max(1, width - 1)
    columns = left[rows, None] + (right - left)[rows, None] * shares
    # A pixel to each side, so that a line's ragged edge breaks it nowhere.
    wide = np.asarray(cv2.dilate(own[rows], np.ones((1, 3), np.uint8)), np.uint8)
    places = columns.round().astype(np.intp).clip(0, width - 1)
    inked = np.take_along_axis(wide, places, axis=1).mean(axis=0)
    steps = np.diff(np.pad(inked >= INKED_MIN, 1).astype(np.int8))
    starts, ends = (np.flatnonzero(steps == way) for way in (1, -1))
    lines = []
    for start, end in zip(starts, ends, strict=True):
        at_side = (sides.left and start <= 2 * thick) or (sides.right and end >= width - 2 * thick)
        whole = start + np.flatnonzero(inked[start:end] >= SIDE_INKED_MIN)
        if len(whole) and not at_side and end - start - 2 <= ALIKE_MAX * thick + 2:
            share = float(whole.mean()) / max(1, width - 1)
            columns = _fit_side(own, left + (right - left) * share, thick)
            lines.append((columns, max(thick, float(len(whole) - 2))))
    return lines


def _fit_side(own: Mask, columns: Field, thick: float) -> Field:
    """A straight line through the ink within its thickness of these columns, one for each row."""
    rows = np.arange(len(own))
    reach = math.ceil(thick + 1)
    beside = columns.round().astype(np.intp)[:, None] + np.arange(-reach, reach + 1)
    near = (np.abs(beside - columns[:, None]) <= thick + 1) & (beside >= 0)
    inked = own[rows[:, None], beside.clip(0, own.shape[1] - 1)].astype(bool)
    inked &= near & (beside < own.shape[1])
    depths = inked.sum(axis=1)
    plain = (depths > 0) & (depths <= thick + 1)
    if plain.sum() < INKED_MIN * len(rows):
        return columns
    middles = (inked * beside).sum(axis=1) / np.maximum(depths, 1)
    slope, start = least_squares(rows[plain], middles[plain])
    return np.asarray(slope * rows + start, np.float64)


def _side_ends(shape: tuple[int, ...], sides: Sides) -> tuple[Field, Field]:
    """The columns, for each row, where a row of boxes begins and ends.

    Where the picture cuts it, it is taken to be perpendicular to its upper and lower sides.
    """
    height, width = shape
    rows = np.arange(height)
    slopes = [side.slope * way for side, way in zip(sides[:2], (-1, 1), strict=True) if side]
    lean = float(np.mean(slopes or 0.0)) * (rows - height / 2)
    left = sides.left.at(rows) if sides.left else lean
    right = width - 1 - sides.right.at(rows) if sides.right else lean + width - 1
    return np.asarray(left, np.float64), np.asarray(right, np.float64)


def _side_above(own: Mask) -> Side | None:
    """The straight line that is a component's upper side; None if that is none."""
    height, width = own.shape
    low = max(1, round(STRIP * height))
    columns = np.flatnonzero(own[:low].max(axis=0))
    if len(columns) < INKED_MIN * width:  # another component may be what covers this side
        return None
    # 1 from the first pixel of ink on; 1 above it and as far as the ink goes on from there.
    begun = accumulated(np.maximum, own[: 2 * low])
    within = accumulated(np.minimum, own[: 2 * low] | (1 - begun))
    first = low - begun[:low].sum(axis=0, dtype=np.intp)[columns]
    trusted = np.ones(len(columns), bool)
    for _ in range(3):
        slope, start = least_squares(columns[trusted], first[trusted])
        off = np.abs(slope * columns + start - first)
        trusted = off <= max(1.0, 2 * quantile(off, 0.5))
    straight = float((off <= max(1.0, BEND_MAX * width)).sum()) >= INKED_MIN * width
    if not straight or abs(slope) > SLOPE_MAX:
        return None
    runs = (within.sum(axis=0, dtype=np.intp)[columns] - first).clip(max=low)
    thickness = quantile(runs[trusted], UNTOUCHED_QUANTILE)
    if thickness >= low:  # no line, but an inked area
        return None
    return Side(slope, start + (thickness - 1) / 2, thickness)
