import cv2
import numpy as np

from preprocessing.edges import without_cut
from preprocessing.piece import Piece


def page(*boxes: tuple[int, int, int, int]) -> tuple[list[Piece], np.ndarray]:
    """Pieces that fill their boxes, and their mask, 400 px high and 600 wide."""
    mask = np.zeros((400, 600), np.uint8)
    for x, y, w, h in boxes:
        cv2.rectangle(mask, (x, y), (x + w - 1, y + h - 1), 1, -1)
    pieces = [Piece((n,), *box, box[2] * box[3], 9, 0.5) for n, box in enumerate(boxes, start=1)]
    return pieces, mask


DIGITS = (200, 100, 50, 80), (300, 100, 50, 80), (400, 100, 50, 80)
GRAIN = (0, 20, 30, 60), (0, 110, 25, 70), (0, 200, 30, 60), (0, 290, 25, 90)


def test_a_tables_grain_along_an_edge_is_left_out() -> None:
    for turns in range(4):
        boxes = [*DIGITS, *GRAIN]
        pieces, mask = page(*boxes)
        if turns % 2:
            pieces = [p._replace(x=p.y, y=p.x, w=p.h, h=p.w) for p in pieces]
            mask = np.ascontiguousarray(mask.T)
        if turns >= 2:
            height, width = mask.shape
            pieces = [p._replace(x=width - p.x - p.w, y=height - p.y - p.h) for p in pieces]
            mask = np.ascontiguousarray(mask[::-1, ::-1])
        assert len(without_cut(pieces, mask)) == len(DIGITS)


def test_a_digit_cut_by_the_edge_stays() -> None:
    assert len(without_cut(*page(*DIGITS, (0, 100, 40, 80)))) == 4


def test_a_bit_cut_by_the_edge_is_left_out() -> None:
    assert len(without_cut(*page(*DIGITS, (0, 100, 40, 30)))) == 3


def test_digits_that_all_touch_the_edge_of_their_strip_stay() -> None:
    digits = [(20 + 80 * n, 0, 50, 100) for n in range(7)]
    assert len(without_cut(*page(*digits))) == 7
    assert len(without_cut(*page(*digits[:5], *DIGITS))) == 8
