"""Lines printed across a sheet are found where they are; strokes are none."""

import numpy as np
import pytest

from preprocessing.ink import find_ink
from preprocessing.printed import _onward, printed_lines, usual
from preprocessing.traced import Line
from tests.papers import blank, write


def ruled(step: int, thick: int, *, lean: float = 0.0) -> np.ndarray:
    x, y = np.meshgrid(np.arange(640), np.arange(480))
    page = np.where(np.mod(y + lean * x, step) < thick, 140, blank(640, 480))
    grain = np.random.default_rng(2).normal(0, 3, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("lean", [0.0, 0.08])
@pytest.mark.parametrize(("step", "thick"), [(40, 2), (60, 5)])
def test_each_line_is_found_with_its_thickness_and_contrast(
    step: int, thick: int, lean: float
) -> None:
    ink = find_ink(write(ruled(step, thick, lean=lean), "35", at=(220, 150), height=160))
    lines = printed_lines(ink.contrast, ink.floor)
    assert len(lines) >= 480 // step - 2
    contrast, thickness = usual(lines)
    assert abs(contrast - (230 - 140) / 230) < 0.1
    assert abs(thickness - thick) <= 1


def test_lines_that_only_the_corners_show_are_found() -> None:
    ink = find_ink(ruled(40, 2, lean=0.12))
    lines = printed_lines(ink.contrast, ink.floor)
    for first in range(0, 560, 40):  # its row at the left edge
        columns = np.arange(640)
        rows = first - 0.12 * columns
        shown = columns[(rows > 3) & (rows < 476)]
        if len(shown) >= 60:
            middle = shown[len(shown) // 2]
            ends = [line.rows[middle - line.first] for line in lines if _reaches(line, middle)]
            assert min(abs(rows[middle] - row) for row in ends) <= 3, first


def test_a_line_lost_sight_of_within_the_sheet_is_followed_to_the_edge() -> None:
    page = ruled(60, 2)
    lines = printed_lines(find_ink(page).contrast, 0.05)
    short = [line._replace(rows=line.rows[:480]) for line in lines]
    (rest, *_) = _onward(short[:1], find_ink(page).contrast, reach=3)
    assert (rest.first, rest.first + len(rest.rows)) == (480, 640)
    assert abs(rest.rows - short[0].rows[-1]).max() <= 2
    page[:, 470:] = 230
    assert not _onward(short[:1], find_ink(page).contrast, reach=3)


def _reaches(line: Line, column: int) -> bool:
    return line.first <= column < line.first + len(line.rows)


def test_digits_alone_hold_no_printed_line() -> None:
    ink = find_ink(write(blank(640, 480), "1471", at=(60, 120), height=200, pen=0.03))
    assert not printed_lines(ink.contrast, ink.floor)
    assert not printed_lines(np.ascontiguousarray(ink.contrast.T), ink.floor)


def test_a_line_that_ends_within_the_sheet_is_not_printed_across_it() -> None:
    page = blank(640, 480)
    page[200:203, :380] = 120
    ink = find_ink(page)
    assert not printed_lines(ink.contrast, ink.floor)
    page[200:203] = 120
    ink = find_ink(page)
    assert len(printed_lines(ink.contrast, ink.floor)) == 1
