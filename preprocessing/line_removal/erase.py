"""Ink on a ruled or squared sheet -> the same without the sheet's lines and a form's boxes.

Where ink crosses a line, or is darker than it, the ink stays.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask, Field, Mask
from preprocessing.binarization import Ink, erased
from preprocessing.components import connected_components, own_pixels, pixels_of
from preprocessing.line_removal.form_boxes import remove_form_boxes
from preprocessing.line_removal.rule_lines import (
    BORDER_SHARE,
    LINES_MIN,
    TracedLine,
    detect_rule_lines,
    typical_line,
)

HAIR = 0.008  # of the long side, half a millimetre of 6 cm: a line from edge to edge proves itself
HAIR_EVEN = 0.7  # of its own contrast: as dark is such a line where it is faintest
INK_DARKER = 1.7  # times a line's contrast: darker ink is not its own
MARGIN = 1.25  # times the lines' usual contrast: a darker one, as of a margin, is like a pen's
CROSSING = 1.6  # times a line's thickness, and 2 px: ink that goes on this far crosses the line
SMEAR_REACH = 4  # px: so far beside a line JPEG, which keeps colours in blocks, smears its own
SMEAR_SHARE = 0.3  # of a line's contrast: what is fainter so near it is smeared
BRIDGED = 5  # px more than a line's thickness: a gap in a stroke that the line has left
LONG_MARK = 0.3  # of the picture: so long a mark may be a line
MANY_MARKS = 40  # so many may be bits of lines
PEN_SEEN = 1.5  # times what the paper's grain reaches: paler lines are hardly in the ink's way
PEN_DARKER = 1.5  # times the lines' contrast: what is darker was written
PEN_CLEARLY = 1.8  # the same, for half of what was written
PEN_PALER_MAX = 0.03  # of what was written so: more of paler strokes, and another pen wrote too
LONG_RUN = 5.0  # times the lines' thickness: a shorter dark mark is where two lines cross
PEN_BIT = 3.0  # times the same: a shorter bit of a paler stroke proves nothing


def remove_rule_lines(found: Ink) -> Ink:
    """Take the lines of a ruled or squared sheet and the boxes of a form out of the ink.

    The lines of a sheet, joined by digits, look like boxes, and the sides of boxes like lone
    lines: so a sheet's lines go first, and lone ones last.
    """
    marks = found.weak_components
    height, width = found.weak_mask.shape
    is_long = any(max(mark.w / width, mark.h / height) >= LONG_MARK for mark in marks)
    if not is_long and len(marks) < MANY_MARKS:
        return remove_form_boxes(found)
    transposed = np.ascontiguousarray(found.contrast.T)
    horizontal, vertical = (
        detect_rule_lines(found.contrast, found.noise_floor),
        detect_rule_lines(transposed, found.noise_floor),
    )
    if max(len(horizontal), len(vertical)) >= LINES_MIN:
        contrast, thickness = typical_line(horizontal + vertical)
        both = horizontal, vertical
        margins = ([line for line in lines if line.contrast > MARGIN * contrast] for lines in both)
        found = _erase_lines(found, *margins)
        dark = keep_darker_pen(found, contrast, thickness)
        return remove_form_boxes(dark or _erase_lines(found, horizontal, vertical))
    horizontal = [line for line in horizontal if _is_hair(line, found.contrast.shape)]
    vertical = [line for line in vertical if _is_hair(line, transposed.shape)]
    return _erase_lines(remove_form_boxes(found), horizontal, vertical)


def _erase_lines(found: Ink, horizontal: list[TracedLine], vertical: list[TracedLine]) -> Ink:
    """The ink without those lines."""
    if not horizontal and not vertical:
        return found
    ink = found.mask
    own = _line_pixels(horizontal, found.contrast, ink)
    own_vertical = _line_pixels(vertical, found.contrast.T, np.ascontiguousarray(ink.T)).T
    rest = ink & ~(own | own_vertical)
    length = round(typical_line(horizontal + vertical)[1]) + BRIDGED
    own &= ~_bridged_gaps(rest, length)
    own_vertical &= ~_bridged_gaps(np.ascontiguousarray(rest.T), length).T
    return erased(found, own | own_vertical)


def _bridged_gaps(rest: NDArray[np.uint8], length: int) -> BoolMask:
    """Where ink goes on, down or slantwise, after a gap of less than this length in px."""
    slant = np.eye(length, dtype=np.uint8)
    ways = np.ones((length, 1), np.uint8), slant, np.ascontiguousarray(slant[::-1])
    closed = [cv2.morphologyEx(rest, cv2.MORPH_CLOSE, way) for way in ways]
    return np.asarray(np.any(closed, axis=0), bool)


def _is_hair(line: TracedLine, shape: tuple[int, ...]) -> bool:
    """Whether a line is long and thin as no stroke is: alone it proves that it is printed."""
    width = shape[1]
    edge = BORDER_SHARE * max(shape)
    across = line.first <= edge and line.first + len(line.rows) >= width - edge
    even = line.faintest >= HAIR_EVEN * line.contrast
    return across and even and line.thickness <= HAIR * max(shape)


def _line_pixels(lines: list[TracedLine], contrast: Field, ink: NDArray[np.uint8]) -> BoolMask:
    """The pixels of horizontal lines that are not those of other ink as well."""
    own = np.zeros(contrast.shape, bool)
    for line in lines:
        columns = np.arange(line.first, line.first + len(line.rows))
        half = round(line.thickness / 2 + 1.5)
        beside = np.arange(-half - SMEAR_REACH, half + SMEAR_REACH + 1)
        rows = (line.rows[None, :] + beside[:, None]).clip(0, len(own) - 1)
        top, bottom = rows.min(), rows.max() + 1
        reach = round(CROSSING * line.thickness) + 2
        first = max(0, top - reach)
        near = ink[first : bottom + reach, columns[0] : columns[-1] + 1]
        tall = np.ones((reach + 1, 1), np.uint8)
        opened = cv2.morphologyEx(near, cv2.MORPH_OPEN, tall)
        crossing = opened[rows - first, columns - columns[0]] > 0
        there = contrast[rows, columns]
        on_line = (np.abs(beside) <= half)[:, None] & (there <= INK_DARKER * line.contrast)
        own[rows, columns] |= (on_line & ~crossing) | (there < SMEAR_SHARE * line.contrast)
    return own


def keep_darker_pen(found: Ink, contrast: float, thickness: float) -> Ink | None:
    """The ink darker than lines of this contrast and thickness in px; None if not clearly so."""
    if contrast < PEN_SEEN * found.noise_floor:
        return None
    dark = (found.mask & (found.contrast > PEN_DARKER * contrast)).view(np.uint8)
    written = [
        part for part in connected_components(dark) if max(part.w, part.h) >= LONG_RUN * thickness
    ]
    if not written:
        return None
    own = pixels_of(dark, written)
    if np.median(found.contrast[own]) < PEN_CLEARLY * contrast:
        return None
    if _crooked(found.mask & ~_near(own, round(thickness)), thickness) > PEN_PALER_MAX * own.sum():
        return None
    return erased(found, _near(own, 1) == 0)


def _crooked(rest: Mask, thickness: float) -> int:
    """Count the pixels of strokes: thick, or neither horizontal nor vertical as lines are."""
    length, broad = round(LONG_RUN * thickness), 3 * round(thickness)
    horizontal, vertical = _opening(rest, length, 1), _opening(rest, 1, length)
    strokes = (rest & ~(horizontal | vertical)) | _opening(rest, broad, broad)
    return sum(
        int(own_pixels(strokes, part).sum())
        for part in connected_components(strokes)
        if max(part.w, part.h) >= PEN_BIT * thickness and min(part.w, part.h) >= 2 * thickness
    )


def _near(own: NDArray[np.bool_], reach: int) -> Mask:
    """A mask with all that lies within this reach of it, px."""
    side = 2 * reach + 1
    return np.asarray(cv2.dilate(own.astype(np.uint8), np.ones((side, side), np.uint8)), np.uint8)


def _opening(mask: Mask, width: int, height: int) -> Mask:
    """What of a mask a rectangle of this size in px fits into."""
    return np.asarray(
        cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((height, width), np.uint8)), np.uint8
    )
