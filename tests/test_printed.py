"""Lines printed across a sheet are found where they are; strokes are none."""

import numpy as np
import pytest

from preprocessing.ink import find_ink
from preprocessing.printed import printed_lines, usual
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
