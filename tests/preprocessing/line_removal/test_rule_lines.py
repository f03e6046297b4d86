"""Lines of a sheet that were missed are found by their neighbours."""

import numpy as np
import pytest

from preprocessing.binarization import binarize
from preprocessing.line_removal.rule_lines import (
    TracedLine,
    complete_line_grid,
    detect_rule_lines,
    trace_line,
    typical_line,
)
from tests.papers import blank, write

COLUMNS = np.arange(400)


def ruled_sheet(step: int, thick: int, *, lean: float = 0.0) -> np.ndarray:
    x, y = np.meshgrid(np.arange(640), np.arange(480))
    page = np.where(np.mod(y + lean * x, step) < thick, 140, blank(640, 480))
    grain = np.random.default_rng(2).normal(0, 3, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


def test_lines_that_only_the_corners_show_are_found() -> None:
    ink = binarize(ruled_sheet(40, 2, lean=0.12))
    lines = detect_rule_lines(ink.contrast, ink.noise_floor)
    for first in range(0, 560, 40):  # its row at the left edge
        columns = np.arange(640)
        rows = first - 0.12 * columns
        shown = columns[(rows > 3) & (rows < 476)]
        if len(shown) >= 60:
            middle = shown[len(shown) // 2]
            ends = [line.rows[middle - line.first] for line in lines if _reaches(line, middle)]
            assert min(abs(rows[middle] - row) for row in ends) <= 3, first


def test_a_line_lost_sight_of_within_the_sheet_is_followed_to_the_edge() -> None:
    page = ruled_sheet(60, 2)
    ink = binarize(page)
    lines = detect_rule_lines(ink.contrast, ink.noise_floor)
    short = [line._replace(rows=line.rows[:480]) for line in lines if line.rows[0] > 20]
    rests = _after(short, page)
    assert all(len(rest.rows) == 640 - 480 for rest in rests)
    for line in short:
        assert min(abs(rest.rows - line.rows[-1]).max() for rest in rests) <= 2
    page[:, 470:] = 230
    assert not _after(short, page)


def _reaches(line: TracedLine, column: int) -> bool:
    return line.first <= column < line.first + len(line.rows)


def _after(lines: list[TracedLine], page: np.ndarray) -> list[TracedLine]:
    """What is missed of these lines where they end."""
    found = complete_line_grid(lines, binarize(page).contrast, 3)
    return [line for line in found if line.first == 480]


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
    ink = binarize(write(ruled(step, thick, lean=lean), "35", at=(220, 150), height=160))
    lines = detect_rule_lines(ink.contrast, ink.noise_floor)
    assert len(lines) >= 480 // step - 2
    contrast, thickness = typical_line(lines)
    assert abs(contrast - (230 - 140) / 230) < 0.1
    assert abs(thickness - thick) <= 1


def test_digits_alone_hold_no_printed_line() -> None:
    ink = binarize(write(blank(640, 480), "1471", at=(60, 120), height=200, pen=0.03))
    assert not detect_rule_lines(ink.contrast, ink.noise_floor)
    assert not detect_rule_lines(np.ascontiguousarray(ink.contrast.T), ink.noise_floor)


def test_a_line_that_ends_within_the_sheet_is_not_printed_across_it() -> None:
    page = blank(640, 480)
    page[200:203, :380] = 120
    ink = binarize(page)
    assert not detect_rule_lines(ink.contrast, ink.noise_floor)
    page[200:203] = 120
    ink = binarize(page)
    assert len(detect_rule_lines(ink.contrast, ink.noise_floor)) == 1


def bent(thick: int) -> tuple[np.ndarray, np.ndarray]:
    """Contrast with one bent line of 0.5, and the row of its middle in each column."""
    rows = 60 + 8 * np.sin(COLUMNS / 130)
    apart = np.abs(np.arange(120)[:, None] - rows[None, :])
    return np.where(apart <= thick / 2, 0.5, 0).astype(np.float32), rows


def test_a_bent_line_is_followed_within_a_pixel() -> None:
    contrast, rows = bent(3)
    line = trace_line(contrast, COLUMNS, np.full(400, 60, np.float32), reach=12)
    assert np.abs(line.rows - rows).max() <= 1.5
    assert abs(line.thickness - 3) <= 1 and line.contrast > 0.3
    assert line.faintest > 0.6 * line.contrast


def test_a_stroke_across_the_line_does_not_draw_it_away() -> None:
    contrast, rows = bent(3)
    contrast[30:75, 180:200] = 1.0
    line = trace_line(contrast, COLUMNS, np.full(400, 60, np.float32), reach=12)
    assert np.abs(line.rows - rows).max() <= 2
    assert line.contrast < 0.6


def test_a_line_that_fades_here_and_there_is_uneven() -> None:
    contrast, _ = bent(3)
    contrast[:, 170:230] *= 0.1
    line = trace_line(contrast, COLUMNS, np.full(400, 60, np.float32), reach=12)
    assert line.faintest < 0.3 * line.contrast
