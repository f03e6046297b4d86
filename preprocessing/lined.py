"""Ink on a ruled or squared sheet -> the same without the sheet's lines and a form's boxes.

Where ink crosses a line, or is darker than it, the ink stays.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.darker import darker_than_lines
from preprocessing.frames import without_frames
from preprocessing.ink import Ink, without
from preprocessing.printed import EDGE_SHARE, LINES_MIN, printed_lines, usual
from preprocessing.traced import Field, Line

HAIR = 0.008  # of the long side, half a millimetre of 6 cm: a line from edge to edge proves itself
HAIR_EVEN = 0.7  # of its own contrast: as dark is such a line where it is faintest
DARKER = 1.7  # times a line's contrast: darker ink is not its own
MARGIN = 1.25  # times the lines' usual contrast: a darker one, as of a margin, is like a pen's
CROSSING = 1.6  # times a line's thickness, and 2 px: ink that goes on this far crosses the line
HALO = 4  # px: so far beside a line JPEG, which keeps colours in blocks, smears its own
HALO_SHARE = 0.3  # of a line's contrast: what is fainter so near it is smeared
BRIDGED = 5  # px more than a line's thickness: a gap in a stroke that the line has left
LONG_MARK = 0.3  # of the picture: so long a mark may be a line
MANY_MARKS = 40  # so many may be bits of lines

Mask = NDArray[np.bool_]


def without_printed_lines(found: Ink) -> Ink:
    """Take the lines of a ruled or squared sheet and the boxes of a form out of the ink.

    The lines of a sheet, joined by digits, look like boxes, and the sides of boxes like lone
    lines: so a sheet's lines go first, and lone ones last.
    """
    marks = found.faint_parts
    height, width = found.faint.shape
    is_long = any(max(mark.w / width, mark.h / height) >= LONG_MARK for mark in marks)
    if not is_long and len(marks) < MANY_MARKS:
        return without_frames(found)
    turned = np.ascontiguousarray(found.contrast.T)
    level, upright = printed_lines(found.contrast, found.floor), printed_lines(turned, found.floor)
    if max(len(level), len(upright)) >= LINES_MIN:
        contrast, thickness = usual(level + upright)
        both = level, upright
        margins = ([line for line in lines if line.contrast > MARGIN * contrast] for lines in both)
        found = _without(found, *margins)
        dark = darker_than_lines(found, contrast, thickness)
        return without_frames(dark or _without(found, level, upright))
    level = [line for line in level if _is_hair(line, found.contrast.shape)]
    upright = [line for line in upright if _is_hair(line, turned.shape)]
    return _without(without_frames(found), level, upright)


def _without(found: Ink, level: list[Line], upright: list[Line]) -> Ink:
    """The ink without those lines."""
    if not level and not upright:
        return found
    ink = found.mask
    own = _own(level, found.contrast, ink)
    own_upright = _own(upright, found.contrast.T, np.ascontiguousarray(ink.T)).T
    rest = ink & ~(own | own_upright)
    length = round(usual(level + upright)[1]) + BRIDGED
    own &= ~_bridged(rest, length)
    own_upright &= ~_bridged(np.ascontiguousarray(rest.T), length).T
    return without(found, own | own_upright)


def _bridged(rest: NDArray[np.uint8], length: int) -> Mask:
    """Where ink goes on, down or slantwise, after a gap of less than this length in px."""
    slant = np.eye(length, dtype=np.uint8)
    ways = np.ones((length, 1), np.uint8), slant, np.ascontiguousarray(slant[::-1])
    closed = [cv2.morphologyEx(rest, cv2.MORPH_CLOSE, way) for way in ways]
    return np.asarray(np.any(closed, axis=0), bool)


def _is_hair(line: Line, shape: tuple[int, ...]) -> bool:
    """Whether a line is long and thin as no stroke is: alone it proves that it is printed."""
    width = shape[1]
    edge = EDGE_SHARE * max(shape)
    across = line.first <= edge and line.first + len(line.rows) >= width - edge
    even = line.faintest >= HAIR_EVEN * line.contrast
    return across and even and line.thickness <= HAIR * max(shape)


def _own(lines: list[Line], contrast: Field, ink: NDArray[np.uint8]) -> Mask:
    """The pixels of level lines that are not those of other ink as well."""
    own = np.zeros(contrast.shape, bool)
    for line in lines:
        columns = np.arange(line.first, line.first + len(line.rows))
        half = round(line.thickness / 2 + 1.5)
        beside = np.arange(-half - HALO, half + HALO + 1)
        rows = (line.rows[None, :] + beside[:, None]).clip(0, len(own) - 1)
        top, bottom = rows.min(), rows.max() + 1
        reach = round(CROSSING * line.thickness) + 2
        first = max(0, top - reach)
        near = ink[first : bottom + reach, columns[0] : columns[-1] + 1]
        tall = np.ones((reach + 1, 1), np.uint8)
        opened = cv2.morphologyEx(near, cv2.MORPH_OPEN, tall)
        crossing = opened[rows - first, columns - columns[0]] > 0
        there = contrast[rows, columns]
        on_line = (np.abs(beside) <= half)[:, None] & (there <= DARKER * line.contrast)
        own[rows, columns] |= (on_line & ~crossing) | (there < HALO_SHARE * line.contrast)
    return own
