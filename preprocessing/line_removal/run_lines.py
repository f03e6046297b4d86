"""Ink -> the same without lone lines and frames: straight runs of connected ink.

A run is a printed line's if it belongs to a component that spans the picture from edge to edge.
Lines are looked for in the weak mask: lines paler than the digits are whole there.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Field, Mask, accumulated, least_squares, opening, quantile
from preprocessing.binarization import Ink
from preprocessing.components import Component, connected_components, labelled, pixels_of
from preprocessing.errors import NoDigitsFound
from preprocessing.glyph import FULL_QUANTILE, stroke_width
from preprocessing.line_removal.erase import (
    BORDER_SHARE,
    INKED_MIN,
    LINES_MAX,
    OWN_QUANTILE,
    SLOPE_MAX,
    UNTOUCHED_QUANTILE,
    Line,
    erase,
)

LINE_MIN = 0.45  # of the picture's width (height): shorter straight runs are strokes
RUN_STROKES = 3  # ratio to the lines' mean thickness: at least so long is a run
RUNS_MAX = 200  # runs in one direction that are joined to lines, the longest
THICKNESS_MAX = 0.07  # of the long side: thicker runs are no lines
KNOWN_MIN = 0.3  # of a line's pixels: so many belong to components that span the picture
COUNTED_MIN = 0.05  # of the short side: smaller components are not counted
EVEN = 0.76  # ratio of the median contrast of an evenly printed line to its darkest part


class LineChain(NamedTuple):
    """A line from left to right, made of runs and the breaks between them."""

    points: tuple[tuple[int, int], ...]  # (x, y), the ends of its runs
    thickness: float  # px

    @property
    def length(self) -> int:
        """Distance between its ends, px."""
        return self.points[-1][0] - self.points[0][0]

    @property
    def inked(self) -> int:
        """Length of its runs, px."""
        return sum(
            self.points[i + 1][0] - self.points[i][0] for i in range(0, len(self.points), 2)
        )


def remove_run_lines(ink: Ink) -> Ink:
    """Erase the lines of components that span the picture; raises NoDigitsFound for too many.

    They are looked for in the coarse mask, and measured in the full one.
    """
    coarse = ink.coarse_mask
    spanning = spanning_components(coarse, ink.coarse_components)
    if not spanning.any():
        return ink
    mask, by = ink.weak_mask, ink.coarse_by
    run = max(5, round(RUN_STROKES * stroke_width(spanning * 255)))
    across = _printed_lines(coarse, spanning, run, by)
    turned = np.ascontiguousarray(coarse.T), np.ascontiguousarray(spanning.T)
    down = _printed_lines(*turned, run, by)
    across = [_refined(mask, ink.contrast, line, by) for line in across]
    down = [_refined(mask.T, ink.contrast.T, line, by) for line in down]
    return erase(
        ink,
        [line for line in across if _is_bounded(line, down, mask)],
        [line for line in down if _is_bounded(line, across, mask.T)],
    )


def _is_bounded(line: Line, crossing: list[Line], mask: Mask) -> bool:
    """Whether a line goes on to the picture's edge, or to a line across it, at both ends.

    The straight strokes of a digit that is connected to a printed line do not.
    Ink that goes on from an end, as in a thick frame, counts as the line's.
    """
    size = mask.shape[1]
    reach = BORDER_SHARE * size + line.thickness
    first, last = line.first, line.first + len(line.rows) - 1
    rows = line.rows[[0, -1]].clip(0, len(mask) - 1)
    before = np.cumprod(mask[rows[0], :first][::-1]).sum(dtype=np.intp)
    behind = np.cumprod(mask[rows[1], last + 1 :]).sum(dtype=np.intp)
    ends = (first, rows[0], first - before), (last, rows[1], size - 1 - last - behind)
    return all(
        to_edge <= reach
        or any(
            abs(other.rows[min(max(across - other.first, 0), len(other.rows) - 1)] - along)
            <= reach + other.thickness
            for other in crossing
        )
        for along, across, to_edge in ends
    )


def _printed_lines(coarse: Mask, spanning: Mask, run: int, by: int) -> list[Line]:
    """The horizontal lines that are long enough and belong to components that span the picture.

    Found in a coarse mask and given in px of the full one, with a row for each of its columns.
    Raises NoDigitsFound for more than LINES_MAX.
    """
    length = LINE_MIN * coarse.shape[1]
    lines: list[Line] = []
    for chain in horizontal_lines(coarse, run=run):
        if chain.length < length or chain.inked < INKED_MIN * chain.length:
            continue
        if chain.thickness > THICKNESS_MAX * max(coarse.shape):
            continue
        xs, ys = np.array(chain.points).T
        columns = np.arange(xs[0], xs[-1] + 1)
        rows = np.asarray(np.interp(columns, xs, ys).round(), np.intp)
        half = round(chain.thickness / 2)
        place = (rows + np.arange(-half, half + 1)[:, None]).clip(0, len(coarse) - 1), columns
        if np.count_nonzero(spanning[place]) >= KNOWN_MIN * np.count_nonzero(coarse[place]):
            middles = by * np.stack([xs, ys]) + by // 2
            along = np.arange(by * xs[0], by * (xs[-1] + 1))
            rows = np.asarray(np.interp(along, *middles).round(), np.intp)
            lines.append(Line(int(along[0]), rows, by * chain.thickness, np.inf))
    if len(lines) > LINES_MAX:
        raise NoDigitsFound("crowded")
    return lines


def _refined(mask: Mask, contrast: Field, line: Line, by: int) -> Line:
    """The same line with rows, thickness and contrast of the columns that no digit touches.

    Between these it is interpolated. A digit's foot on the line would move its rows upwards,
    thicken it, and be erased with it. The line's ink is less than `by` px from the given rows.
    """
    height, width = mask.shape
    whole = line._replace(rows=line.rows[: width - line.first])
    # In a large picture not at every column.
    columns = np.arange(whole.first, whole.first + len(whole.rows), by)
    near = whole.rows[::by] + np.array(sorted(range(1 - by, by), key=abs))[:, None]
    nearest = mask[near.clip(0, height - 1), columns].argmax(axis=0)
    rows = near[nearest, np.arange(len(columns))].clip(0, height - 1)
    above, below = vertical_depths(mask, rows, columns, 2 * round(line.thickness) + 2)
    inked = below > 0
    if not inked.any():
        return whole
    across = above + below - 1
    thickness = quantile(across[inked], UNTOUCHED_QUANTILE)
    plain = inked & (across <= thickness + 1)
    middles, known = (rows + (below - above) / 2)[plain], columns[plain]
    own = contrast[middles.round().astype(np.intp).clip(0, height - 1), known]
    along = np.arange(whole.first, whole.first + len(whole.rows))
    rows = np.interp(along, known, middles).round().astype(np.intp)
    return Line(whole.first, rows, thickness, EVEN * quantile(own, FULL_QUANTILE))


def vertical_depths(
    mask: Mask, rows: NDArray[np.intp], columns: NDArray[np.intp], most: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Lengths in px of the runs of ink upwards and downwards from some pixels, these included.

    At most `most`, which is also the length of a run that the picture's edge cuts.
    """
    away = np.arange(most)[:, None]
    up, down = (
        accumulated(np.minimum, mask[(rows + way).clip(0, len(mask) - 1), columns]).sum(
            axis=0, dtype=np.intp
        )
        for way in (-away, away)
    )
    return up, down


def spanning_components(mask: Mask, components: list[Component]) -> Mask:
    """The components that reach two opposite edges of the picture, 1 on 0."""
    least = COUNTED_MIN * min(mask.shape)
    alone = sum(max(one.w, one.h) >= least for one in components) == 1
    spanning = [one for one in components if _spans(one, mask.shape, alone=alone)]
    if not spanning:
        return np.zeros_like(mask)
    return pixels_of(mask, spanning).view(np.uint8)


def _spans(component: Component, shape: tuple[int, ...], *, alone: bool) -> bool:
    """Whether a component reaches two opposite edges; a lone one from top to bottom is a digit."""
    height, width = shape
    edge = max(1.0, BORDER_SHARE * min(shape))
    across = component.x <= edge and component.x + component.w >= width - edge
    down = component.y <= edge and component.y + component.h >= height - edge
    return across or (down and not alone)


def horizontal_lines(mask: Mask, *, run: int) -> list[LineChain]:
    """Find lines made of horizontal runs of at least `run` px and the breaks between them.

    Raises NoDigitsFound for more than LINES_MAX runs that are lines by themselves.
    """
    # Dilated by a pixel up and down, so that the steps of a slanted line are connected.
    thick = np.asarray(cv2.dilate(mask, np.ones((3, 1), np.uint8)), np.uint8)
    along = opening(thick, run, 1) & ~opening(thick, 1, run)
    runs = np.asarray(cv2.dilate(along, np.ones((1, 3), np.uint8)), np.uint8)
    _, labels = labelled(runs)
    chains = []
    components = sorted(connected_components(runs), key=lambda component: -component.w)
    if len(components) > LINES_MAX and components[LINES_MAX].w >= LINE_MIN * mask.shape[1]:
        raise NoDigitsFound("crowded")
    for (at_x, at_y), x, y, w, h in components[:RUNS_MAX]:
        area = np.s_[y : y + h, x : x + w]
        own = (labels[area] == labels[at_y, at_x]) & (mask[area] > 0)
        fitted = _fit_run(own) if w >= run // 2 else None
        if fitted is not None:
            ends = tuple((px + int(x), py + int(y)) for px, py in fitted.points)
            chains.append(LineChain(ends, fitted.thickness))
    return _chain(sorted(chains), run)


def _fit_run(ink: NDArray[np.bool_]) -> LineChain | None:
    """A straight line through one run, or None if it is too steep."""
    depths = ink.sum(axis=0)
    columns = np.nonzero(depths)[0]
    if len(columns) < 2:
        return None
    middles = (ink * np.arange(len(ink))[:, None]).sum(axis=0)[columns] / depths[columns]
    thickness = quantile(depths[columns], OWN_QUANTILE)
    plain = np.abs(middles - quantile(middles, 0.5)) <= SLOPE_MAX * len(columns) + thickness
    plain &= depths[columns] <= 2 * thickness + 1
    if plain.sum() < 2:
        return None
    slope, start = least_squares(columns[plain], middles[plain])
    if abs(slope) > SLOPE_MAX:
        return None
    ends = tuple((int(x), round(slope * x + start)) for x in (columns[0], columns[-1]))
    return LineChain(ends, thickness)


def _chain(runs: list[LineChain], overlap: int) -> list[LineChain]:
    """Join runs, sorted from the left, to the first line that they continue."""
    lines: list[LineChain] = []
    ends = np.empty((len(runs), 3))  # of each line so far: x, y, thickness
    for run in runs:
        (x, y), (ends_x, ends_y, thickness) = run.points[0], ends[: len(lines)].T
        away = np.maximum(thickness, run.thickness) + SLOPE_MAX * np.abs(x - ends_x)
        behind = np.flatnonzero((x - ends_x >= -overlap) & (np.abs(y - ends_y) <= away))
        if len(behind):
            index = int(behind[0])
            line = lines[index]
            parts = (line.inked, line.thickness), (run.inked, run.thickness)
            mean = sum(a * b for a, b in parts) / max(1, sum(a for a, _ in parts))
            lines[index] = LineChain(line.points + run.points, mean)
        else:
            index = len(lines)
            lines.append(run)
        ends[index] = *lines[index].points[-1], lines[index].thickness
    return lines
