"""Ink on a ruled or squared sheet -> the same without the sheet's lines.

A printed line may be as faint as the paper's grain and then leaves no connected mark; but it goes
across the sheet, thin and even. A ridge filter averages contrast along nearly horizontal slopes
over a window longer than any straight stroke, in which grain and strokes vanish and lines stay.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Field, Gray, quantile
from preprocessing.binarization import Ink
from preprocessing.components import connected_components, labelled
from preprocessing.line_removal.erase import Line, erase

RIDGE_SIDE = 400  # px, long side of the copy in which lines are looked for
FLOOR_LEVEL = 51  # grey levels per noise floor in that copy: over four floors all ink is alike
SEEN_MIN = 0.3  # of the noise floor: a fainter line leaves no marks in the mask
SLOPES = np.linspace(-0.16, 0.16, 9)  # of lines: a photo held straighter than 9 degrees
SLOPES_NEAR = 2  # steps of SLOPES: so far one sheet's lines differ from their usual slope
THIN = 0.025  # of the long side: what is wider is no line
TRACE_WINDOW = 0.13  # of the picture's width: the length over which a line is averaged
STRIPS = 16  # strips across the picture in which lines are counted first
STRIPS_LINED = 0.6  # of those strips: so many show a sheet's lines
LINES_MIN = 4  # lines in one direction that prove a ruled sheet
LINES_MAX = 120  # lines in one direction that are followed, the longest
LENGTH_MIN = 0.1  # of the picture's width: shorter lines prove nothing
COLUMNS_MIN = 20  # px: through fewer points of a line no curve is sure
ACROSS = 0.75  # of the picture's width: a line that does not end at its edges goes so far
BORDER_SHARE = 0.03  # of the long side: nearer to the picture's edge means ending there
RIDGE_BEND_MAX = 0.012  # of a line's length: how far it strays from a parabola
EVEN_MIN = 0.4  # of its median: a line's contrast where it is faintest; print varies more
GRID_ALIKE = 1.8  # ratio to their median thickness and contrast: the lines of one sheet
BENDS = 5  # degree of the polynomial that a line on paper that is not flat follows
FIT_POINTS = 100  # points of a line that this polynomial is fitted to
FAINTEST_QUANTILE = 0.1  # of the contrast along a line: where it is faintest
OWN_QUANTILE = 0.4  # of the contrast along a line: its own, under no digit


def remove_rule_lines(ink: Ink) -> Ink:
    """Erase the lines of a ruled or squared sheet, if LINES_MIN in one direction prove one."""
    small = _small_copy(ink.contrast, ink.noise_floor)
    sides = np.ascontiguousarray(small.T)
    slopes, slopes_vertical = _line_slopes(small), _line_slopes(sides)
    if not (len(slopes) or len(slopes_vertical)):
        return ink
    # The lines of one sheet are at right angles.
    slopes, slopes_vertical = (
        slopes if len(slopes) else -slopes_vertical,
        slopes_vertical if len(slopes_vertical) else -slopes,
    )
    transposed = np.ascontiguousarray(ink.contrast.T)
    horizontal = detect_rule_lines(ink.contrast, small, slopes)
    vertical = detect_rule_lines(transposed, sides, slopes_vertical)
    if max(len(horizontal), len(vertical)) < LINES_MIN:
        return ink
    return erase(ink, horizontal, vertical)


def _small_copy(contrast: Field, floor: float) -> Gray:
    """Contrast as grey levels, paper at FLOOR_LEVEL, at most RIDGE_SIDE px on its long side."""
    scale = FLOOR_LEVEL / floor
    levels = cv2.addWeighted(contrast, scale, contrast, 0, FLOOR_LEVEL, dtype=cv2.CV_8U)
    shrink = max(1.0, max(contrast.shape) / RIDGE_SIDE)
    height, width = (max(1, round(side / shrink)) for side in contrast.shape)
    return np.asarray(cv2.resize(levels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _line_slopes(small: Gray) -> NDArray[np.float64]:
    """The slopes near which strips all over the picture show LINES_MIN lines; usually none."""
    size = STRIPS, len(small)
    strips = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.uint8)
    width, slopes = small.shape[1] / STRIPS, SLOPES[::2]
    # One picture of all slopes side by side, each with the columns that a blur reflects.
    side_by_side = np.empty((len(strips), len(slopes), STRIPS + 2), np.uint8)
    for index, slope in enumerate(slopes):
        side_by_side[:, index, 1:-1] = _sheared(strips, slope * width)
    side_by_side[..., 0], side_by_side[..., -1] = side_by_side[..., 2], side_by_side[..., -3]
    mean = cv2.blur(side_by_side.reshape(len(strips), -1), (3, 1))
    ridge = cv2.morphologyEx(mean, cv2.MORPH_TOPHAT, _thin_window(small))
    inner = ridge.reshape(side_by_side.shape)[..., 1:-1]
    lines = inner > SEEN_MIN * FLOOR_LEVEL
    edges = np.count_nonzero(lines[1:] != lines[:-1], axis=0)
    lined = (edges >= 2 * LINES_MIN - 1).mean(axis=1)
    if lined.max() < STRIPS_LINED:
        return np.array([])
    strength = (inner.astype(np.float32) ** 2).sum(axis=(0, 2))
    best = 2 * int(np.argmax(strength))
    return SLOPES[max(0, best - SLOPES_NEAR) : best + SLOPES_NEAR + 1]


def _sheared(picture: Gray, slope: float, *, back: bool = False) -> Gray:
    """A picture whose lines of that slope, in px down for each px along, are horizontal."""
    height, width = picture.shape
    shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
    way = cv2.INTER_LINEAR | (0 if back else cv2.WARP_INVERSE_MAP)
    outside = 0 if back else FLOOR_LEVEL
    return np.asarray(cv2.warpAffine(picture, shear, (width, height), None, way, 0, outside))


def _thin_window(small: Gray) -> Gray:
    return np.ones((round(THIN * max(small.shape)) | 1, 1), np.uint8)


def _ridge(small: Gray, slopes: NDArray[np.float64]) -> Gray:
    """How much each pixel's neighbourhood along some slope stands out from those beside it."""
    window, thin = round(TRACE_WINDOW * small.shape[1]) | 1, _thin_window(small)
    best = np.zeros_like(small)
    for slope in slopes:
        mean = cv2.blur(_sheared(small, slope), (window, 1))
        ridge = np.asarray(cv2.morphologyEx(mean, cv2.MORPH_TOPHAT, thin), np.uint8)
        np.maximum(best, _sheared(ridge, slope, back=True), out=best)
    return best


def detect_rule_lines(contrast: Field, small: Gray, slopes: NDArray[np.float64]) -> list[Line]:
    """The horizontal lines that go across a picture; `small` is its small copy."""
    width, shrink = contrast.shape[1], max(contrast.shape) / max(small.shape)
    reach, ridge = round(2 * shrink), _ridge(small, slopes)
    marks = (ridge > SEEN_MIN * FLOOR_LEVEL).view(np.uint8)
    _, labels = labelled(marks)
    least = max(LENGTH_MIN * small.shape[1], COLUMNS_MIN)
    parts = sorted(connected_components(marks), key=lambda part: -part.w)
    lines = []
    for part in parts[:LINES_MAX]:
        if part.w < least:
            break
        own = np.where(labels[part.place] == labels[part.at[::-1]], ridge[part.place], 0)
        columns = np.arange(part.w)
        rows = own.argmax(axis=0)
        curve = np.polyfit(columns, rows, 2, w=own.max(axis=0))
        off = np.abs(np.polyval(curve, columns) - rows)
        if quantile(off, 0.5) > RIDGE_BEND_MAX * part.w + 1:
            continue
        along = np.arange(round(part.x * shrink), min(width, round((part.x + part.w) * shrink)))
        path = np.interp((along + 0.5) / shrink - 0.5 - part.x, columns, rows) + part.y
        line, faintest = trace_line(contrast, along, (path + 0.5) * shrink - 0.5, reach)
        if faintest >= EVEN_MIN * line.contrast and _goes_across(line, contrast.shape):
            lines.append(line)
    printed = _similar_lines(lines)
    whole = [line for line in printed if len(line.rows) >= ACROSS * width]
    return printed + _interpolate(whole, contrast, reach)


def _goes_across(line: Line, shape: tuple[int, ...]) -> bool:
    """Whether a line goes from edge to edge of the picture, or nearly all the way."""
    height, width = shape
    edge = BORDER_SHARE * max(shape)
    ends = (line.first, line.rows[0]), (line.first + len(line.rows), line.rows[-1])
    cut = [min(x, y, width - x, height - y) <= edge for x, y in ends]
    middle = line.rows[len(line.rows) // 2]
    along_edge = min(middle, height - middle) <= edge
    return (all(cut) and not along_edge) or len(line.rows) >= ACROSS * width


def _similar_lines(lines: list[Line]) -> list[Line]:
    """Those lines that one machine printed: alike in contrast and thickness."""
    if not lines:
        return []
    contrast = float(np.median([line.contrast for line in lines]))
    thickness = float(np.median([line.thickness for line in lines]))
    return [
        line
        for line in lines
        if thickness / GRID_ALIKE - 1 <= line.thickness <= thickness * GRID_ALIKE + 1
        and contrast / GRID_ALIKE <= line.contrast <= contrast * GRID_ALIKE
    ]


def _interpolate(lines: list[Line], contrast: Field, reach: int) -> list[Line]:
    """The lines missed among evenly spaced ones, because digits hide much of them."""
    if len(lines) < LINES_MIN:
        return []
    lines = sorted(lines, key=lambda line: int(line.rows[len(line.rows) // 2]))
    middles = [int(line.rows[len(line.rows) // 2]) for line in lines]
    step = max(1.0, quantile(np.diff(middles), 0.5))
    found = []
    for above, below in pairwise(lines):
        columns, high, low = _shared_columns(above, below)
        for number in range(1, count := round(quantile(low - high, 0.5) / step)):
            path = high + (low - high) * (number / count)
            line, _ = trace_line(contrast, columns, path, reach)
            # Little of it may be seen: it is as thick and as dark as its neighbour.
            found.append(line._replace(thickness=above.thickness, contrast=above.contrast))
    return found


def _shared_columns(a: Line, b: Line) -> tuple[NDArray[np.intp], ...]:
    """The columns that two lines share, and the rows of each there."""
    first = max(a.first, b.first)
    columns = np.arange(first, min(a.first + len(a.rows), b.first + len(b.rows)))
    return columns, a.rows[columns - a.first], b.rows[columns - b.first]


def trace_line(
    contrast: Field, columns: NDArray[np.intp], path: NDArray[np.floating], reach: int
) -> tuple[Line, float]:
    """A line that runs within `reach` px of a path, and its contrast where it is faintest."""
    window = max(9, round(TRACE_WINDOW * contrast.shape[1] / 4)) | 1
    near = _contrast_along(contrast, columns, path, reach)
    shift = cv2.blur(near, (window, 1)).argmax(axis=0) - reach
    path = _smooth(path + shift)
    every = max(1, len(columns) // FIT_POINTS)
    wide = _contrast_along(contrast, columns[::every], path[::every], 3 * reach + 3)
    middle = len(wide) // 2
    rank = round(OWN_QUANTILE * (wide.shape[1] - 1))
    profile = np.partition(wide, rank, axis=1)[:, rank]
    peak = float(profile[middle - 1 : middle + 2].max())
    out = profile <= peak / 2
    below = int(np.argmax(out[middle:])) or reach
    above = int(np.argmax(out[middle::-1])) or reach
    strength = cv2.blur(_contrast_along(contrast, columns, path, 1), (5, 1)).max(axis=0)
    usual, low = quantile(strength, OWN_QUANTILE), quantile(strength, FAINTEST_QUANTILE)
    rows = np.round(path).astype(np.intp)
    return Line(int(columns[0]), rows, above + below - 1, usual), low


def _smooth(path: NDArray[np.floating]) -> NDArray[np.float64]:
    """A path as paper bends, whatever strokes along it have drawn some of its points to."""
    along = np.linspace(-1, 1, len(path))
    powers = np.vander(along, BENDS + 1)
    every = max(1, len(path) // FIT_POINTS)
    some, rows = powers[::every], path[::every]
    trusted = np.ones(len(rows), bool)
    for _ in range(3):
        curve = np.linalg.lstsq(some[trusted], rows[trusted], rcond=None)[0]
        off = np.abs(rows - some @ curve)
        trusted = off <= max(1.0, 2 * quantile(off, 0.5))
    return np.asarray(powers @ curve, np.float64)


def _contrast_along(
    contrast: Field, columns: NDArray[np.intp], path: NDArray[np.floating], reach: int
) -> Field:
    """The contrast along a path and up to `reach` px beside it: (2 * reach + 1, columns)."""
    rows = np.round(path).astype(np.intp) + np.arange(-reach, reach + 1)[:, None]
    return np.asarray(contrast[rows.clip(0, len(contrast) - 1), columns], np.float32)
