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


def test_a_line_from_edge_to_edge_is_ruling_and_digits_are_none() -> None:
    line = np.zeros_like(ink())
    cv2.line(line, (0, 400), (640, 410), 1, 3)
    found, digit = ruling(ink() | line)
    assert np.array_equal(found, line)
    assert digit == 640  # no frame tells how high the digits are


def test_a_frame_is_ruling_and_tells_how_long_strokes_are() -> None:
    frame = np.zeros_like(ink())
    cv2.rectangle(frame, (60, 90), (580, 360), 1, 4)
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
