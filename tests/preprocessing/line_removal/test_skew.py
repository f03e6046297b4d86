"""Lines and boxes of a photo held askew go as those of a straight one, and digits stay."""

from unittest.mock import Mock

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from preprocessing import Photo, find_digits
from preprocessing.binarization import Ink, binarize
from preprocessing.line_removal.run_lines import remove_run_lines
from preprocessing.line_removal.skew import line_slope, removed_along
from tests.papers import blank, photo, write

Gray = NDArray[np.uint8]
ANGLES = [-6.0, -4.0, -2.0, 2.0, 4.0, 6.0]  # degrees
SIDE = 1000  # px of an upright sheet, of which the photo shows the middle
WIDTH, HEIGHT = 560, 150  # px of a photo


def middle(sheet: Gray, angle: float) -> Gray:
    """A photo of the middle of a sheet, turned anticlockwise."""
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), angle, 1)
    turned = cv2.warpAffine(sheet, turn, (SIDE, SIDE), borderValue=(230,))
    top, left = (SIDE - HEIGHT) // 2, (SIDE - WIDTH) // 2
    return np.asarray(turned[top : top + HEIGHT, left : left + WIDTH], np.uint8)


def row(text: str = "2475") -> Gray:
    return write(blank(SIDE, SIDE), text, at=(290, 470), height=90, step=1.2)


def on_a_line(thick: int = 4) -> Gray:
    """Digits whose feet stand on a printed line."""
    page = row()
    page[560 - thick // 2 : 560 + thick // 2] = np.minimum(page, 120)[:thick]
    return page


def in_boxes() -> Gray:
    """Eight digits in a row of boxes."""
    page = write(blank(SIDE, SIDE), "24758369", at=(258, 468), height=64, step=60 / 64)
    for left in range(250, 730, 60):
        cv2.rectangle(page, (left, 465), (left + 60, 535), (110,), 2)
    return page


def without_lines(page: Gray) -> Ink:
    return removed_along(binarize(page), remove_run_lines)


@pytest.mark.parametrize("angle", ANGLES)
def test_a_turned_line_goes_and_the_digits_on_it_stay(angle: float) -> None:
    mask = without_lines(middle(on_a_line(), angle)).mask
    written = middle(row(), angle) < 130
    near = cv2.dilate(written.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert mask[written].mean() > 0.9
    assert mask[~near].sum() < 30


@pytest.mark.parametrize("angle", [0.0, *ANGLES])
def test_a_row_of_boxes_holds_the_same_digits_turned_and_straight(angle: float) -> None:
    straight, turned = (find_digits(Photo(photo(middle(in_boxes(), a)))) for a in (0, angle))
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    assert len(turned.boxes) == len(straight.boxes) == 8
    for a, b in zip(straight.boxes, turned.boxes, strict=True):
        x, y = a.x + a.w / 2 - WIDTH / 2, a.y + a.h / 2 - HEIGHT / 2
        expected = cos * x + sin * y + WIDTH / 2, cos * y - sin * x + HEIGHT / 2
        assert (b.x + b.w / 2, b.y + b.h / 2) == pytest.approx(expected, abs=4)


@pytest.mark.parametrize("angle", ANGLES)
def test_the_slope_is_that_of_the_line(angle: float) -> None:
    slope = line_slope(binarize(middle(on_a_line(), angle)))
    assert slope == pytest.approx(-np.tan(np.radians(angle)), abs=0.011)


def test_a_thin_line_of_a_wide_picture_has_a_slope() -> None:
    paper = blank(2560, 400)
    cv2.line(paper, (0, 400), (2559, 0), (60,), 2)
    assert line_slope(binarize(paper)) == pytest.approx(-0.156, abs=0.011)


@pytest.mark.parametrize("page", [middle(row(), 5), middle(row("1111"), 0), middle(row("7"), 3)])
def test_digits_alone_have_no_slope(page: Gray) -> None:
    assert line_slope(binarize(page)) == 0


def test_a_line_of_a_small_picture_has_no_slope() -> None:
    page = write(blank(136, 120), "41", at=(30, 30), height=50, step=1.2)
    page[5:10], page[84:90] = 90, 90
    assert line_slope(binarize(page)) == 0


@pytest.mark.parametrize("pitch", [8, 10, 12, 15, 24])
def test_hatchings_have_no_slope(pitch: int) -> None:
    paper = blank(SIDE, SIDE)
    for start in range(-SIDE, SIDE, pitch):
        cv2.line(paper, (start, 0), (start + SIDE, SIDE), (60,), 2)
    assert line_slope(binarize(paper)) == 0


@pytest.mark.parametrize(("height", "is_straightened"), [(1500, True), (2000, False)])
def test_a_picture_too_large_for_copies_is_not_sheared(height: int, is_straightened: bool) -> None:
    paper = blank(2560, height)
    cv2.line(paper, (0, 600), (2559, 780), (60,), 8)
    ink = binarize(paper)
    remove = Mock(side_effect=lambda given: given)
    assert removed_along(ink, remove) is ink
    assert (remove.call_args.args[0] is not ink) is is_straightened


def test_a_straight_photo_is_not_sheared() -> None:
    ink = binarize(middle(on_a_line(), 0.5))
    assert removed_along(ink, remove_run_lines).components == remove_run_lines(ink).components
    remove = Mock(side_effect=lambda given: given)
    assert removed_along(ink, remove) is ink
    assert [call.args[0] is ink for call in remove.call_args_list] == [True]


@pytest.mark.parametrize("angle", [-6.0, 3.0])
def test_what_is_no_line_stays_as_it_was(angle: float) -> None:
    ink = binarize(middle(on_a_line(), angle))
    same = removed_along(ink, lambda given: given.erased(np.zeros(given.mask.shape, bool)))
    assert same is not ink and same.erased_mask is not None
    for name in ("gray", "contrast", "extra", "mask", "weak_mask"):
        assert (getattr(same, name) == getattr(ink, name)).all(), name
    assert same.erased_mask.shape == ink.mask.shape and not same.erased_mask.any()
