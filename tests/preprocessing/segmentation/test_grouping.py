import random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocessing.binarization import binarize
from preprocessing.components import Region
from preprocessing.page import Box
from preprocessing.segmentation.candidates import select_strokes
from preprocessing.segmentation.grouping import group_strokes, reading_order
from tests.papers import STROKES, blank, write


def digits_of(gray: np.ndarray) -> list[Region]:
    ink = binarize(gray)
    return sorted(group_strokes(select_strokes(ink).regions), key=lambda region: region.x)


@pytest.mark.parametrize("digit", STROKES)
def test_a_digit_is_one_piece_where_it_was_written(digit: str) -> None:
    (region,) = digits_of(write(blank(), digit, at=(150, 80), height=200))
    assert region.y == pytest.approx(80, abs=14)
    assert region.h == pytest.approx(200, abs=28)


@pytest.mark.parametrize("pen", [0.03, 0.06])
def test_the_loose_flag_of_a_five_belongs_to_it(pen: float) -> None:
    five = blank()
    body = ((160, 100), (160, 180), (230, 190), (230, 270), (150, 280))
    width = round(200 * pen)
    cv2.polylines(five, [np.array(body)], False, 40, width)
    cv2.line(five, (160 + 2 * width, 100), (240, 96), 40, width)
    assert len(digits_of(five)) == 1


def test_digits_above_each_other_stay_two() -> None:
    upper = write(blank(400, 400), "8", at=(150, 40), height=120)
    assert len(digits_of(write(upper, "3", at=(150, 185), height=120))) == 2


def test_neighbours_stay_apart() -> None:
    row = write(blank(640), "80358", at=(30, 100), height=120, step=0.85)
    assert len(digits_of(row)) == 5


def test_dots_dashes_and_faint_stains_beside_digits_are_left_out() -> None:
    row = write(blank(640), "52", at=(200, 100), height=150)
    cv2.circle(row, (120, 240), 6, 40, -1)
    cv2.line(row, (420, 180), (500, 182), 40, 12)
    cv2.line(row, (560, 100), (560, 240), 200, 10)
    assert len(digits_of(row)) == 2


def test_the_outline_of_a_dark_object_is_no_digit() -> None:
    table = blank(640, 480)
    cv2.rectangle(table, (200, 60), (420, 420), 40, -1)
    cv2.rectangle(table, (240, 90), (380, 130), 90, -1)
    assert digits_of(table) == []


def test_a_blot_is_no_digit() -> None:
    blot = blank()
    cv2.circle(blot, (200, 150), 30, 40, -1)
    assert digits_of(blot) == []


@given(
    box=st.tuples(*[st.integers(0, 20)] * 2, *[st.integers(1, 9)] * 2), turns=st.integers(-3, 7)
)
def test_a_box_turns_with_its_picture(box: tuple[int, int, int, int], turns: int) -> None:
    picture = np.zeros((30, 40), np.uint8)
    x, y, w, h = box
    picture[y : y + h, x : x + w] = 1
    turned = np.rot90(picture, turns)
    assert Box(*cv2.boundingRect(np.ascontiguousarray(turned))) == Box(*box).turned(turns, 40, 30)


@pytest.mark.parametrize(("gap", "count"), [(4, 1), (40, 2)])
def test_a_lone_digit_that_broke_across_is_one(gap: int, count: int) -> None:
    page = blank(400, 400)
    cv2.polylines(page, [np.array([(140, 80), (240, 80), (180, 180 - gap)])], False, 40, 14)
    cv2.polylines(page, [np.array([(180, 190), (240, 240), (150, 300)])], False, 40, 14)
    assert len(digits_of(page)) == count


def test_the_pieces_of_a_lone_digit_may_reach_past_each_other() -> None:
    page = blank(400, 400)
    cv2.polylines(page, [np.array([(240, 80), (140, 80), (140, 185)])], False, 40, 8)
    cv2.polylines(page, [np.array([(155, 170), (240, 185), (240, 300), (140, 300)])], False, 40, 8)
    assert len(digits_of(page)) == 1


def test_a_thin_low_digit_beside_a_markers_wide_one_is_a_digit() -> None:
    page = blank(400, 300)
    cv2.polylines(page, [np.array([(170, 100), (60, 160), (170, 180), (60, 200)])], False, 40, 18)
    cv2.circle(page, (220, 180), 22, 40, 4)
    cv2.polylines(page, [np.array([(200, 180), (200, 140)])], False, 40, 4)
    assert len(digits_of(page)) == 2


def test_a_low_and_pale_bar_beside_digits_is_a_bit_of_a_line() -> None:
    row = write(blank(640), "52", at=(200, 100), height=150)
    cv2.line(row, (150, 140), (150, 230), 140, 8)
    assert len(digits_of(row)) == 2


def test_a_pale_one_as_tall_as_the_digits_beside_it_stays() -> None:
    row = write(blank(640), "52", at=(200, 100), height=150)
    cv2.line(row, (150, 100), (150, 250), 140, 8)
    assert len(digits_of(row)) == 3


def region(x: float, y: float, h: float = 40) -> Region:
    return Region((1,), round(x), round(y), 25, round(h), 300, 4.0, 0.8)


def lines_of(pieces: list[Region]) -> list[list[Region]]:
    found: dict[int, list[Region]] = {}
    for index, line in reading_order(pieces):
        found.setdefault(line, []).append(pieces[index])
    return list(found.values())


@given(
    counts=st.lists(st.integers(1, 9), min_size=1, max_size=7),
    slope=st.floats(-0.15, 0.15),
    seed=st.randoms(use_true_random=False),
)
def test_shuffled_digits_come_out_line_by_line_from_the_left(
    counts: list[int], slope: float, seed: random.Random
) -> None:
    written = [
        [region(40 * i + seed.uniform(-3, 3), 75 * line + 40 * i * slope + seed.uniform(-5, 5))
         for i in range(count)]
        for line, count in enumerate(counts)
    ]  # fmt: skip
    shuffled = [digit for line in written for digit in line]
    seed.shuffle(shuffled)
    assert lines_of(shuffled) == written


def test_digits_of_different_heights_share_a_line() -> None:
    row = [region(0, 0, 90), region(60, 50, 35), region(100, 10, 80)]
    assert lines_of(row) == [row]


def test_a_digit_that_is_raised_by_most_of_its_height_stays_in_its_line() -> None:
    row = [region(0, 0), region(60, 2), region(120, -25)]
    assert lines_of(row) == [row]
    above = region(120, -36)
    assert lines_of([*row[:2], above]) == [[above], row[:2]]


def test_no_digits_have_no_order() -> None:
    assert reading_order([]) == []


def test_a_slash_within_a_zero_belongs_to_it() -> None:
    ring = Region((1,), 100, 100, 80, 120, 3000, 8.0, 0.8)
    slash = Region((2,), 120, 120, 40, 80, 700, 8.0, 0.8)
    (zero,) = group_strokes([ring, slash])
    assert set(zero.labels) == {1, 2}


@pytest.mark.parametrize("digit", [(205, 190), (400, 190)])
def test_a_comma_beside_a_digit_is_left_out_and_a_low_digit_is_not(digit: tuple[int, int]) -> None:
    paper = write(blank(640), "5", at=(100, 60), height=150)
    cv2.line(paper, digit, (digit[0] - 15, digit[1] + 55), 40, 10)
    assert len(digits_of(paper)) == (1 if digit[0] < 300 else 2)
    low = write(write(blank(640), "5", at=(100, 60), height=150), "3", at=(230, 135), height=75)
    assert len(digits_of(low)) == 2


def test_a_low_bar_more_than_half_as_high_as_the_digits_is_a_one() -> None:
    paper = write(blank(640), "59", at=(100, 60), height=150)
    cv2.line(paper, (400, 152), (400, 240), 40, 10)
    assert len(digits_of(paper)) == 3


@pytest.mark.parametrize("digits", ["3", "1", "48"])
def test_a_ring_around_digits_is_left_out(digits: str) -> None:
    paper = write(blank(), digits, at=(170, 120), height=120)
    alone = digits_of(paper)
    cv2.ellipse(
        paper, (205 + 60 * (len(digits) - 1), 180), (70 + 70 * len(digits), 110), 0, 0, 360, 40, 8
    )
    assert [(d.x, d.y, d.w, d.h) for d in digits_of(paper)] == [
        (d.x, d.y, d.w, d.h) for d in alone
    ]


@pytest.mark.parametrize("reach", [68, 80])
def test_a_slash_that_spans_a_written_zero_belongs_to_it(reach: int) -> None:
    paper = write(blank(), "0", at=(150, 80), height=200)
    cv2.line(paper, (190, 180 + reach), (230, 180 - reach), 40, 8)
    (zero,) = digits_of(paper)
    assert zero.h > 190


@pytest.mark.parametrize("reach", [40, 50])
def test_a_leaning_one_with_room_above_and_below_is_ringed(reach: int) -> None:
    paper = write(blank(), "0", at=(150, 80), height=200)
    cv2.line(paper, (190, 180 + reach), (230, 180 - reach), 40, 8)
    (one,) = digits_of(paper)
    assert one.h < 120


WAVE = [(120 + 12 * n, 318 + 8 * (-1) ** n) for n in range(16)]


@pytest.mark.parametrize("lines", [[[(120, 310), (300, 314)]], [[(110, 306), (290, 304)],
                                    [(120, 330), (300, 330)]], [WAVE]])  # fmt: skip
def test_an_underline_is_no_part_of_the_digit_above(lines: list[list[tuple[int, int]]]) -> None:
    paper = write(blank(), "2", at=(150, 80), height=200)
    (alone,) = digits_of(paper)
    for line in lines:
        cv2.polylines(paper, [np.array(line)], False, 40, 10)
    (found,) = digits_of(paper)
    assert (found.x, found.y, found.w, found.h) == (alone.x, alone.y, alone.w, alone.h)


def test_the_foot_of_a_broken_two_belongs_to_it() -> None:
    paper = write(blank(), "2", at=(150, 80), height=200, pen=0.06)
    paper[262:266] = 230
    (found,) = digits_of(paper)
    assert found.h > 190


def test_a_minus_before_digits_is_left_out() -> None:
    paper = write(blank(), "35", at=(180, 100), height=120)
    cv2.line(paper, (100, 170), (150, 165), 40, 10)
    assert len(digits_of(paper)) == 2
