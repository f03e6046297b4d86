import cv2
import numpy as np
import pytest

from preprocessing.sides import lines_between, sides_of

WHOLE = (False, False, False, False)


def box(*, lines: tuple[int, ...] = (), lean: int = 0, thick: int = 3) -> np.ndarray:
    """A box 120 px wide and 80 high, and lines from its upper to its lower side."""
    mask = np.ones((80, 120), np.uint8)
    mask[3:-3, 3:-3] = 0
    for x in lines:
        cv2.line(mask, (x, 0), (x + lean, 79), 1, thick)
    return mask


def test_all_sides_of_a_box_are_found_where_they_are() -> None:
    sides = sides_of(box(), WHOLE)
    assert sides is not None
    for side in sides:
        assert side is not None
        assert side.at(np.array([0, 70])) == pytest.approx([1, 1], abs=0.5)
    assert sides.thickness == 3


def test_a_side_that_the_photo_does_not_show_may_be_none() -> None:
    open_box = box()[:, 10:]
    assert sides_of(open_box, WHOLE) is None
    assert sides_of(open_box, (False, False, True, False)) is not None


@pytest.mark.parametrize("lean", [0, 2, -2])
def test_lines_between_boxes_are_found(lean: int) -> None:
    mask = box(lines=(40, 80), lean=lean)
    sides = sides_of(mask, WHOLE)
    assert sides is not None
    found = lines_between(mask, sides)
    assert [columns[40] for columns, _ in found] == pytest.approx(
        [40 + lean / 2, 80 + lean / 2], abs=1
    )


def test_a_leaning_a_thick_and_a_short_stroke_are_no_lines() -> None:
    short = box()
    short[15:, 60:63] = 1
    for mask in (box(lines=(55,), lean=12), box(lines=(60,), thick=11), short):
        sides = sides_of(mask, WHOLE)
        assert sides is not None
        assert lines_between(mask, sides) == []


def test_a_stroke_as_wide_as_its_box_has_no_sides() -> None:
    assert sides_of(np.ones((80, 20), np.uint8), WHOLE) is None


def test_a_leaning_side_is_found_along_all_its_length_though_a_digit_covers_some() -> None:
    leaning = np.zeros((90, 120), np.uint8)
    cv2.polylines(leaning, [np.array([(1, 3), (118, 10), (118, 87), (1, 87)])], True, 1, 3)
    leaning[:12, 30:45] = 1
    sides = sides_of(leaning, WHOLE)
    assert sides is not None
    assert sides.above is not None
    assert sides.above.at(np.array([1, 118])) == pytest.approx([3, 10], abs=1)
