"""Contrast of a picture -> the lines printed on its sheet.

A printed line may be as faint as the paper's grain and is then no connected mark; but it goes
on across the sheet, thin and even. So contrast is averaged along many slopes over a window
that is longer than any stroke is straight: grain and strokes vanish in it, and lines stay.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.missed import ALIKE, COLUMNS_MIN, missed_lines
from preprocessing.parts import own_pixels, parts_of
from preprocessing.traced import WINDOW, Field, Line, traced

SMALL_SIDE = 400  # px, long side of the copy in which lines are looked for
SLOPES = np.linspace(-0.16, 0.16, 9)  # of lines: a photo held straighter than 9 degrees
THIN = 0.025  # of the long side: what is wider is no line
SEEN_MIN = 0.3  # of what the grain reaches: a fainter line leaves no marks in the mask
FLOOR_LEVEL = 51  # of 255, what the grain reaches: ink of over four times that counts no more
LENGTH_MIN = 0.1  # of the picture's width: shorter lines prove nothing
ACROSS = 0.75  # of the picture's width: a line that does not end at its edges goes so far
EDGE_SHARE = 0.03  # of the long side: nearer to the picture's edge means ending there
LINES_MIN = 4  # lines in one direction that prove a ruled sheet
BEND_MAX = 0.012  # of a line's length: how far it strays from a parabola
EVEN_MIN = 0.4  # of its own: as dark is a line where it is faintest, print is not


def printed_lines(contrast: Field, floor: float) -> list[Line]:
    """The level lines that go across a picture; `floor` is what its paper's grain reaches."""
    height, width = contrast.shape
    shrink = max(1.0, max(contrast.shape) / SMALL_SIDE)
    size = max(1, round(width / shrink)), max(1, round(height / shrink))
    levels = np.clip(contrast * (FLOOR_LEVEL / floor) + FLOOR_LEVEL, 0, 255).astype(np.uint8)
    ridge = _ridge(np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), np.uint8))
    marks = (ridge > SEEN_MIN * FLOOR_LEVEL).view(np.uint8)
    lines = []
    for part in parts_of(marks):
        if part.w < max(LENGTH_MIN * size[0], COLUMNS_MIN):
            continue
        own = own_pixels(marks, part) * ridge[part.place]
        columns = np.arange(part.w)
        rows = own.argmax(axis=0)
        curve = np.polyfit(columns, rows, 2, w=own.max(axis=0))
        off = np.abs(np.polyval(curve, columns) - rows)
        if np.median(off) > BEND_MAX * part.w + 1:
            continue
        along = np.arange(round(part.x * shrink), min(width, round((part.x + part.w) * shrink)))
        path = np.interp((along + 0.5) / shrink - 0.5 - part.x, columns, rows) + part.y
        line = traced(contrast, along, (path + 0.5) * shrink - 0.5, round(2 * shrink))
        if line.faintest >= EVEN_MIN * line.contrast and _goes_across(line, contrast.shape):
            lines.append(line)
    printed = _alike(lines)
    whole = [line for line in printed if len(line.rows) >= ACROSS * width]
    if len(whole) < LINES_MIN:
        return printed
    return printed + missed_lines(whole, contrast, round(2 * shrink))


def _goes_across(line: Line, shape: tuple[int, ...]) -> bool:
    """Whether a line goes from edge to edge of the picture, or nearly all the way."""
    height, width = shape
    edge = EDGE_SHARE * max(shape)
    ends = (line.first, line.rows[0]), (line.first + len(line.rows), line.rows[-1])
    cut = [min(x, y, width - x, height - y) <= edge for x, y in ends]
    middle = line.rows[len(line.rows) // 2]
    along_edge = min(middle, height - middle) <= edge
    return (all(cut) and not along_edge) or len(line.rows) >= ACROSS * width


def _alike(lines: list[Line]) -> list[Line]:
    """Those lines that one machine printed."""
    if not lines:
        return []
    contrast, thickness = usual(lines)
    return [
        line
        for line in lines
        if thickness / ALIKE - 1 <= line.thickness <= thickness * ALIKE + 1
        and contrast / ALIKE <= line.contrast <= contrast * ALIKE
    ]


def usual(lines: list[Line]) -> tuple[float, float]:
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
