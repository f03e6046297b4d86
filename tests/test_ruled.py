"""What is ruling among the pieces of ink: never a digit, however straight its strokes."""

import cv2
import numpy as np
import pytest

from preprocessing.parts import parts_of
from preprocessing.ruled import ruling_of
from tests.papers import blank, write

HEIGHT = 150  # px, of the digits


def ink(digits: str = "247") -> np.ndarray:
    written = write(blank(640, 480), digits, at=(120, 150), height=HEIGHT)
    return (written < 130).astype(np.uint8)


def ruling(mask: np.ndarray) -> tuple[np.ndarray, float]:
    return ruling_of(mask, parts_of(mask))


@pytest.mark.parametrize(("left", "right"), [(400, 410), (340, 450)])
def test_a_line_from_edge_to_edge_is_ruling_and_digits_are_none(left: int, right: int) -> None:
    line = np.zeros_like(ink())
    cv2.line(line, (0, left), (640, right), 1, 3)
    found, digit = ruling(ink() | line)
    assert np.array_equal(found, line)
    assert digit == 640  # no frame tells how high the digits are


@pytest.mark.parametrize("above", [100, 20])
def test_a_frame_is_ruling_and_tells_how_long_strokes_are(above: int) -> None:
    frame = np.zeros_like(ink())
    cv2.rectangle(frame, (60, above), (580, 460 - above), 1, 4)
    found, digit = ruling(ink() | frame)
    assert np.array_equal(found, frame)
    assert HEIGHT < digit < 2 * HEIGHT


def test_a_long_dash_is_ruling_beside_ink_but_not_alone() -> None:
    dash = np.zeros_like(ink())
    cv2.line(dash, (100, 400), (500, 400), 1, 5)
    assert np.array_equal(ruling(ink() | dash)[0], dash)
    assert not ruling(dash)[0].any()


@pytest.mark.parametrize("digit", ["1", "4", "7"])
def test_an_upright_digit_from_edge_to_edge_is_none_where_it_is_alone(digit: str) -> None:
    mask = ink(digit)
    rows = np.flatnonzero(mask.any(axis=1))
    tight = np.ascontiguousarray(mask[rows[0] : rows[-1] + 1])
    assert not ruling(tight)[0].any()
    assert ruling(np.hstack([tight, ink("2")[rows[0] : rows[-1] + 1]]))[0].any()


def test_a_digit_beside_a_bit_of_its_own_stroke_is_no_frame() -> None:
    five = np.zeros((200, 200), np.uint8)
    cv2.polylines(five, [np.array([(50, 60), (55, 85), (100, 100), (115, 130), (75, 165)])],
                  False, 1, 6)  # fmt: skip
    cv2.line(five, (58, 132), (66, 156), 1, 6)
    assert not ruling(five)[0].any()
    five[50:55, 40:130] = five[170:175, 40:130] = five[50:175, 40:45] = five[50:175, 125:130] = 1
    assert ruling(five)[0].any()


def test_a_comb_of_boxes_open_above_is_ruling() -> None:
    comb = np.zeros_like(ink())
    cv2.line(comb, (80, 330), (560, 330), 1, 4)
    for x in (80, 240, 400, 560):
        cv2.line(comb, (x, 140), (x, 330), 1, 4)
    mask = ink() & (cv2.dilate(comb, np.ones((5, 5), np.uint8)) == 0)
    assert np.array_equal(ruling(mask | comb)[0], comb)
