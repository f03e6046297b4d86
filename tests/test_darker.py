"""Ink darker than a sheet's lines is taken by its darkness; else nothing is decided here."""

import cv2
import numpy as np
import pytest

from preprocessing.darker import darker_than_lines
from preprocessing.ink import find_ink
from preprocessing.lined import without_printed_lines
from tests.papers import blank, write

LINE = 140  # grey level of the lines


def squared(written: np.ndarray, *, thick: int = 5, step: int = 26) -> np.ndarray:
    """The same on graph paper of thick dark lines, a little blurred, in light grain."""
    x, y = np.meshgrid(np.arange(written.shape[1]), np.arange(written.shape[0]))
    lines = (np.mod(y + 0.05 * x, step) < thick) | (np.mod(x - 0.05 * y, step) < thick)
    page = np.where(lines, np.minimum(written, LINE), written)
    grain = np.random.default_rng(6).normal(0, 3, page.shape)
    return cv2.GaussianBlur(np.clip(page + grain, 0, 255).astype(np.uint8), (0, 0), 0.8)


def page(text: str, ink: int) -> np.ndarray:
    return write(blank(640, 480), text, at=(100, 140), height=150, ink=ink)


@pytest.mark.parametrize("text", ["247", "581", "1"])
@pytest.mark.parametrize("step", [26, 34, 44])
def test_digits_far_darker_than_thick_lines_stay_whole_and_alone(text: str, step: int) -> None:
    written = page(text, 30)
    mask = without_printed_lines(find_ink(squared(written, step=step))).mask
    drawn = written < 130
    near = cv2.dilate(drawn.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert mask[drawn].mean() > 0.95
    assert not mask[~near].any()


@pytest.mark.parametrize("height", [150, 60, 36, 24])
def test_a_paler_digit_beside_a_dark_one_is_not_given_up(height: int) -> None:
    paler = write(blank(640, 480), "3", at=(100, 140), height=height, ink=LINE)
    both = np.minimum(paler, write(blank(640, 480), "8", at=(350, 140), height=height))
    found = find_ink(squared(both, thick=3, step=44))
    assert darker_than_lines(found, 0.35, 3.0) is None
    alone = find_ink(squared(page("8", 30), thick=3, step=44))
    assert darker_than_lines(alone, 0.35, 3.0) is not None


@pytest.mark.parametrize("ink", [LINE, 95])
def test_digits_hardly_darker_than_the_lines_are_not_told_by_that(ink: int) -> None:
    found = find_ink(squared(page("35", ink)))
    assert darker_than_lines(found, 0.38, 5.0) is None


def test_lines_hardly_seen_are_left_to_others() -> None:
    found = find_ink(squared(page("35", 30)))
    assert darker_than_lines(found, found.floor, 5.0) is None
