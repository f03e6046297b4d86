from unittest.mock import Mock

import cv2
import numpy as np
import pytest

from preprocessing.binarization import Ink, binarize
from preprocessing.line_removal.form_boxes import (
    find_sides,
    lines_between,
    remove_form_boxes,
    remove_whole_boxes,
)
from preprocessing.line_removal.rule_lines import remove_rule_lines
from tests.papers import STROKES, blank, write

WHOLE = (False, False, False, False)


def transposed(picture: np.ndarray, degrees: float) -> np.ndarray:
    height, width = picture.shape
    move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return np.asarray(
        cv2.warpAffine(picture, move, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8
    )


def row(*, boxes: bool, room: int = 20, ink: int = 40) -> np.ndarray:
    """Three digits, each in its box of a form, small on a sheet."""
    page = write(blank(640, 480), "275", at=(200, 200), height=60, step=1.5, ink=ink)
    if boxes:
        for left in (-27, 63, 153):
            corners = (200 + left, 200 - room), (290 + left, 260 + room)
            cv2.rectangle(page, *corners, 50, 3)
    return page


@pytest.mark.parametrize("degrees", [0.0, 4.0])
@pytest.mark.parametrize("room", [5, 20])
def test_boxes_of_a_form_go_and_digits_stay(room: int, degrees: float) -> None:
    plain, framed = (transposed(row(boxes=boxes, room=room), degrees) for boxes in (False, True))
    drawn = plain < 130
    near = cv2.dilate(drawn.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    mask = remove_form_boxes(binarize(framed)).mask
    assert mask[drawn].mean() > 0.75  # a side 5 px away that leans takes a digit's foot
    assert mask[~near].sum() < 0.05 * drawn.sum()


def test_a_box_whose_sides_bend_with_the_sheet_goes() -> None:
    """A row of boxes 800 px long, 5 px lower in its middle."""
    box = np.zeros((100, 820), np.uint8)
    for y in (10, 80):
        bent = [(x, round(y + 5 * np.sin((x - 10) / 800 * np.pi))) for x in range(10, 811, 20)]
        cv2.polylines(box, [np.array(bent)], False, 1, 2)
    for x in (10, 410, 810):
        cv2.line(box, (x, 10), (x, 81), 1, 2)
    x, y, w, h = cv2.boundingRect(box)
    assert find_sides(box[y : y + h, x : x + w], WHOLE) is not None


def table(*, lines: bool) -> np.ndarray:
    """A digit in each cell of a table as wide as its sheet; lines inside bend a little."""
    page = blank(640, 480)
    for number, text in enumerate(("275", "483", "906")):
        page = write(page, text, at=(120, 110 + 100 * number), height=60, step=3)
    if lines:
        for x in (60, 240, 420, 580):
            bent = np.array([(x, 90), (x + 2 * (60 < x < 580), 240), (x, 390)])
            cv2.polylines(page, [bent], False, 50, 4)
        for y in (90, 190, 290, 390):
            cv2.line(page, (60, y), (580, y), 50, 4)
    return page


def test_all_lines_of_a_table_go_and_digits_stay() -> None:
    drawn = table(lines=False) < 130
    near = cv2.dilate(drawn.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    framed = binarize(table(lines=True))
    for ink in (remove_form_boxes(framed), remove_rule_lines(remove_whole_boxes(framed))):
        assert ink.mask[drawn].mean() > 0.9
        assert ink.mask[~near].sum() < 0.05 * drawn.sum()


def test_a_box_that_the_picture_cuts_is_not_whole() -> None:
    ink = binarize(row(boxes=True)[:, 180:])
    assert remove_whole_boxes(ink) is ink
    assert remove_form_boxes(ink) is not ink


def test_ink_much_fainter_than_its_box_counts_when_the_box_is_out() -> None:
    drawn = row(boxes=False) < 130
    faint = binarize(row(boxes=True, ink=200))
    assert remove_form_boxes(faint).mask[drawn].mean() > 0.9 > faint.mask[drawn].mean()


@pytest.mark.parametrize("digit", STROKES)
def test_a_digit_is_no_box(digit: str) -> None:
    ink = binarize(write(blank(), digit, at=(150, 80), height=200))
    assert remove_form_boxes(ink) is ink


def test_a_box_with_nothing_in_it_is_left_alone() -> None:
    page = blank()
    cv2.rectangle(page, (150, 80), (250, 220), 40, 8)
    ink = binarize(page)
    assert remove_form_boxes(ink) is ink


def test_a_side_that_another_piece_covers_makes_no_box() -> None:
    mask = np.zeros((300, 300), np.uint8)
    for place in (np.s_[100:140, 100], np.s_[139, 100:140], np.s_[109:140, 139]):
        mask[place] = 1
    mask[100:102, 102:140] = 1  # above, and touches none of the three
    contrast = np.asarray(mask / 2, np.float32)
    ink = Ink(255 * (1 - mask), contrast, contrast, mask, mask, noise_floor=0.1)
    assert remove_form_boxes(ink) is ink


@pytest.mark.parametrize(("width", "height"), [(9, 11), (12, 15)])
def test_a_small_round_digit_with_a_dot_inside_is_no_box(width: int, height: int) -> None:
    page = blank(300, 360)
    cv2.ellipse(page, (150, 180), (width, height), 0, 0, 360, 60, 3, cv2.LINE_AA)
    page[178:181, 149:152] = 150
    ink = binarize(page)
    assert remove_form_boxes(ink) is ink


def narrow(digit: str, *, boxed: bool, pen: float = 0.05) -> np.ndarray:
    """A digit that spans its narrow box, the second of two, from side to side."""
    page = write(blank(640, 480), digit, at=(320, 200), height=100, pen=pen)
    if boxed:
        for corners in (((240, 196), (310, 304)), ((310, 196), (390, 304))):
            cv2.rectangle(page, *corners, 50, 3)
    return page


@pytest.mark.parametrize("digit", ["4", "7", "8", "9"])
@pytest.mark.parametrize("pen", [0.05, 0.12])
def test_strokes_from_side_to_side_of_a_box_are_no_lines(digit: str, pen: float) -> None:
    drawn = narrow(digit, boxed=False, pen=pen)[206:295] < 130
    mask = remove_form_boxes(binarize(narrow(digit, boxed=True, pen=pen))).mask[206:295]
    assert mask[drawn].mean() > 0.9


def test_a_stroke_along_a_side_makes_the_side_no_thicker() -> None:
    page = narrow("4", boxed=True)
    cv2.line(page, (318, 196), (318, 304), 40, 12)  # a 6's stem
    mask = remove_form_boxes(binarize(page)).mask
    assert mask[206:295, 317:323].mean() > 0.9


def test_a_pale_box_that_is_broken_in_the_mask_goes() -> None:
    page = row(boxes=False, ink=30)
    plain = page < 130
    for left in (-27, 63, 153):
        cv2.rectangle(page, (200 + left, 180), (290 + left, 280), 160, 1)
    grain = np.random.default_rng(3).normal(0, 3, page.shape)
    ink = binarize(np.clip(page + grain, 0, 255).astype(np.uint8))
    near = cv2.dilate(plain.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    assert ink.mask[~near].sum() > 50 > remove_form_boxes(ink).mask[~near].sum()


@pytest.mark.parametrize("slope", [0.0, 0.03])
def test_a_row_of_boxes_that_one_edge_of_the_photo_cuts_goes_with_its_lines(slope: float) -> None:
    page = write(blank(640, 480), "275", at=(20, 200), height=100, step=1.3)
    drawn = page < 130
    for y in (180, 320):
        cv2.line(page, (0, y), (400, y), 50, 4)
    for x in (135, 260, 400):
        cv2.line(page, (x, 180), (x + round(slope * 140), 320), 50, 4)
    near = cv2.dilate(drawn.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    mask = remove_form_boxes(binarize(page)).mask
    assert mask[drawn].mean() > 0.9
    assert mask[~near].sum() < 0.05 * drawn.sum()


def test_pale_lines_of_a_sheet_joined_by_digits_are_no_boxes() -> None:
    page = write(blank(640, 480), "1417", at=(180, 200), height=70, ink=90)
    for y in range(20, 480, 36):
        cv2.line(page, (0, y), (639, y), 195, 2)
    grain = np.random.default_rng(5).normal(0, 3, page.shape)
    ink = binarize(np.clip(page + grain, 0, 255).astype(np.uint8))
    assert remove_form_boxes(ink) is ink


def box(*, lines: tuple[int, ...] = (), lean: int = 0, thick: int = 3) -> np.ndarray:
    """A box 120 px wide and 80 high, and lines from its upper to its lower side."""
    mask = np.ones((80, 120), np.uint8)
    mask[3:-3, 3:-3] = 0
    for x in lines:
        cv2.line(mask, (x, 0), (x + lean, 79), 1, thick)
    return mask


def test_all_sides_of_a_box_are_found_where_they_are() -> None:
    sides = find_sides(box(), WHOLE)
    assert sides is not None
    for side in sides:
        assert side is not None
        assert side.at(np.array([0, 70])) == pytest.approx([1, 1], abs=0.5)
    assert sides.thickness == 3


def test_a_side_that_the_photo_does_not_show_may_be_none() -> None:
    open_box = box()[:, 10:]
    assert find_sides(open_box, WHOLE) is None
    assert find_sides(open_box, (False, False, True, False)) is not None


@pytest.mark.parametrize("lean", [0, 2, -2])
def test_lines_between_boxes_are_found(lean: int) -> None:
    mask = box(lines=(40, 80), lean=lean)
    sides = find_sides(mask, WHOLE)
    assert sides is not None
    found = lines_between(mask, sides)
    assert [columns[40] for columns, _ in found] == pytest.approx(
        [40 + lean / 2, 80 + lean / 2], abs=1
    )


def test_a_line_that_bends_between_boxes_is_as_thick_as_their_sides() -> None:
    mask = box()
    cv2.polylines(mask, [np.array([(40, 0), (43, 40), (40, 79)])], False, 1, 3)
    sides = find_sides(mask, WHOLE)
    assert sides is not None
    ((_, thickness),) = lines_between(mask, sides)
    assert thickness == 3


def test_a_leaning_a_thick_and_a_short_stroke_are_no_lines() -> None:
    short = box()
    short[15:, 60:63] = 1
    for mask in (box(lines=(55,), lean=12), box(lines=(60,), thick=11), short):
        sides = find_sides(mask, WHOLE)
        assert sides is not None
        assert lines_between(mask, sides) == []


def test_a_stroke_as_wide_as_its_box_has_no_sides() -> None:
    assert find_sides(np.ones((80, 20), np.uint8), WHOLE) is None


def test_a_leaning_side_is_found_along_all_its_length_though_a_digit_covers_some() -> None:
    leaning = np.zeros((90, 120), np.uint8)
    cv2.polylines(leaning, [np.array([(1, 3), (118, 10), (118, 87), (1, 87)])], True, 1, 3)
    leaning[:12, 30:45] = 1
    sides = find_sides(leaning, WHOLE)
    assert sides is not None
    assert sides.above is not None
    assert sides.above.at(np.array([1, 118])) == pytest.approx([3, 10], abs=1)


def test_hatchings_are_not_looked_at_for_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line lies in the places of all others: a hundred take a third of a second."""
    find = Mock(side_effect=find_sides)
    monkeypatch.setattr("preprocessing.line_removal.form_boxes.find_sides", find)
    paper = blank(640, 640)
    for start in range(-640, 640, 12):
        cv2.line(paper, (start, 0), (start + 640, 640), 60, 2)
    paper[:40] = paper[-40:] = paper[:, :40] = paper[:, -40:] = blank(1, 1)
    ink = binarize(paper)
    assert remove_form_boxes(ink) is ink
    find.assert_not_called()
    remove_form_boxes(binarize(row(boxes=True)))
    find.assert_called()
