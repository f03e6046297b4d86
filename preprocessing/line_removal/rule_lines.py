"""Ink on a ruled or squared sheet -> the same without the sheet's lines.

A printed line may be as faint as the paper's grain and then is no component of a mask; but it goes
across the sheet, thin and even. A ridge filter averages contrast along nearly horizontal slopes
over a window longer than any straight stroke: lines stay, grain and strokes are averaged out.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Field, Gray, quantile
from preprocessing.binarization import Ink
from preprocessing.components import connected_components, labelled
from preprocessing.errors import NoDigitsFound
from preprocessing.line_removal.erase import (
    ALIKE_MAX,
    BORDER_SHARE,
    LINES_MAX,
    OWN_QUANTILE,
    SLOPE_MAX,
    Line,
    erase,
)

# The columns of a line, px, and its row in each of them.
Path = tuple[NDArray[np.intp], NDArray[np.floating]]
RIDGE_SIDE = 400  # px, long side of the copy in which lines are looked for
FLOOR_LEVEL = 51  # grey levels per noise floor in that copy: more than four floors saturate
SEEN_MIN = 0.3  # of the noise floor: a fainter line leaves no ink in the mask
# Slopes at which lines are looked for; then at half these distances around the best one.
SLOPES = np.linspace(-SLOPE_MAX, SLOPE_MAX, 5)
THICKNESS_MAX = 0.025  # of the long side: thicker ridges are no lines
TRACE_WINDOW = 0.13  # of the picture's width: the length over which a line is averaged
STRIPS = 16  # strips across the picture in which lines are counted first
STRIPS_LINED_MIN = 0.6  # of those strips: in so many a sheet's lines are found
LINES_MIN = 4  # lines in one direction that prove a ruled sheet
RIDGE_MIN = 20  # px of that copy: shorter ridges are ignored
ACROSS_MIN = 0.75  # of the picture's width: length of a line that ends inside the picture
DEGREE = 5  # of the polynomial that follows a line on paper that is not flat
FIT_POINTS = 100  # points of a line that its curve and its profile are fitted to


def remove_rule_lines(ink: Ink) -> Ink:
    """Erase the lines of a ruled or squared sheet, if LINES_MIN in one direction prove one.

    Raises NoDigitsFound where there are more than LINES_MAX, which bounds the time.
    """
    seen, long_side = SEEN_MIN * ink.noise_floor, max(ink.contrast.shape)
    if not any(_line_marks(strips, seen, long_side)[0] for strips in _strips(ink.contrast)):
        return ink
    small = _small_copy(ink.contrast, ink.noise_floor)
    sides = np.ascontiguousarray(small.T)
    across, down = _line_slope(small), _line_slope(sides)
    if across is None and down is None:
        return ink
    # The lines of one sheet are at right angles.
    across, down = (
        (-(down or 0.0) if across is None else across),
        (-(across or 0.0) if down is None else down),
    )
    horizontal = detect_rule_lines(ink.contrast, small, across)
    vertical = detect_rule_lines(ink.contrast.T, sides, down)
    if max(len(horizontal), len(vertical)) < LINES_MIN:
        return ink
    return erase(ink, horizontal, vertical)


def _strips(contrast: Field) -> tuple[Field, Field]:
    """Means over STRIPS equal widths, for each row, and over as many heights, for each column.

    By sums: cv2.resize takes three times as long for fields.
    """
    height, width = contrast.shape
    tall, wide = -(-height // STRIPS), -(-width // STRIPS)
    columns = [contrast[:, at : at + wide] for at in range(0, width, wide)]
    rows = [contrast[at : at + tall] for at in range(0, height, tall)]
    across = np.hstack([cv2.reduce(part, 1, cv2.REDUCE_SUM) for part in columns])
    down = np.hstack([cv2.reduce(part, 0, cv2.REDUCE_SUM).T for part in rows])
    return across / np.float32(wide), down / np.float32(tall)


def _line_marks(strips: Field | Gray, seen: float, long_side: int) -> tuple[bool, float]:
    """Whether most strips (rows, STRIPS) show LINES_MIN lines each, and the ridges' energy."""
    thin = np.ones((round(THICKNESS_MAX * long_side) | 1, 1), np.uint8)
    ridge = np.asarray(cv2.morphologyEx(strips, cv2.MORPH_TOPHAT, thin), np.float32)
    lines = ridge > seen
    edges = np.count_nonzero(lines[1:] != lines[:-1], axis=0)
    are_seen = float((edges >= 2 * LINES_MIN - 1).mean()) >= STRIPS_LINED_MIN
    return are_seen, float((ridge**2).sum())


def _line_slope(small: Gray) -> float | None:
    """The slope of SLOPES at which strips, averaged with their neighbours, have most energy."""
    size = STRIPS, len(small)
    strips = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.uint8)
    means = (_sheared(strips, slope * small.shape[1] / STRIPS) for slope in SLOPES)
    marks = [
        _line_marks(_blurred(mean, 3), SEEN_MIN * FLOOR_LEVEL, max(small.shape)) for mean in means
    ]
    if not any(are_seen for are_seen, _ in marks):
        return None
    return float(SLOPES[np.argmax([strength for _, strength in marks])])


def _blurred(picture: Gray, width: int) -> Gray:
    """Means over so many px along each row."""
    return np.asarray(cv2.blur(picture, (width, 1)), np.uint8)


def _small_copy(contrast: Field, floor: float) -> Gray:
    """Contrast as grey levels, paper at FLOOR_LEVEL, at most RIDGE_SIDE px on its long side."""
    scale = FLOOR_LEVEL / floor
    levels = cv2.addWeighted(contrast, scale, contrast, 0, FLOOR_LEVEL, dtype=cv2.CV_8U)
    shrink = max(1.0, max(contrast.shape) / RIDGE_SIDE)
    height, width = (max(1, round(side / shrink)) for side in contrast.shape)
    return np.asarray(cv2.resize(levels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _sheared(picture: Gray, slope: float, *, back: bool = False) -> Gray:
    """A picture whose lines of that slope, in px down for each px along, are horizontal."""
    height, width = picture.shape
    shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
    way = cv2.INTER_LINEAR | (0 if back else cv2.WARP_INVERSE_MAP)
    outside = 0 if back else FLOOR_LEVEL
    return np.asarray(cv2.warpAffine(picture, shear, (width, height), None, way, 0, outside))


def _ridge(small: Gray, lean: float) -> Gray:
    """The ridge filter's response: contrast averaged along a slope near `lean`, top-hat across."""
    window = round(TRACE_WINDOW * small.shape[1]) | 1
    thin = np.ones((round(THICKNESS_MAX * max(small.shape)) | 1, 1), np.uint8)
    best = np.zeros_like(small)
    for slope in lean + SLOPES / 2:
        mean = _blurred(_sheared(small, slope), window)
        ridge = np.asarray(cv2.morphologyEx(mean, cv2.MORPH_TOPHAT, thin), np.uint8)
        np.maximum(best, _sheared(ridge, slope, back=True), out=best)
    return best


def detect_rule_lines(contrast: Field, small: Gray, lean: float) -> list[Line]:
    """The horizontal lines that go across a picture at a slope near `lean`.

    `small` is the picture's small copy. Raises NoDigitsFound for more than LINES_MAX.
    """
    width, shrink = contrast.shape[1], max(contrast.shape) / max(small.shape)
    reach, ridge = round(2 * shrink), _ridge(small, lean)
    marks = (ridge > SEEN_MIN * FLOOR_LEVEL).view(np.uint8)
    _, labels = labelled(marks)
    ridges = sorted(connected_components(marks), key=lambda component: -component.w)
    if len(ridges) > LINES_MAX and ridges[LINES_MAX].w >= ACROSS_MIN * small.shape[1]:
        raise NoDigitsFound("crowded")
    paths: list[Path] = []
    for found in ridges[:LINES_MAX]:
        if found.w < RIDGE_MIN:
            break
        own = np.where(labels[found.place] == labels[found.at[::-1]], ridge[found.place], 0)
        along = np.arange(round(found.x * shrink), min(width, round((found.x + found.w) * shrink)))
        path = np.interp(
            (along + 0.5) / shrink - 0.5, found.x + np.arange(found.w), own.argmax(axis=0)
        )
        path = (path + found.y + 0.5) * shrink - 0.5
        # Most ridges end within the picture: they need not be traced.
        if _goes_across(int(along[0]), path, contrast.shape, 3 * reach):
            paths.append((along, path))
    lines = trace_lines(contrast, paths, reach)
    printed = _similar_lines(
        [line for line in lines if _goes_across(line.first, line.rows, contrast.shape)]
    )
    whole = [line for line in printed if len(line.rows) >= ACROSS_MIN * width]
    printed += _interpolate(whole, contrast, reach)
    if len(printed) > LINES_MAX:
        raise NoDigitsFound("crowded")
    return printed


def _goes_across(
    first: int, rows: NDArray[np.generic], shape: tuple[int, ...], room: float = 0
) -> bool:
    """Whether a line goes from edge to edge of the picture, or nearly all the way.

    `room`: px by which its rows may be off.
    """
    height, width = shape
    edge = BORDER_SHARE * max(shape)
    ends = (first, float(rows[0])), (first + len(rows), float(rows[-1]))
    cut = [min(x, y - room, width - x, height - y - room) <= edge for x, y in ends]
    middle = float(rows[len(rows) // 2])
    along_edge = min(middle, height - middle) <= edge - room
    return (all(cut) and not along_edge) or len(rows) >= ACROSS_MIN * width


def _similar_lines(lines: list[Line]) -> list[Line]:
    """Those lines that differ from the median by at most ALIKE_MAX in contrast and thickness."""
    if not lines:
        return []
    contrast = median(line.contrast for line in lines)
    thickness = median(line.thickness for line in lines)
    return [
        line
        for line in lines
        if thickness / ALIKE_MAX - 1 <= line.thickness <= thickness * ALIKE_MAX + 1
        and contrast / ALIKE_MAX <= line.contrast <= contrast * ALIKE_MAX
    ]


def _interpolate(lines: list[Line], contrast: Field, reach: int) -> list[Line]:
    """The lines that are missing among evenly spaced ones, since digits cover much of them."""
    if len(lines) < LINES_MIN:
        return []
    lines = sorted(lines, key=lambda line: int(line.rows[len(line.rows) // 2]))
    middles = [int(line.rows[len(line.rows) // 2]) for line in lines]
    step = max(1.0, quantile(np.diff(middles), 0.5))
    paths: list[Path] = []
    neighbours = []
    for above, below in pairwise(lines):
        columns, high, low = _shared_columns(above, below)
        for number in range(1, count := round(quantile(low - high, 0.5) / step)):
            paths.append((columns, high + (low - high) * (number / count)))
            neighbours.append(above)
    # Little of it may be visible: its thickness and contrast are those of its neighbour.
    return [
        line._replace(thickness=above.thickness, contrast=above.contrast)
        for line, above in zip(trace_lines(contrast, paths, reach), neighbours, strict=True)
    ]


def _shared_columns(a: Line, b: Line) -> tuple[NDArray[np.intp], ...]:
    """The columns that two lines share, and the rows of both there."""
    first = max(a.first, b.first)
    columns = np.arange(first, min(a.first + len(a.rows), b.first + len(b.rows)))
    return columns, a.rows[columns - a.first], b.rows[columns - b.first]


def trace_lines(contrast: Field, paths: Sequence[Path], reach: int) -> list[Line]:
    """The lines that run within `reach` px of some paths, each given by its columns and rows.

    All in the same arrays (line, offset, point): in three fifths of the time that they take one
    after the other.
    """
    if not paths:
        return []
    width = contrast.shape[1]
    # In a large picture not at every column: at about RIDGE_SIDE of them.
    step = max(1, width // RIDGE_SIDE)
    points = np.linspace(0, 1, width // step)
    ends = np.array([(columns[0], columns[-1]) for columns, _ in paths])
    columns = (ends[:, :1] + np.diff(ends) * points).round().astype(np.intp)
    given = np.array([np.interp(some, *path) for some, path in zip(columns, paths, strict=True)])
    window = max(9, round(TRACE_WINDOW * width / 4 / step)) | 1
    near = _blurred_along(_contrast_along(contrast, columns, given, reach), window)
    rows = _smooth(given + near.argmax(axis=1) - reach)
    every = max(1, len(points) // FIT_POINTS)
    wide = _contrast_along(contrast, columns[:, ::every], rows[:, ::every], 3 * reach + 3)
    rank = round(OWN_QUANTILE * (wide.shape[2] - 1))
    thickness = _thickness(np.partition(wide, rank, axis=2)[:, :, rank], reach)
    strength = _blurred_along(_contrast_along(contrast, columns, rows, 1), 5).max(axis=1)
    return [
        Line(
            int(along[0]),
            np.interp(along, columns[index], rows[index]).round().astype(np.intp),
            float(thickness[index]),
            quantile(strength[index], OWN_QUANTILE),
        )
        for index, (along, _) in enumerate(paths)
    ]


def _thickness(profiles: Field, reach: int) -> NDArray[np.intp]:
    """Widths in px at half of the peaks in the middle of profiles (line, offset)."""
    middle = profiles.shape[1] // 2
    peaks = profiles[:, middle - 1 : middle + 2].max(axis=1, keepdims=True)
    out = profiles <= peaks / 2
    above, below = out[:, middle::-1].argmax(axis=1), out[:, middle:].argmax(axis=1)
    ends = np.stack([above, below])
    return np.asarray(np.where(ends == 0, reach, ends).sum(axis=0) - 1, np.intp)


def _smooth(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Polynomials through lines (line, point), outliers at strokes left out (least squares)."""
    powers = _powers(rows.shape[1])
    every = max(1, rows.shape[1] // FIT_POINTS)
    some, fitted = powers[::every], rows[:, ::every]
    products = (some[:, :, np.newaxis] * some[:, np.newaxis]).reshape(len(some), -1)
    half, trusted = len(some) // 2, np.ones(fitted.shape)
    for _ in range(3):
        squares = (trusted @ products).reshape(-1, DEGREE + 1, DEGREE + 1)
        curves = np.linalg.solve(squares, ((trusted * fitted) @ some)[..., np.newaxis])[..., 0]
        off = np.abs(fitted - curves @ some.T)
        usual = np.partition(off, half, axis=1)[:, half]
        trusted = (off <= np.maximum(1.0, 2 * usual)[:, np.newaxis]).astype(np.float64)
    return np.asarray(curves @ powers.T, np.float64)


@lru_cache(maxsize=4)
def _powers(length: int) -> NDArray[np.float64]:
    """The powers up to DEGREE of `length` points from -1 to 1; cached, as lines are alike."""
    return np.vander(np.linspace(-1, 1, length), DEGREE + 1)


def _blurred_along(bands: Field, window: int) -> Field:
    """Means over so many points of bands (line, offset, point)."""
    rows = bands.reshape(-1, bands.shape[2])
    return np.asarray(cv2.blur(rows, (window, 1)), np.float32).reshape(bands.shape)


def _contrast_along(
    contrast: Field, columns: NDArray[np.intp], rows: NDArray[np.floating], reach: int
) -> Field:
    """The contrast at points of lines (line, point) and up to `reach` px above and below them."""
    across = rows.round().astype(np.intp)[:, np.newaxis] + np.arange(-reach, reach + 1)[:, None]
    below, beside = (stride // contrast.itemsize for stride in contrast.strides)
    place = across.clip(0, len(contrast) - 1) * below + (columns * beside)[:, np.newaxis]
    # `take` needs half the time of an index for rows and one for columns, and no copy of a
    # transposed array.
    found: Field = contrast.ravel("K").take(place)
    return found
