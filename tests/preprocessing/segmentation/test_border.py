"""Lines and fragments that the picture's edge cuts are left out; digits that it cuts stay."""

import pytest

from preprocessing import read_page
from preprocessing.components import Region
from preprocessing.segmentation.border import drop_border_regions, is_edge_line
from tests.papers import blank, photo, write


def page(*boxes: tuple[int, int, int, int]) -> tuple[list[Region], tuple[int, int]]:
    """Regions that fill their boxes, and the shape of their picture."""
    filling = [Region((n,), *box, box[2] * box[3], 9, 0.5) for n, box in enumerate(boxes, start=1)]
    return filling, (400, 600)


DIGITS = (200, 100, 50, 80), (300, 100, 50, 80), (400, 100, 50, 80)


def test_a_digit_cut_by_the_edge_stays() -> None:
    assert len(drop_border_regions(*page(*DIGITS, (0, 100, 40, 80)))) == 4


def test_a_bit_cut_by_the_edge_is_left_out() -> None:
    assert len(drop_border_regions(*page(*DIGITS, (0, 100, 40, 30)))) == 3


def test_a_stroke_of_a_broken_digit_that_the_edge_cuts_stays() -> None:
    row = write(blank(), "404", at=(0, 120), height=120, pen=0.08, step=0.9)
    row[:, 12:17] = 230
    assert read_page(photo(row)).boxes[0].x == 0


def test_digits_that_all_touch_the_edge_of_their_strip_stay() -> None:
    digits = [(20 + 80 * n, 0, 50, 100) for n in range(7)]
    assert len(drop_border_regions(*page(*digits))) == 7
    assert len(drop_border_regions(*page(*digits[:5], *DIGITS))) == 8


@pytest.mark.parametrize(
    ("box", "is_line"),
    [((4, 100, 8, 200), True), ((592, 100, 8, 200), True), ((100, 5, 300, 9), True),
     ((60, 100, 8, 200), False), ((4, 100, 60, 200), False), ((4, 100, 200, 8), False)],
)  # fmt: skip
def test_a_bar_along_the_edge_is_a_line_that_it_cuts(
    box: tuple[int, int, int, int], is_line: bool
) -> None:
    (region,), shape = page(box)
    assert is_edge_line(region, shape) == is_line
