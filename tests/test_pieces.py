import cv2
import numpy as np
import pytest

from preprocessing.ink import find_ink
from preprocessing.pieces import Pieces, find_pieces
from tests.papers import blank, write


def found_in(gray: np.ndarray) -> Pieces:
    ink = find_ink(gray)
    return find_pieces(ink, ink.mask)


@pytest.mark.parametrize("pen", [0.04, 0.08, 0.14])
def test_a_stroke_is_measured(pen: float) -> None:
    (piece,) = found_in(write(blank(), "1", at=(150, 80), height=200, pen=pen)).pieces
    assert piece.stroke == pytest.approx(200 * pen, rel=0.35, abs=2)
    assert piece.contrast == pytest.approx((230 - 40) / 230, abs=0.1)


def test_an_object_beside_a_digit_is_left_out_but_told_of() -> None:
    table = write(blank(800, 600), "5", at=(620, 220), height=120)
    assert not found_in(table).cluttered
    cv2.rectangle(table, (200, 120), (420, 500), 40, -1)
    cv2.rectangle(table, (240, 150), (380, 200), 90, -1)
    found = found_in(table)
    assert all(piece.x > 500 for piece in found.pieces)
    assert len(found.pieces) == 1


def test_a_bar_along_the_edge_is_a_cut_line() -> None:
    page = write(blank(640, 480), "5", at=(280, 160), height=150)
    cv2.line(page, (4, 100), (4, 400), 40, 5)
    assert len(found_in(page).pieces) == 1


def test_a_digit_that_touches_the_edge_stays() -> None:
    assert len(found_in(write(blank(300, 300), "6", at=(1, 20), height=270)).pieces) == 1


def test_a_one_at_the_edge_stays_in_a_line_of_digits() -> None:
    row = write(blank(640, 480), "1752", at=(-42, 160), height=150)
    assert len(found_in(row).pieces) == 4
