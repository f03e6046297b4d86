import cv2
import numpy as np
import pytest

from preprocessing import Photo, find_digits, read_page
from preprocessing.glyph import to_mnist
from preprocessing.segmentation.marks import (
    is_cut_off,
    is_marked,
    is_struck,
    is_torn,
)
from tests.papers import STROKES, blank, photo, write


def soft_ink(digit: str, pen: float, struck_at: float | None = None) -> np.ndarray:
    """A digit 200 px high, ink 255 on 0, struck through at that share of its height if asked."""
    ink = 255 - write(blank(400, 300, 255), digit, at=(150, 50), height=200, pen=pen, ink=0)
    if struck_at is not None:
        x, y, w, h = cv2.boundingRect(ink)
        level, aside = y + round(struck_at * h), round(1.3 * pen * h)
        cv2.line(ink, (x - aside, level + 6), (x + w + aside, level - 6), 255, round(pen * 200))
    return np.asarray(ink, np.uint8)


@pytest.mark.parametrize("digit", STROKES)
@pytest.mark.parametrize("pen", [0.04, 0.1])
def test_a_stroke_across_is_a_strike_unless_it_is_the_foot(digit: str, pen: float) -> None:
    assert not is_struck(soft_ink(digit, pen))
    assert is_struck(soft_ink(digit, pen, 0.5))
    assert not is_struck(soft_ink(digit, pen, 1.0))


def test_a_crossed_seven_is_not_struck_through() -> None:
    seven = soft_ink("7", 0.08)
    x, y, w, h = cv2.boundingRect(seven)
    cv2.line(seven, (x + w // 5, y + h // 2), (x + w, y + h // 2), 255, 16)
    assert not is_struck(seven)


@pytest.mark.parametrize("digit", ["3", "6", "8"])
def test_a_page_with_a_struck_digit_is_marked(digit: str) -> None:
    plain, struck = (255 - soft_ink(digit, 0.08, at) for at in (None, 0.5))
    assert not is_marked(read_page(photo(plain)))
    assert is_marked(read_page(photo(struck)))


@pytest.mark.parametrize("digit", STROKES)
def test_a_digit_is_torn_where_its_upper_half_stands_far_from_the_lower(digit: str) -> None:
    ink = soft_ink(digit, 0.08)
    assert not is_torn(to_mnist(ink))
    for lost, far in ((8, False), (60, True)):
        torn = ink.copy()
        torn[150 - lost // 2 : 150 + lost // 2] = 0
        assert is_torn(to_mnist(torn)) is far


ROW = write(blank(), "040", at=(60, 120), height=100)


@pytest.mark.parametrize("lost", [1, 20, 40])
@pytest.mark.parametrize("turns", range(4))
def test_a_row_of_digits_that_a_side_of_the_picture_cuts_is_cut_off(lost: int, turns: int) -> None:
    columns = np.flatnonzero((ROW < 130).any(axis=0))
    first, last = int(columns[0]), int(columns[-1])
    for cut in (ROW[:, first + lost :], ROW[:, : last + 1 - lost]):
        sent = photo(np.ascontiguousarray(np.rot90(cut, -turns)))
        assert is_cut_off(find_digits(Photo(sent), turns))


def test_a_row_away_from_the_sides_and_a_lone_digit_at_one_are_not_cut_off() -> None:
    assert not is_cut_off(read_page(photo(ROW)))
    lone = write(blank(), "3", at=(0, 120), height=100)
    assert not is_cut_off(read_page(photo(lone)))


@pytest.mark.parametrize(
    ("top", "width", "is_doubtful"), [(0, 600, True), (40, 600, False), (0, 120, False)]
)
def test_a_bar_from_edge_to_edge_beside_paper_may_be_the_edge_of_a_sheet(
    top: int, width: int, is_doubtful: bool
) -> None:
    paper = blank(width, 400)
    paper[top:, 40:110] = 40
    page = read_page(photo(paper))
    assert len(page.boxes) == 1
    assert is_cut_off(page) is is_doubtful


def test_a_line_along_the_picture_s_side_cuts_no_row_off() -> None:
    lined = ROW.copy()
    lined[:, :6] = 40
    assert not is_cut_off(read_page(photo(lined)))


PIECES = {  # (top, bottom, left, right) in px, between digits 120 px high from 170 on
    "nothing": ([], False),
    "a digit that a thick pen has filled": ([(165, 295, 320, 400)], True),
    "one that broke in two": ([(170, 220, 330, 375), (232, 285, 325, 370)], True),
    "one of which three pieces are left": (
        [(170 + n, 195 + n, 330, 375) for n in (0, 35, 70)],
        True,
    ),
    "the upper half of one": ([(170, 225, 320, 370)], True),
    "one joined to a line down the page": ([(20, 460, 360, 366), (180, 280, 330, 390)], True),
    "a line down the page": ([(20, 460, 360, 366)], False),
    "a dash": ([(222, 238, 330, 390)], False),
    "two points": ([(190, 215, 340, 365), (250, 275, 340, 365)], False),
}


@pytest.mark.parametrize("name", PIECES)
@pytest.mark.parametrize("ink", [40, 150])
def test_a_row_is_doubtful_where_dark_ink_as_large_as_a_digit_was_left_out(
    name: str, ink: int
) -> None:
    pieces, is_doubtful = PIECES[name]
    row = write(blank(640, 480), "25", at=(60, 170), height=120)
    row = write(row, "37", at=(420, 170), height=120)
    for top, bottom, left, right in pieces:
        row[top:bottom, left:right] = ink
    page = read_page(photo(row))
    assert len(page.boxes) == 4
    assert is_marked(page) is (is_doubtful and ink == 40)


def test_a_ring_around_a_digit_is_no_ink_beside_it() -> None:
    paper = write(blank(), "3", at=(170, 120), height=120)
    cv2.ellipse(paper, (205, 180), (110, 110), 0, 0, 360, 40, 12)
    page = read_page(photo(paper))
    assert len(page.boxes) == 1
    assert not is_marked(page)


@pytest.mark.parametrize(
    ("aside", "wide", "is_doubtful"), [(28, 80, True), (4, 80, False), (28, 140, False)]
)
def test_a_leaning_stroke_in_a_ring_may_be_a_one_or_a_zero(
    aside: int, wide: int, is_doubtful: bool
) -> None:
    paper = blank(480, 480)
    cv2.ellipse(paper, (240, 240), (wide, 110), 0, 0, 360, 40, 12)
    cv2.line(paper, (240 + aside, 180), (240 - aside, 300), 40, 14)
    assert is_marked(read_page(photo(paper))) is is_doubtful


@pytest.mark.parametrize("gap", [6, 30])
@pytest.mark.parametrize("size", [(22, 22), (20, 45), (56, 60)])
def test_a_dot_under_a_digit_makes_it_doubtful(gap: int, size: tuple[int, int]) -> None:
    seven = write(blank(480, 480), "7", at=(150, 50), height=200, pen=0.08)
    bottom, (wide, tall) = int(np.flatnonzero((seven < 130).any(axis=1))[-1]), size
    seven[bottom + gap : bottom + gap + tall, 195 : 195 + wide] = 40
    assert is_marked(read_page(photo(seven)))


def test_a_pale_spot_under_a_digit_is_no_dot() -> None:
    seven = write(blank(480, 480), "7", at=(150, 50), height=200, pen=0.08)
    seven[290:320, 195:225] = 165
    page = read_page(photo(seven))
    assert page.segmentation is not None
    assert len(page.segmentation.ink.components) == 2
    assert not is_marked(page)


def test_a_digit_whose_foot_broke_off_has_no_dot_below() -> None:
    two = write(blank(480, 480), "2", at=(150, 50), height=200, pen=0.08)
    two[222:234] = 230
    assert not is_marked(read_page(photo(two)))


@pytest.mark.parametrize(
    ("wider", "gap", "is_doubtful"), [(1.2, 20, True), (1.6, 20, False), (1.2, 100, False)]
)
def test_a_bar_below_a_digit_is_a_foot_it_may_lack_or_a_wider_underline(
    wider: float, gap: int, is_doubtful: bool
) -> None:
    seven = write(blank(480, 480), "7", at=(150, 50), height=200, pen=0.08)
    x, y, w, h = cv2.boundingRect((seven < 130).astype(np.uint8))
    aside = round((wider - 1) * w / 2)
    seven[y + h + gap : y + h + gap + 16, x - aside : x + w + aside] = 40
    page = read_page(photo(seven))
    assert page.regions[0].h < 1.1 * h  # the bar is no part of the digit
    assert is_marked(page) is is_doubtful


@pytest.mark.parametrize(("ink", "is_doubtful"), [(20, True), (150, False)])
def test_half_a_stroke_beside_a_digit_makes_it_doubtful_where_it_is_as_dark(
    ink: int, is_doubtful: bool
) -> None:
    row = write(blank(), "4", at=(200, 120), height=120, ink=60)
    row[200:254, 300:312] = ink  # begins in the digit's lower half and ends below, as a comma
    page = read_page(photo(row))
    assert len(page.boxes) == 1
    assert is_marked(page) is is_doubtful


@pytest.mark.parametrize("touches", [False, True])
@pytest.mark.parametrize("others", ["2", "27"])
def test_a_page_is_marked_where_another_digit_touches_a_frame_around_its_digits(
    touches: bool, others: str
) -> None:
    """The frame's upper side bends so much that the frame is not erased."""
    page = write(blank(640, 360), others, at=(120, 130), height=80, step=1.2)
    page = write(page, "5", at=(320 if touches else 350, 130), height=80)
    frame = [(80, 90), (240, 75), (400, 110), (560, 90), (560, 260), (80, 260), (80, 90)]
    cv2.polylines(page, [np.array(frame)], False, 40, 4)
    cv2.line(page, (320, 85), (320, 260), 40, 4)
    found = read_page(photo(page))
    assert len(found.boxes) == len(others) + 1 - touches
    assert is_marked(found) is touches


@pytest.mark.parametrize(
    ("rows", "is_doubtful"), [((170, 290), True), ((0, 480), False), ((0, 0), False)]
)
def test_a_gap_in_which_the_paper_is_darker_than_above_and_below_is_doubtful(
    rows: tuple[int, int], is_doubtful: bool
) -> None:
    """What is there is too faint to be ink, as a digit in pencil may be beside digits in ink."""
    row = write(blank(640, 480), "25", at=(60, 170), height=120, ink=110)
    row = write(row, "37", at=(430, 170), height=120, ink=110)
    row[slice(*rows), 310:390] = 214
    page = read_page(photo(row))
    assert len(page.boxes) == 4
    assert is_marked(page) is is_doubtful
