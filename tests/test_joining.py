import numpy as np
import pytest

from preprocessing import Photo, find_digits, joins, read_page
from tests.papers import blank, photo, write
from tests.test_parting import common

WHOLE = write(blank(), "0", at=(180, 90), height=200)
BROKEN = WHOLE.copy()
BROKEN[:, 236:244] = 230


def test_the_halves_of_a_broken_digit_can_be_joined_into_the_glyph_of_the_whole() -> None:
    page, whole = read_page(photo(BROKEN)), read_page(photo(WHOLE))
    assert len(page.boxes) == 2
    (join,) = joins(page, 0)
    assert (join.first, join.replaces) == (0, 2)
    assert common(join.boxes[0], whole.boxes[0]) > 0.95
    assert join.glyphs.shape == (1, 28, 28)
    assert np.abs(join.glyphs - whole.glyphs).mean() < 0.02


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_what_is_joined_on_a_turned_page_lies_as_the_photo_does(turns: int) -> None:
    (straight,) = joins(read_page(photo(BROKEN)), 0)
    page = find_digits(Photo(photo(np.rot90(BROKEN, -turns))), turns)
    (join,) = joins(page, 0)
    assert common(straight.boxes[0], join.boxes[0].turned(turns, page.width, page.height)) > 0.9
    assert np.abs(join.glyphs - straight.glyphs).mean() < 0.02


def test_digits_apart_and_those_at_the_ends_are_not_joined() -> None:
    page = read_page(photo(write(blank(), "00", at=(80, 120), height=120, step=1.2)))
    assert len(page.boxes) == 2
    assert [joins(page, first) for first in (-1, 0, 1)] == [[], [], []]
