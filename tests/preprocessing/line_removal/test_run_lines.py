"""What is ruling among the pieces of ink: never a digit, however straight its strokes."""

import time

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.arrays import least_squares
from preprocessing.binarization import binarize
from preprocessing.components import connected_components
from preprocessing.errors import NoDigitsFound
from preprocessing.line_removal.form_boxes import remove_form_boxes
from preprocessing.line_removal.run_lines import (
    RUNS_MAX,
    horizontal_lines,
    remove_run_lines,
    spanning_components,
    vertical_depths,
)
from tests.papers import blank, write

HEIGHT = 150  # px, of the digits
DIGITS = write(blank(640, 480), "247", at=(120, 150), height=150)
DRAWN = DIGITS < 130


def ink(digits: str = "247") -> np.ndarray:
    written = write(blank(640, 480), digits, at=(120, 150), height=HEIGHT)
    return (written < 130).astype(np.uint8)


def spanning(mask: np.ndarray) -> np.ndarray:
    return spanning_components(mask, connected_components(mask))


@pytest.mark.parametrize(("left", "right"), [(400, 410), (340, 450)])
def test_a_line_from_edge_to_edge_is_ruling_and_digits_are_none(left: int, right: int) -> None:
    line = np.zeros_like(ink())
    cv2.line(line, (0, left), (640, right), 1, 3)
    assert np.array_equal(spanning(ink() | line), line)


@pytest.mark.parametrize("digit", ["1", "4", "7"])
def test_an_upright_digit_from_edge_to_edge_is_none_where_it_is_alone(digit: str) -> None:
    mask = ink(digit)
    rows = np.flatnonzero(mask.any(axis=1))
    tight = np.ascontiguousarray(mask[rows[0] : rows[-1] + 1])
    assert not spanning(tight).any()
    assert spanning(np.hstack([tight, ink("2")[rows[0] : rows[-1] + 1]])).any()


def ruled(paper: np.ndarray, *, squares: bool, horizontal: int, lean: float = 0.0) -> np.ndarray:
    lines = paper.copy()
    height, width = paper.shape
    for y in range(-100, height + 100, 45):
        cv2.line(lines, (0, y), (width, round(y + lean * width)), horizontal, 2)
    for x in range(-100, width + 100, 45) if squares else ():
        cv2.line(lines, (x, 0), (round(x - lean * height), height), horizontal, 2)
    return np.asarray(np.minimum(lines, paper))


def framed(paper: np.ndarray) -> np.ndarray:
    form = paper.copy()
    cv2.rectangle(form, (60, 90), (580, 360), 60, 4)
    return form


def kept(mask: np.ndarray) -> tuple[float, float]:
    """How much of the digits is still there, and how much else, relative to the digits."""
    digits = cv2.dilate(DRAWN.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    return float(mask[DRAWN].mean()), float(mask[~digits].sum() / DRAWN.sum())


@pytest.mark.parametrize("lean", [0.0, 0.03])
@pytest.mark.parametrize("horizontal", [90, 170])
@pytest.mark.parametrize("squares", [False, True])
def test_ruled_and_squared_paper_is_taken_out(squares: bool, horizontal: int, lean: float) -> None:
    paper = ruled(DIGITS, squares=squares, horizontal=horizontal, lean=lean)
    digits, rest = kept(remove_run_lines(binarize(paper)).mask)
    assert digits > 0.93
    assert rest < 0.15  # where lines cross


def test_the_frame_of_a_form_is_taken_out() -> None:
    digits, rest = kept(remove_form_boxes(binarize(framed(DIGITS))).mask)
    assert digits > 0.95
    assert rest < 0.02


def test_a_digit_that_crosses_its_frame_stays() -> None:
    free = write(blank(640, 480), "2", at=(120, 150), height=150)
    low = write(free, "47", at=(270, 230), height=150)
    mask = remove_form_boxes(binarize(framed(low))).mask
    assert mask[low < 50].mean() > 0.9
    assert mask[340:380, 540:570].mean() < 0.02  # the frame beside them


@pytest.mark.parametrize("digit", ["1", "4", "7"])
def test_a_digit_of_straight_strokes_is_no_ruling(digit: str) -> None:
    alone = binarize(write(blank(), digit, at=(120, 20), height=310))
    assert (remove_run_lines(alone).mask == alone.mask).all()


def test_a_lone_digit_from_edge_to_edge_keeps_its_stem() -> None:
    paper = blank(200, 240)
    cv2.line(paper, (130, 0), (130, 239), 40, 12)
    cv2.polylines(paper, [np.array([(128, 20), (50, 60), (60, 120), (128, 110)])], False, 40, 12)
    mask = remove_run_lines(binarize(paper)).mask
    assert mask[5:235, 128:133].mean() > 0.9


def line_mask(*ends: tuple[int, int], thickness: int = 3) -> np.ndarray:
    mask = np.zeros((200, 400), np.uint8)
    cv2.polylines(mask, [np.array(ends, np.int32)], False, 1, thickness)
    return mask


@pytest.mark.parametrize("rise", [-20, 0, 20])
def test_a_leaning_line_is_one_line(rise: int) -> None:
    mask = line_mask((10, 100), (390, 100 + rise))
    (line,) = horizontal_lines(mask, run=20)
    assert line.length == pytest.approx(380, abs=12)
    assert line.thickness == pytest.approx(mask[:, 200].sum(), abs=1)


def test_a_line_goes_on_behind_a_break_and_says_how_much_of_it_is_ink() -> None:
    mask = line_mask((10, 100), (390, 100))
    mask[:, 180:210] = 0
    (line,) = horizontal_lines(mask, run=20)
    assert line.length == pytest.approx(380, abs=4)
    assert line.length - line.inked == pytest.approx(30, abs=4)


def test_a_line_goes_on_behind_a_digit() -> None:
    mask = line_mask((10, 100), (390, 100))
    cv2.circle(mask, (200, 100), 40, 1, -1)
    lines = horizontal_lines(mask, run=60)
    assert max(line.length for line in lines) > 350


def test_many_short_dashes_cost_no_time() -> None:
    mask = np.zeros((960, 1280), np.uint8)
    for row in range(0, 960, 8):
        for column in range(20 * (row // 8 % 2), 1280, 80):
            mask[row : row + 2, column : column + 30] = 1
    start = time.thread_time()
    lines = horizontal_lines(mask, run=20)
    assert 0 < len(lines) <= RUNS_MAX
    assert time.thread_time() - start < 0.5


def test_arcs_and_steep_strokes_are_no_lines() -> None:
    arc = np.zeros((200, 400), np.uint8)
    cv2.ellipse(arc, (200, 150), (100, 80), 0, 180, 360, 1, 4)
    lines = horizontal_lines(arc | line_mask((20, 20), (90, 190)), run=20)
    assert all(line.length < 100 for line in lines)


def test_a_line_through_points_is_numpys() -> None:
    rng = np.random.default_rng(1)
    along = np.unique(rng.integers(0, 2000, 90))
    away = 0.1 * along + rng.normal(50, 2, len(along))
    assert least_squares(along, away) == pytest.approx(np.polyfit(along, away, 1), abs=1e-9)


def test_digits_that_stand_on_a_pale_line_of_their_paper_keep_their_feet() -> None:
    tight = blank(330, 140)
    cv2.line(tight, (0, 121), (330, 115), 150, 4)
    for digit, x in zip("268", (25, 120, 220), strict=True):
        tight = np.minimum(tight, write(blank(330, 140), digit, at=(x, 30), height=88, ink=30))
    drawn = tight < 90
    erased = remove_run_lines(binarize(tight)).mask > 0
    assert erased[drawn].mean() > 0.97
    assert not erased[:, :20].any() and not erased[:, -20:].any()


def test_the_straight_sides_of_a_digit_that_hangs_together_with_a_line_are_none() -> None:
    tight = write(blank(300, 120), "10", at=(60, 22), height=82, step=1.2)
    cv2.line(tight, (0, 104), (300, 104), 40, 4)
    digits = write(blank(300, 120), "10", at=(60, 22), height=82, step=1.2) < 130
    assert (remove_run_lines(binarize(tight)).mask > 0)[digits].mean() > 0.95


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 30))
def test_depths_of_ink_are_counted_from_each_pixel_on(seed: int, most: int) -> None:
    rng = np.random.default_rng(seed)
    mask = (rng.random((rng.integers(5, 40), 7)) < 0.7).astype(np.uint8)
    rows, columns = (np.ravel(index) for index in np.indices(mask.shape))
    above, below = vertical_depths(mask, rows, columns, most)
    for y, x, up, down in zip(rows, columns, above, below, strict=True):
        for depth, side in (down, mask[y:, x]), (up, mask[y::-1, x]):
            paper = np.flatnonzero(side == 0)
            assert depth == min(most, paper[0] if len(paper) else most)


@pytest.mark.parametrize("rise", [0, 60])
@pytest.mark.parametrize("turns", [0, 1])
def test_a_line_of_a_large_picture_goes_as_exactly_as_that_of_a_small_one(
    turns: int, rise: int
) -> None:
    page = write(blank(2600, 1960), "247", at=(900, 700), height=300)
    line = np.zeros_like(page)
    cv2.line(line, (0, 1200), (2600, 1200 + rise), 1, 4)
    ink = binarize(np.ascontiguousarray(np.rot90(np.where(line > 0, 120, page), turns)))
    assert ink.coarse_by == 4  # times smaller
    mask = np.rot90(remove_run_lines(ink).mask, -turns)
    drawn = page < 130
    assert mask[drawn].mean() > 0.99
    assert not mask[(cv2.dilate(line, np.ones((9, 9), np.uint8)) > 0) & ~drawn].any()


def test_more_runs_than_any_sheet_has_lines_are_crowded() -> None:
    """Each of 134 was fitted, refined and erased in both directions: a fifth of a second."""
    for pitch, is_crowded in ((8, False), (5, True)):
        mask = np.zeros((640, 640), np.uint8)
        mask[::pitch] = 1
        if is_crowded:
            with pytest.raises(NoDigitsFound, match="too many marks"):
                horizontal_lines(mask, run=20)
        else:
            assert len(horizontal_lines(mask, run=20)) == 640 / pitch
