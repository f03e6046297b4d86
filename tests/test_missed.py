"""Lines of a sheet that were missed are found by their neighbours."""

import numpy as np

from preprocessing.ink import find_ink
from preprocessing.missed import missed_lines
from preprocessing.printed import printed_lines
from preprocessing.traced import Line
from tests.papers import blank


def ruled(step: int, thick: int, *, lean: float = 0.0) -> np.ndarray:
    x, y = np.meshgrid(np.arange(640), np.arange(480))
    page = np.where(np.mod(y + lean * x, step) < thick, 140, blank(640, 480))
    grain = np.random.default_rng(2).normal(0, 3, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


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
    ink = find_ink(page)
    lines = printed_lines(ink.contrast, ink.floor)
    short = [line._replace(rows=line.rows[:480]) for line in lines if line.rows[0] > 20]
    rests = _after(short, page)
    assert all(len(rest.rows) == 640 - 480 for rest in rests)
    for line in short:
        assert min(abs(rest.rows - line.rows[-1]).max() for rest in rests) <= 2
    page[:, 470:] = 230
    assert not _after(short, page)


def _reaches(line: Line, column: int) -> bool:
    return line.first <= column < line.first + len(line.rows)


def _after(lines: list[Line], page: np.ndarray) -> list[Line]:
    """What is missed of these lines where they end."""
    found = missed_lines(lines, find_ink(page).contrast, 3)
    return [line for line in found if line.first == 480]
