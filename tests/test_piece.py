import numpy as np
import pytest

from preprocessing.piece import Piece, digit_height


def piece(x: int, y: int, w: int, h: int) -> Piece:
    return Piece((1,), x, y, w, h, w * h, 3.0, 0.5)


@pytest.mark.parametrize(("x", "y"), [(40, 30), (0, 2), (70, 50)])
def test_what_is_around_a_piece_ends_with_the_picture(x: int, y: int) -> None:
    rows, columns = np.mgrid[:60, :80]
    near = (x - 5 <= columns) & (columns < x + 15) & (y - 5 <= rows) & (rows < y + 13)
    taken = np.zeros((60, 80), bool)
    taken[piece(x, y, 10, 8).around(5)] = True
    assert np.array_equal(taken, near)


def test_digits_are_as_high_as_most_of_the_ink_and_not_as_their_dots() -> None:
    digits = [piece(20 * n, 0, 10, 40) for n in range(3)]
    assert digit_height([*digits, *(piece(20 * n, 60, 2, 2) for n in range(9))]) == 40
    assert digit_height([]) == 0
