import time

import cv2
import numpy as np
import pytest

from preprocessing.straight import least_squares, level_lines


def line_mask(*ends: tuple[int, int], thickness: int = 3) -> np.ndarray:
    mask = np.zeros((200, 400), np.uint8)
    cv2.polylines(mask, [np.array(ends, np.int32)], False, 1, thickness)
    return mask


@pytest.mark.parametrize("rise", [-20, 0, 20])
def test_a_leaning_line_is_one_line(rise: int) -> None:
    mask = line_mask((10, 100), (390, 100 + rise))
    (line,) = level_lines(mask, run=20, gap=10)
    assert line.length == pytest.approx(380, abs=12)
    assert line.thickness == pytest.approx(mask[:, 200].sum(), abs=1)


def test_a_break_is_bridged_only_if_it_is_short() -> None:
    mask = line_mask((10, 100), (390, 100))
    mask[:, 180:210] = 0
    assert len(level_lines(mask, run=20, gap=40)) == 1
    assert len(level_lines(mask, run=20, gap=10)) == 2


def test_a_line_goes_on_behind_a_digit() -> None:
    mask = line_mask((10, 100), (390, 100))
    cv2.circle(mask, (200, 100), 40, 1, -1)
    lines = level_lines(mask, run=60, gap=10)
    assert max(line.length for line in lines) > 350


def test_many_short_dashes_cost_no_time() -> None:
    mask = np.zeros((960, 1280), np.uint8)
    for row in range(0, 960, 8):
        for column in range(20 * (row // 8 % 2), 1280, 80):
            mask[row : row + 2, column : column + 30] = 1
    start = time.thread_time()
    lines = level_lines(mask, run=20, gap=10)
    assert len(lines) > 1500
    assert time.thread_time() - start < 1.5


def test_arcs_and_steep_strokes_are_no_lines() -> None:
    arc = np.zeros((200, 400), np.uint8)
    cv2.ellipse(arc, (200, 150), (100, 80), 0, 180, 360, 1, 4)
    lines = level_lines(arc | line_mask((20, 20), (90, 190)), run=20, gap=10)
    assert all(line.length < 100 for line in lines)


def test_a_line_through_points_is_numpys() -> None:
    rng = np.random.default_rng(1)
    along = np.unique(rng.integers(0, 2000, 90))
    away = 0.1 * along + rng.normal(50, 2, len(along))
    assert least_squares(along, away) == pytest.approx(np.polyfit(along, away, 1), abs=1e-9)
