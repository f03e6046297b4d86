"""Contrast of a picture -> the lines printed on its sheet.

A printed line may be as faint as the paper's grain and is then no connected mark; but it goes
on across the sheet, thin and even. So contrast is averaged along many slopes over a window
that is longer than any stroke is straight: grain and strokes vanish in it, and lines stay.
"""

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Field
from preprocessing.components import connected_components, own_pixels

RIDGE_SIDE = 400  # px, long side of the copy in which lines are looked for
SLOPES = np.linspace(-0.16, 0.16, 9)  # of lines: a photo held straighter than 9 degrees
THIN = 0.025  # of the long side: what is wider is no line
SEEN_MIN = 0.3  # of what the grain reaches: a fainter line leaves no marks in the mask
FLOOR_LEVEL = 51  # of 255, what the grain reaches: ink of over four times that counts no more
LENGTH_MIN = 0.1  # of the picture's width: shorter lines prove nothing
ACROSS = 0.75  # of the picture's width: a line that does not end at its edges goes so far
BORDER_SHARE = 0.03  # of the long side: nearer to the picture's edge means ending there
LINES_MIN = 4  # lines in one direction that prove a ruled sheet
RIDGE_BEND_MAX = 0.012  # of a line's length: how far it strays from a parabola
EVEN_MIN = 0.4  # of its own: as dark is a line where it is faintest, print is not
COLUMNS_MIN = 20  # px: through fewer points of a line no curve is sure
GRID_ALIKE = 1.8  # times their middle thickness and contrast: the lines of one sheet
TRACE_WINDOW = 0.13  # of the picture's width: the length over which a line is averaged
BENDS = 5  # degree of the polynomial that a line on paper that is not flat follows
FAINTEST_QUANTILE, OWN_QUANTILE = (
    0.1,
    0.4,
)  # quantiles of a line's contrast: under no digit; its own


class TracedLine(NamedTuple):
    """A horizontal line: a row for each column from `first` on, px."""

    first: int
    rows: NDArray[np.intp]
    thickness: int
    contrast: float
    faintest: float  # the contrast where it is faintest


def detect_rule_lines(contrast: Field, floor: float) -> list[TracedLine]:
    """The horizontal lines that go across a picture; `floor` is what its paper's grain reaches."""
    height, width = contrast.shape
    shrink = max(1.0, max(contrast.shape) / RIDGE_SIDE)
    size = max(1, round(width / shrink)), max(1, round(height / shrink))
    levels = np.clip(contrast * (FLOOR_LEVEL / floor) + FLOOR_LEVEL, 0, 255).astype(np.uint8)
    ridge = _ridge(np.asarray(cv2.resize(levels, size, interpolation=cv2.INTER_AREA), np.uint8))
    marks = (ridge > SEEN_MIN * FLOOR_LEVEL).view(np.uint8)
    lines = []
    for part in connected_components(marks):
        if part.w < max(LENGTH_MIN * size[0], COLUMNS_MIN):
            continue
        own = own_pixels(marks, part) * ridge[part.place]
        columns = np.arange(part.w)
        rows = own.argmax(axis=0)
        curve = np.polyfit(columns, rows, 2, w=own.max(axis=0))
        off = np.abs(np.polyval(curve, columns) - rows)
        if np.median(off) > RIDGE_BEND_MAX * part.w + 1:
            continue
        along = np.arange(round(part.x * shrink), min(width, round((part.x + part.w) * shrink)))
        path = np.interp((along + 0.5) / shrink - 0.5 - part.x, columns, rows) + part.y
        line = trace_line(contrast, along, (path + 0.5) * shrink - 0.5, round(2 * shrink))
        if line.faintest >= EVEN_MIN * line.contrast and _goes_across(line, contrast.shape):
            lines.append(line)
    printed = _similar_lines(lines)
    whole = [line for line in printed if len(line.rows) >= ACROSS * width]
    if len(whole) < LINES_MIN:
        return printed
    return printed + complete_line_grid(whole, contrast, round(2 * shrink))


def _goes_across(line: TracedLine, shape: tuple[int, ...]) -> bool:
    """Whether a line goes from edge to edge of the picture, or nearly all the way."""
    height, width = shape
    edge = BORDER_SHARE * max(shape)
    ends = (line.first, line.rows[0]), (line.first + len(line.rows), line.rows[-1])
    cut = [min(x, y, width - x, height - y) <= edge for x, y in ends]
    middle = line.rows[len(line.rows) // 2]
    along_edge = min(middle, height - middle) <= edge
    return (all(cut) and not along_edge) or len(line.rows) >= ACROSS * width


def _similar_lines(lines: list[TracedLine]) -> list[TracedLine]:
    """Those lines that one machine printed."""
    if not lines:
        return []
    contrast, thickness = typical_line(lines)
    return [
        line
        for line in lines
        if thickness / GRID_ALIKE - 1 <= line.thickness <= thickness * GRID_ALIKE + 1
        and contrast / GRID_ALIKE <= line.contrast <= contrast * GRID_ALIKE
    ]


def typical_line(lines: list[TracedLine]) -> tuple[float, float]:
    """Their middle contrast, and their middle thickness in px."""
    contrast = float(np.median([line.contrast for line in lines]))
    return contrast, float(np.median([line.thickness for line in lines]))


def _ridge(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much each pixel's neighbourhood along some slope stands out from those beside it.

    Contrast in whole levels, FLOOR_LEVEL for that of paper: half the time that floats take.
    """
    height, width = small.shape
    window = round(TRACE_WINDOW * width) | 1
    thin = np.ones((round(THIN * max(small.shape)) | 1, 1), np.uint8)
    best = np.zeros_like(small)
    for slope in SLOPES:
        shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
        way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        horizontal = cv2.warpAffine(
            small, shear, (width, height), flags=way, borderValue=FLOOR_LEVEL
        )
        mean = cv2.blur(horizontal, (window, 1))
        stands_out = cv2.morphologyEx(mean, cv2.MORPH_TOPHAT, thin)
        np.maximum(best, cv2.warpAffine(stands_out, shear, (width, height)), out=best)
    return best


def complete_line_grid(lines: list[TracedLine], contrast: Field, reach: int) -> list[TracedLine]:
    """The others of a sheet, by at least two that go across it, followed within `reach` px."""
    lines = sorted(lines, key=lambda line: int(line.rows[len(line.rows) // 2]))
    more = _interpolate(lines, contrast, reach) + _extrapolate(lines, contrast, reach)
    seen = [line for line in lines + more if line.faintest >= line.contrast / GRID_ALIKE]
    return more + _extend(seen, contrast, reach)


def _interpolate(lines: list[TracedLine], contrast: Field, reach: int) -> list[TracedLine]:
    """Lines that evenly spaced ones have among them, drawn away from their place by digits."""
    middles = [int(line.rows[len(line.rows) // 2]) for line in lines]
    step = float(np.median(np.diff(middles)))
    found = []
    for above, below in pairwise(lines):
        columns, high, low = _shared_columns(above, below)
        count = round(float(np.median(low - high)) / max(step, 1.0))
        for number in range(1, count):
            path = high + (low - high) * (number / count)
            line = trace_line(contrast, columns, path, reach)
            # What can be seen of it may be little: its neighbour tells what it is like.
            found.append(line._replace(thickness=above.thickness, contrast=above.contrast))
    return found


def _extrapolate(lines: list[TracedLine], contrast: Field, reach: int) -> list[TracedLine]:
    """Lines that follow on the outer ones, as far as the picture shows them in its corners."""
    found = []
    for inner, outer in (lines[1::-1], lines[-2:]):
        columns, near, far = _shared_columns(inner, outer)
        path, step = far.astype(np.float32), far - near
        while np.abs(step).min(initial=reach + 1) > reach:
            path = np.asarray(path + step, np.float32)
            seen = (path >= 0) & (path < len(contrast))
            if seen.sum() < COLUMNS_MIN:
                break
            line = trace_line(contrast, columns[seen], path[seen], reach)
            if line.contrast < outer.contrast / GRID_ALIKE:
                break
            found.append(line._replace(thickness=outer.thickness, contrast=outer.contrast))
    return found


def _extend(lines: list[TracedLine], contrast: Field, reach: int) -> list[TracedLine]:
    """What follows where lines were lost sight of before the picture's edge."""
    height, width = contrast.shape
    found = []
    for line in lines:
        near, last = len(line.rows) // 4, line.first + len(line.rows) - 1
        slopes = line.rows[near] - line.rows[0], line.rows[-1] - line.rows[-1 - near]
        ends = (line.first, line.rows[0]), (last, line.rows[-1])
        rests = np.arange(line.first), np.arange(last + 1, width)
        for columns, (column, row), slope in zip(rests, ends, slopes, strict=True):
            path = np.asarray(row + (columns - column) * (slope / near), np.float32)
            seen = (path >= 0) & (path < height)
            if seen.sum() < COLUMNS_MIN:
                continue
            rest = trace_line(contrast, columns[seen], path[seen], reach)
            if rest.contrast >= line.contrast / GRID_ALIKE:
                found.append(rest._replace(thickness=line.thickness, contrast=line.contrast))
    return found


def _shared_columns(a: TracedLine, b: TracedLine) -> tuple[NDArray[np.intp], ...]:
    """The columns that two lines share, and the rows of each there."""
    first = max(a.first, b.first)
    columns = np.arange(first, min(a.first + len(a.rows), b.first + len(b.rows)))
    return columns, a.rows[columns - a.first], b.rows[columns - b.first]


def trace_line(contrast: Field, columns: NDArray[np.intp], path: Field, reach: int) -> TracedLine:
    """Follow a line closely that runs within `reach` px of a path."""
    beside = np.arange(-reach, reach + 1)
    window = max(9, round(TRACE_WINDOW * contrast.shape[1] / 4)) | 1
    near = _contrast_along(contrast, columns, path, beside)
    shift = cv2.blur(near, (window, 1)).argmax(axis=0) - reach
    path = _smooth(path + shift)
    wide = np.arange(-3 * reach - 3, 3 * reach + 4)
    profile = np.quantile(_contrast_along(contrast, columns, path, wide), OWN_QUANTILE, axis=1)
    middle = len(wide) // 2
    peak = float(profile[middle - 1 : middle + 2].max())
    out = profile <= peak / 2
    below = int(np.argmax(out[middle:])) or reach
    above = int(np.argmax(out[middle::-1])) or reach
    strength = cv2.blur(_contrast_along(contrast, columns, path, np.arange(-1, 2)), (5, 1)).max(
        axis=0
    )
    low, usual = np.quantile(strength, (FAINTEST_QUANTILE, OWN_QUANTILE))
    rows = np.round(path).astype(np.intp)
    return TracedLine(int(columns[0]), rows, above + below - 1, float(usual), float(low))


def _smooth(path: Field) -> Field:
    """A path as paper bends, whatever strokes along it have drawn some of its points to."""
    columns = np.linspace(-1, 1, len(path))
    trusted = np.ones(len(path), bool)
    for _ in range(3):
        curve = np.polyval(np.polyfit(columns[trusted], path[trusted], BENDS), columns)
        off = np.abs(path - curve)
        trusted = off <= max(1.0, 2 * float(np.median(off)))
    return np.asarray(curve, np.float32)


def _contrast_along(
    contrast: Field, columns: NDArray[np.intp], path: Field, beside: NDArray[np.intp]
) -> Field:
    """The contrast along a path, and beside it: (places beside, columns)."""
    rows = np.round(path).astype(np.intp)[None, :] + beside[:, None]
    return np.asarray(contrast[rows.clip(0, len(contrast) - 1), columns], np.float32)
