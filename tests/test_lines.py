import random

from hypothesis import given
from hypothesis import strategies as st

from preprocessing.lines import in_reading_order
from preprocessing.piece import Piece


def piece(x: float, y: float, h: float = 40) -> Piece:
    return Piece((1,), round(x), round(y), 25, round(h), 300, 4.0, 0.8)


def lines_of(pieces: list[Piece]) -> list[list[Piece]]:
    found: dict[int, list[Piece]] = {}
    for index, line in in_reading_order(pieces):
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
        [piece(40 * i + seed.uniform(-3, 3), 75 * line + 40 * i * slope + seed.uniform(-5, 5))
         for i in range(count)]
        for line, count in enumerate(counts)
    ]  # fmt: skip
    shuffled = [digit for line in written for digit in line]
    seed.shuffle(shuffled)
    assert lines_of(shuffled) == written


def test_digits_of_different_heights_share_a_line() -> None:
    row = [piece(0, 0, 90), piece(60, 50, 35), piece(100, 10, 80)]
    assert lines_of(row) == [row]


def test_no_digits_have_no_order() -> None:
    assert in_reading_order([]) == []
