"""Lines printed across a sheet are found as thick and as dark as they are, and followed."""

from unittest.mock import Mock

import numpy as np
import pytest

from preprocessing.arrays import Field
from preprocessing.binarization import Ink, binarize
from preprocessing.errors import NoDigitsFound
from preprocessing.line_removal import rule_lines
from preprocessing.line_removal.erase import Line
from preprocessing.line_removal.rule_lines import (
    _line_slope,
    _small_copy,
    detect_rule_lines,
    remove_rule_lines,
    trace_lines,
)
from tests.papers import blank, write

COLUMNS = np.arange(400)


def lines_in(ink: Ink, *, transposed: bool = False) -> list[Line]:
    contrast = np.ascontiguousarray(ink.contrast.T) if transposed else ink.contrast
    small = _small_copy(contrast, ink.noise_floor)
    return detect_rule_lines(contrast, small, _line_slope(small) or 0.0)


@pytest.mark.parametrize("lean", [-0.15, -0.08, 0.0, 0.04, 0.15])
@pytest.mark.parametrize("step", [16, 40, 90])
def test_a_ruled_sheet_loses_its_lines_and_digits_alone_are_not_even_looked_at(
    step: int, lean: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    ink = binarize(write(ruled(step, 2, lean=lean), "35", at=(220, 150), height=160))
    margin = np.s_[:, :160]
    assert remove_rule_lines(ink).mask[margin].sum() < 0.2 * ink.mask[margin].sum()
    monkeypatch.setattr(rule_lines, "_small_copy", Mock(side_effect=AssertionError))
    alone = binarize(write(blank(640, 480), "35", at=(220, 150), height=160))
    assert remove_rule_lines(alone) is alone


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
    lines = lines_in(ink)
    assert len(lines) >= 480 // step - 2
    contrast = float(np.median([line.contrast for line in lines]))
    thickness = float(np.median([line.thickness for line in lines]))
    assert abs(contrast - (230 - 140) / 230) < 0.1
    assert abs(thickness - thick) <= 1


def test_digits_alone_hold_no_printed_line() -> None:
    ink = binarize(write(blank(640, 480), "1471", at=(60, 120), height=200, pen=0.03))
    assert not lines_in(ink)
    assert not lines_in(ink, transposed=True)


def test_a_line_that_ends_within_the_sheet_is_not_printed_across_it() -> None:
    page = blank(640, 480)
    page[200:203, :380] = 120
    assert not lines_in(binarize(page))
    page[200:203] = 120
    assert len(lines_in(binarize(page))) == 1


def bent(thick: int) -> tuple[Field, np.ndarray]:
    """Contrast with one bent line of 0.5, and the row of its middle in each column."""
    rows = 60 + 8 * np.sin(COLUMNS / 130)
    apart = np.abs(np.arange(120)[:, None] - rows[None, :])
    return np.where(apart <= thick / 2, 0.5, 0).astype(np.float32), rows


def test_a_bent_line_is_followed_within_a_pixel() -> None:
    contrast, rows = bent(3)
    (line,) = trace_lines(contrast, [(COLUMNS, np.full(400, 60, np.float32))], reach=12)
    assert np.abs(line.rows - rows).max() <= 1.5
    assert abs(line.thickness - 3) <= 1 and line.contrast > 0.3


def test_a_stroke_across_the_line_does_not_draw_it_away() -> None:
    contrast, rows = bent(3)
    contrast[30:75, 180:200] = 1.0
    (line,) = trace_lines(contrast, [(COLUMNS, np.full(400, 60, np.float32))], reach=12)
    assert np.abs(line.rows - rows).max() <= 2
    assert line.contrast < 0.6


@pytest.mark.parametrize("turns", [0, 1])
def test_a_sheet_of_more_lines_than_any_paper_is_crowded(turns: int) -> None:
    """Each of them is traced, in a larger picture too: 100 and 30 more took half a second."""
    sheets = []
    for pitch in (16, 5):
        page = blank(640, 640)
        page[::pitch] = 120
        sheets.append(binarize(np.ascontiguousarray(np.rot90(page, turns))))
    assert remove_rule_lines(sheets[0]) is not sheets[0]  # 40 lines are erased
    with pytest.raises(NoDigitsFound) as error:
        remove_rule_lines(sheets[1])
    assert error.value.cause == "crowded"


def test_lines_between_others_count_among_those_of_a_crowded_sheet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Covered lines are no ridges that go across, and are found between those that do."""
    page = blank(640, 640)
    page[::16] = 120
    page[::64, 100:520] = 230
    ink = binarize(page)
    assert remove_rule_lines(ink) is not ink
    monkeypatch.setattr(rule_lines, "LINES_MAX", 32)
    with pytest.raises(NoDigitsFound):
        remove_rule_lines(ink)
