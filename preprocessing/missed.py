"""Some lines printed across a sheet -> those that were missed between, beyond and onward of them.

A sheet's lines lie evenly; what digits hide, or the picture shows in its corners only, is known
by its neighbours.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from preprocessing.traced import Field, Line, traced

COLUMNS_MIN = 20  # px: through fewer points of a line no curve is sure
ALIKE = 1.8  # times their middle thickness and contrast: the lines of one sheet


def missed_lines(lines: list[Line], contrast: Field, reach: int) -> list[Line]:
    """The others of a sheet, by at least two that go across it, followed within `reach` px."""
    lines = sorted(lines, key=lambda line: int(line.rows[len(line.rows) // 2]))
    more = _between(lines, contrast, reach) + _beyond(lines, contrast, reach)
    seen = [line for line in lines + more if line.faintest >= line.contrast / ALIKE]
    return more + _onward(seen, contrast, reach)


def _between(lines: list[Line], contrast: Field, reach: int) -> list[Line]:
    """Lines that evenly spaced ones have among them, drawn away from their place by digits."""
    middles = [int(line.rows[len(line.rows) // 2]) for line in lines]
    step = float(np.median(np.diff(middles)))
    found = []
    for above, below in pairwise(lines):
        columns, high, low = _side_by_side(above, below)
        count = round(float(np.median(low - high)) / max(step, 1.0))
        for number in range(1, count):
            path = high + (low - high) * (number / count)
            line = traced(contrast, columns, path, reach)
            # What can be seen of it may be little: its neighbour tells what it is like.
            found.append(line._replace(thickness=above.thickness, contrast=above.contrast))
    return found


def _beyond(lines: list[Line], contrast: Field, reach: int) -> list[Line]:
    """Lines that follow on the outer ones, as far as the picture shows them in its corners."""
    found = []
    for inner, outer in (lines[1::-1], lines[-2:]):
        columns, near, far = _side_by_side(inner, outer)
        path, step = far.astype(np.float32), far - near
        while np.abs(step).min(initial=reach + 1) > reach:
            path = np.asarray(path + step, np.float32)
            seen = (path >= 0) & (path < len(contrast))
            if seen.sum() < COLUMNS_MIN:
                break
            line = traced(contrast, columns[seen], path[seen], reach)
            if line.contrast < outer.contrast / ALIKE:
                break
            found.append(line._replace(thickness=outer.thickness, contrast=outer.contrast))
    return found


def _onward(lines: list[Line], contrast: Field, reach: int) -> list[Line]:
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
            rest = traced(contrast, columns[seen], path[seen], reach)
            if rest.contrast >= line.contrast / ALIKE:
                found.append(rest._replace(thickness=line.thickness, contrast=line.contrast))
    return found


def _side_by_side(a: Line, b: Line) -> tuple[NDArray[np.intp], ...]:
    """The columns that two lines share, and the rows of each there."""
    first = max(a.first, b.first)
    columns = np.arange(first, min(a.first + len(a.rows), b.first + len(b.rows)))
    return columns, a.rows[columns - a.first], b.rows[columns - b.first]
