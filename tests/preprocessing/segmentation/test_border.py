"""A desk beside the sheet: what it touches is parted from it, and a digit alone stays whole."""

import cv2
import numpy as np
import pytest

from preprocessing.binarization import Ink
from preprocessing.components import Region
from preprocessing.segmentation.border import detach_from_border as detach_ink
from preprocessing.segmentation.border import drop_border_regions

HEIGHT, WIDTH = 480, 640


def detach_from_border(mask: np.ndarray) -> np.ndarray:
    """The mask of an ink whose mask this was."""
    contrast = mask.astype(np.float32)
    return detach_ink(Ink(255 - 200 * mask, contrast, contrast, mask, mask, 0.05)).mask


STRIP = 12  # px


def page(*boxes: tuple[int, int, int, int]) -> tuple[list[Region], tuple[int, int]]:
    """Regions that fill their boxes, and the shape of their picture."""
    filling = [Region((n,), *box, box[2] * box[3], 9, 0.5) for n, box in enumerate(boxes, start=1)]
    return filling, (400, 600)


DIGITS = (200, 100, 50, 80), (300, 100, 50, 80), (400, 100, 50, 80)


def test_a_digit_cut_by_the_edge_stays() -> None:
    assert len(drop_border_regions(*page(*DIGITS, (0, 100, 40, 80)))) == 4


def test_a_bit_cut_by_the_edge_is_left_out() -> None:
    assert len(drop_border_regions(*page(*DIGITS, (0, 100, 40, 30)))) == 3


def test_digits_that_all_touch_the_edge_of_their_strip_stay() -> None:
    digits = [(20 + 80 * n, 0, 50, 100) for n in range(7)]
    assert len(drop_border_regions(*page(*digits))) == 7
    assert len(drop_border_regions(*page(*digits[:5], *DIGITS))) == 8


def sheet(*, joined: bool = True, others: int = 2, along: float = 1.0) -> np.ndarray:
    """Rings as digits; the first one reaches the strip along the left edge, or stays clear."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[: round(along * HEIGHT), :STRIP] = 1
    for i in range(1 + others):
        middle = (STRIP + 25 + 110 * i + (0 if joined else 25), 240)
        cv2.ellipse(mask, middle, (28, 40), 0, 0, 360, 1, 8)
    return mask


def pieces(mask: np.ndarray) -> int:
    return int(cv2.connectedComponents(mask, connectivity=8)[0]) - 1


@pytest.mark.parametrize("turns", range(4))
def test_a_digit_that_reaches_the_desk_is_parted_from_it_on_each_side(turns: int) -> None:
    mask = np.ascontiguousarray(np.rot90(sheet(), turns))
    parted = detach_from_border(mask)
    assert pieces(mask) == 3 and pieces(parted) == 4
    assert np.count_nonzero(mask) - np.count_nonzero(parted) < 120  # a gap, and no more


def test_a_digit_is_parted_from_the_desk_in_a_large_picture_too() -> None:
    mask = np.kron(sheet(), np.ones((4, 4), np.uint8))
    assert pieces(mask) == 3 and pieces(detach_from_border(mask)) == 4


def test_a_strip_that_grows_deeper_and_rough_is_no_digit() -> None:
    mask = sheet(joined=False)
    rough = np.random.default_rng(3).integers(0, 8, HEIGHT)
    for row in range(HEIGHT):
        mask[row, : STRIP + row // 80 + rough[row]] = 1
    assert (detach_from_border(mask) == mask).all()


def test_a_lone_digit_with_a_stroke_along_the_edge_stays_whole() -> None:
    seven = np.zeros((HEIGHT, WIDTH), np.uint8)
    seven[:10, 40:560] = 1
    cv2.line(seven, (550, 5), (250, 470), 1, 10)
    assert (detach_from_border(seven) == seven).all()


def test_digits_cut_by_the_edge_without_a_desk_stay_whole() -> None:
    mask = sheet(along=0.0)[:, STRIP + 10 :]
    assert mask[:, 0].any() and (detach_from_border(mask) == mask).all()


@pytest.mark.parametrize("shape", [(1, 900), (900, 1), (3, 900), (4, 900), (5, 5)])
def test_a_picture_that_is_a_strip_itself_stays_as_it_is(shape: tuple[int, int]) -> None:
    mask = np.ones(shape, np.uint8)
    assert (detach_from_border(mask) == 1).all()
