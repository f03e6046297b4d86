"""Ink in the boxes of a form -> the same without the boxes, wherever and how small they are.

A box is one connected piece of ink whose four sides are straight lines from corner to corner;
lines from side to side part it into a row of boxes. A digit may touch it, or cross its sides.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.ink import Ink, without
from preprocessing.parts import Part, own_pixels
from preprocessing.sides import STRIP, Sides, lines_between, sides_of

SIZE_MIN = 0.04  # of the picture's short side: smaller boxes hold no digit
SIDE_MIN = 8  # px, the same: through fewer points no side is sure
COVERED_MIN = 0.75  # of a side: so much has ink in that strip, less where a leaning row is long
WIDER = 1.4  # times a side's thickness, and 2 px: the band in which its ink strays
HALO = 5  # px, side of the square by which a band grows over a side's blurred edge
EDGE = 2  # px: so near the picture's edge a row of boxes is cut by it

Mask = NDArray[np.uint8]


def without_frames(found: Ink) -> Ink:
    """Take the boxes around digits out of the ink, if there are any.

    Boxes paler than the digits may be broken in the mask, but are whole in all that stands out;
    pale lines from edge to edge, joined by digits, are a sheet's.
    """
    whole = [part for part in found.faint_parts if not any(_cut(part, found.faint.shape))]
    for ink, parts in ((found.mask, found.parts), (found.faint, whole)):
        wiped = _boxes(ink, parts, found.faint)
        if wiped.any():
            halo = cv2.dilate(wiped, np.ones((HALO, HALO), np.uint8))
            return without(found, (halo > 0) & ((ink == 0) | (wiped > 0)))
    return found


def _boxes(ink: Mask, parts: list[Part], faint: Mask) -> Mask:
    """The pixels of ink that are sides of boxes."""
    least = max(SIDE_MIN, SIZE_MIN * min(ink.shape))
    boxes = [p for p in parts if min(p.w, p.h) >= least and _is_covered(p, ink)]
    wiped = np.zeros_like(ink)
    for part in boxes:
        own = own_pixels(ink, part)
        sides = sides_of(own, _cut(part, ink.shape))
        if sides is not None:
            near = cv2.dilate(own, np.ones((HALO, HALO), np.uint8))
            others = np.where(near > 0, 0, faint[part.place]).astype(np.uint8)
            wiped[part.place] |= _lines(own, others, sides)
    return wiped


def _cut(part: Part, shape: tuple[int, ...]) -> tuple[bool, bool, bool, bool]:
    """Whether the picture's edges cut a piece above, below, left and right."""
    height, width = shape
    above, below = part.y <= EDGE, part.y + part.h >= height - EDGE
    return above, below, part.x <= EDGE, part.x + part.w >= width - EDGE


def _is_covered(part: Part, mask: Mask) -> bool:
    """Whether a piece has ink along all its sides that the picture shows."""
    own = mask[part.place] > 0
    cut = above, below, left, right = _cut(part, mask.shape)
    if (above or below) and (left or right):
        return False
    wide, tall = max(1, round(STRIP * part.w)), max(1, round(STRIP * part.h))
    level = own[:tall].any(axis=0), own[-tall:].any(axis=0)
    upright = own[:, :wide].any(axis=1), own[:, -wide:].any(axis=1)
    sides = zip((*level, *upright), cut, strict=True)
    return all(is_cut or side.mean() >= COVERED_MIN for side, is_cut in sides)


def _lines(own: Mask, others: Mask, sides: Sides) -> Mask:
    """The pixels of a piece that are sides of boxes; none where it holds no ink."""
    outer, inner = np.zeros_like(own), np.zeros_like(own)
    views = (own, own[::-1], own.T, own.T[::-1])
    drawn = (outer, outer[::-1], outer.T, outer.T[::-1])
    for view, band, side in zip(views, drawn, sides, strict=True):
        if side is not None:
            ends = np.array([0, view.shape[1] - 1])
            _draw(band, np.stack([ends, side.at(ends)], axis=1), sides.thickness)
    for columns, thickness in lines_between(own, sides):
        ends = np.array([0, len(own) - 1])
        _draw(inner, np.stack([columns[ends], ends], axis=1), thickness)
    band = outer | inner
    rest = own & ~band
    if not (rest | others).any():
        return rest
    # Where ink goes on across a side it is a digit's; a line between two boxes parts two digits.
    reach = 2 * round(WIDER * sides.thickness) + 3
    shapes = (reach, 3), (3, reach)
    up, over = (cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones(s, np.uint8)) for s in shapes)
    crossing = np.asarray(cv2.bitwise_or(up, over), np.uint8)
    return band & own & ~(crossing & ~inner)


def _draw(band: Mask, points: NDArray[np.float64], thickness: float) -> None:
    drawn = np.ascontiguousarray(band)
    thick = round(WIDER * thickness) + 2
    ends = [points.round().astype(np.int32)]
    cv2.polylines(drawn, ends, isClosed=False, color=1, thickness=thick)
    band[:] = drawn
