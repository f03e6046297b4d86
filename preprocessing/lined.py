"""Ink on a ruled or squared sheet -> the same without the sheet's lines.

A printed line may be as faint as the paper's grain and is then no connected mark; but it goes
on across the sheet, thin and even. So contrast is averaged along many slopes over a window
that is longer than any stroke is straight: grain and strokes vanish in it, and lines stay.
Where ink crosses a line, or is darker than it, the ink stays.
"""

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.darker import darker_than_lines
from preprocessing.frames import without_frames
from preprocessing.ink import Ink, without
from preprocessing.parts import labelled, parts_of

SMALL_SIDE = 400  # px, long side of the copy in which lines are looked for
SLOPES = np.linspace(-0.16, 0.16, 9)  # of lines: a photo held straighter than 9 degrees
WINDOW = 0.13  # of the picture's width: the length over which a line is averaged
THIN = 0.025  # of the long side: what is wider is no line
SEEN_MIN = 0.3  # of what the grain reaches: a fainter line leaves no marks in the mask
FLOOR_LEVEL = 51  # of 255, what the grain reaches: ink of over four times that counts no more
LENGTH_MIN = 0.1  # of the picture's width: shorter lines prove nothing
COLUMNS_MIN = 20  # px of the small copy, the same: through fewer points no curve is sure
ACROSS = 0.75  # of the picture's width: a line that does not end at its edges goes so far
EDGE_SHARE = 0.03  # of the long side: nearer to the picture's edge means ending there
LINES_MIN = 4  # lines in one direction that prove a ruled sheet
HAIR = 0.008  # of the long side, half a millimetre of 6 cm: a line from edge to edge proves itself
HAIR_EVEN = 0.7  # of its own contrast: as dark is such a line where it is faintest
ALIKE = 1.8  # times their middle thickness and contrast: the lines of one sheet
BEND_MAX = 0.012  # of a line's length: how far it strays from a parabola
BENDS = 5  # degree of the polynomial that a line on paper that is not flat follows
FAINTEST, BARE = 0.1, 0.4  # quantiles of a line's contrast: under no digit; its own
EVEN_MIN = 0.4  # of its own: as dark is a line where it is faintest, print is not
DARKER = 1.7  # times a line's contrast: darker ink is not its own
CROSSING = 1.6  # times a line's thickness, and 2 px: ink that goes on this far crosses the line
LONG_MARK = 0.3  # of the picture: so long a mark may be a line
MANY_MARKS = 40  # so many may be bits of lines

Field = NDArray[np.float32]
Mask = NDArray[np.bool_]


class _Line(NamedTuple):
    """A level line: a row for each column from `first` on, px."""

    first: int
    rows: NDArray[np.intp]
    thickness: int
    contrast: float
    faintest: float  # the contrast where it is faintest


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
    level, upright = _lines(found.contrast, found.floor), _lines(turned, found.floor)
    if max(len(level), len(upright)) >= LINES_MIN:
        contrast, thickness = _usual(level + upright)
        dark = darker_than_lines(found, contrast, thickness)
        return without_frames(dark or _without(found, level, upright))
    level = [line for line in level if _is_hair(line, found.contrast.shape)]
    upright = [line for line in upright if _is_hair(line, turned.shape)]
    return _without(without_frames(found), level, upright)


def _without(found: Ink, level: list[_Line], upright: list[_Line]) -> Ink:
    """The ink without those lines."""
    if not level and not upright:
        return found
    wiped = _own(level, found.contrast, found.mask)
    turned = np.ascontiguousarray(found.contrast.T), np.ascontiguousarray(found.mask.T)
    wiped |= _own(upright, *turned).T
    return without(found, wiped)


def _lines(contrast: Field, floor: float) -> list[_Line]:
    """The level lines that go across a picture."""
    height, width = contrast.shape
    shrink = max(1.0, max(contrast.shape) / SMALL_SIDE)
    size = max(1, round(width / shrink)), max(1, round(height / shrink))
    levels = np.clip(contrast * (FLOOR_LEVEL / floor) + FLOOR_LEVEL, 0, 255).astype(np.uint8)
    ridge = _ridge(np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), np.uint8))
    marks = (ridge > SEEN_MIN * FLOOR_LEVEL).view(np.uint8)
    _, labels = labelled(marks)
    lines = []
    for part in parts_of(marks):
        if part.w < max(LENGTH_MIN * size[0], COLUMNS_MIN):
            continue
        area = np.s_[part.y : part.y + part.h, part.x : part.x + part.w]
        own = np.where(labels[area] == labels[part.at[1], part.at[0]], ridge[area], 0)
        columns = np.arange(part.w)
        rows = own.argmax(axis=0)
        curve = np.polyfit(columns, rows, 2, w=own.max(axis=0))
        off = np.abs(np.polyval(curve, columns) - rows)
        if np.median(off) > BEND_MAX * part.w + 1:
            continue
        along = np.arange(round(part.x * shrink), min(width, round((part.x + part.w) * shrink)))
        path = np.interp((along + 0.5) / shrink - 0.5 - part.x, columns, rows) + part.y
        line = _traced(contrast, along, (path + 0.5) * shrink - 0.5, round(2 * shrink))
        if line.faintest >= EVEN_MIN * line.contrast and _goes_across(line, contrast.shape):
            lines.append(line)
    printed = _alike(lines)
    return printed + _between(printed, contrast, round(2 * shrink))


def _between(lines: list[_Line], contrast: Field, reach: int) -> list[_Line]:
    """Lines that evenly spaced ones have among them, drawn away from their place by digits."""
    width = contrast.shape[1]
    lines = sorted(
        (line for line in lines if len(line.rows) >= ACROSS * width),
        key=lambda line: int(line.rows[len(line.rows) // 2]),
    )
    if len(lines) < LINES_MIN:
        return []
    middles = [int(line.rows[len(line.rows) // 2]) for line in lines]
    step = float(np.median(np.diff(middles)))
    found = []
    for above, below in pairwise(lines):
        first = max(above.first, below.first)
        last = min(above.first + len(above.rows), below.first + len(below.rows))
        columns = np.arange(first, last)
        high, low = (line.rows[columns - line.first] for line in (above, below))
        count = round(float(np.median(low - high)) / max(step, 1.0))
        for number in range(1, count):
            path = high + (low - high) * (number / count)
            line = _traced(contrast, columns, path, reach)
            # What can be seen of it may be little: its neighbour tells what it is like.
            found.append(line._replace(thickness=above.thickness, contrast=above.contrast))
    return found


def _goes_across(line: _Line, shape: tuple[int, ...]) -> bool:
    """Whether a line goes from edge to edge of the picture, or nearly all the way."""
    height, width = shape
    edge = EDGE_SHARE * max(shape)
    ends = (line.first, line.rows[0]), (line.first + len(line.rows), line.rows[-1])
    cut = [min(x, y, width - x, height - y) <= edge for x, y in ends]
    middle = line.rows[len(line.rows) // 2]
    along_edge = min(middle, height - middle) <= edge
    return (all(cut) and not along_edge) or len(line.rows) >= ACROSS * width


def _is_hair(line: _Line, shape: tuple[int, ...]) -> bool:
    """Whether a line is long and thin as no stroke is: alone it proves that it is printed."""
    width = shape[1]
    edge = EDGE_SHARE * max(shape)
    across = line.first <= edge and line.first + len(line.rows) >= width - edge
    even = line.faintest >= HAIR_EVEN * line.contrast
    return across and even and line.thickness <= HAIR * max(shape)


def _alike(lines: list[_Line]) -> list[_Line]:
    """Those lines that one machine printed."""
    if not lines:
        return []
    thickness = float(np.median([line.thickness for line in lines]))
    contrast = float(np.median([line.contrast for line in lines]))
    return [
        line
        for line in lines
        if thickness / ALIKE - 1 <= line.thickness <= thickness * ALIKE + 1
        and contrast / ALIKE <= line.contrast <= contrast * ALIKE
    ]


def _usual(lines: list[_Line]) -> tuple[float, float]:
    """Their middle contrast, and their middle thickness in px."""
    contrast = float(np.median([line.contrast for line in lines]))
    return contrast, float(np.median([line.thickness for line in lines]))


def _ridge(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much each pixel's neighbourhood along some slope stands out from those beside it.

    Contrast in whole levels, FLOOR_LEVEL for that of paper: half the time that floats take.
    """
    height, width = small.shape
    window = round(WINDOW * width) | 1
    thin = np.ones((round(THIN * max(small.shape)) | 1, 1), np.uint8)
    best = np.zeros_like(small)
    for slope in SLOPES:
        shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
        way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        level = cv2.warpAffine(small, shear, (width, height), flags=way, borderValue=FLOOR_LEVEL)
        mean = cv2.blur(level, (window, 1))
        stands_out = cv2.morphologyEx(mean, cv2.MORPH_TOPHAT, thin)
        np.maximum(best, cv2.warpAffine(stands_out, shear, (width, height)), out=best)
    return best


def _traced(contrast: Field, columns: NDArray[np.intp], path: Field, reach: int) -> _Line:
    """Follow a line closely that runs within `reach` px of a path."""
    beside = np.arange(-reach, reach + 1)
    window = max(9, round(WINDOW * contrast.shape[1] / 4)) | 1
    near = _around(contrast, columns, path, beside)
    shift = cv2.blur(near, (window, 1)).argmax(axis=0) - reach
    path = _smooth(path + shift)
    wide = np.arange(-3 * reach - 3, 3 * reach + 4)
    profile = np.quantile(_around(contrast, columns, path, wide), BARE, axis=1)
    middle = len(wide) // 2
    peak = float(profile[middle - 1 : middle + 2].max())
    out = profile <= peak / 2
    below = int(np.argmax(out[middle:])) or reach
    above = int(np.argmax(out[middle::-1])) or reach
    strength = cv2.blur(_around(contrast, columns, path, np.arange(-1, 2)), (5, 1)).max(axis=0)
    low, usual = np.quantile(strength, (FAINTEST, BARE))
    rows = np.round(path).astype(np.intp)
    return _Line(int(columns[0]), rows, above + below - 1, float(usual), float(low))


def _smooth(path: Field) -> Field:
    """A path as paper bends, whatever strokes along it have drawn some of its points to."""
    columns = np.linspace(-1, 1, len(path))
    trusted = np.ones(len(path), bool)
    for _ in range(3):
        curve = np.polyval(np.polyfit(columns[trusted], path[trusted], BENDS), columns)
        off = np.abs(path - curve)
        trusted = off <= max(1.0, 2 * float(np.median(off)))
    return np.asarray(curve, np.float32)


def _around(
    contrast: Field, columns: NDArray[np.intp], path: Field, beside: NDArray[np.intp]
) -> Field:
    """The contrast along a path, and beside it: (places beside, columns)."""
    rows = np.round(path).astype(np.intp)[None, :] + beside[:, None]
    return np.asarray(contrast[rows.clip(0, len(contrast) - 1), columns], np.float32)


def _own(lines: list[_Line], contrast: Field, ink: NDArray[np.uint8]) -> Mask:
    """The pixels of level lines that are not those of other ink as well."""
    own = np.zeros(contrast.shape, bool)
    for line in lines:
        columns = np.arange(line.first, line.first + len(line.rows))
        half = line.thickness / 2 + 1.5
        beside = np.arange(-round(half), round(half) + 1)
        rows = (line.rows[None, :] + beside[:, None]).clip(0, len(own) - 1)
        top, bottom = rows.min(), rows.max() + 1
        reach = round(CROSSING * line.thickness) + 2
        area = np.s_[max(0, top - reach) : bottom + reach, columns[0] : columns[-1] + 1]
        crossing = np.zeros(own.shape, np.uint8)
        tall = np.ones((reach + 1, 1), np.uint8)
        crossing[area] = cv2.morphologyEx(ink[area], cv2.MORPH_OPEN, tall)
        darker = contrast[rows, columns] > DARKER * line.contrast
        own[rows, columns] |= ~(darker | (crossing[rows, columns] > 0))
    return own
