import numpy as np
import pytest

from preprocessing import Box, Photo, find_digits, parted, read_page
from tests.papers import blank, photo, write

PAIR = write(blank(), "35", at=(120, 90), height=160, step=0.55)


def common(a: Box, b: Box) -> float:
    """What two boxes share, of their union."""
    width = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    height = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    shared = max(0, width) * max(0, height)
    return shared / (a.w * a.h + b.w * b.h - shared)


def test_touching_digits_can_be_parted_within_their_box() -> None:
    page = read_page(photo(PAIR))
    (whole,) = page.boxes
    choices = parted(page, 0)
    assert any(len(choice.boxes) == 2 for choice in choices)
    for choice in choices:
        assert (choice.first, choice.replaces) == (0, 1)
        assert choice.glyphs.shape == (len(choice.boxes), 28, 28)
        around = np.array(choice.boxes)
        left, top = around[:, :2].min(axis=0)
        right, low = (around[:, :2] + around[:, 2:]).max(axis=0)
        assert common(whole, Box(int(left), int(top), int(right - left), int(low - top))) > 0.9


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_parts_of_a_turned_page_lie_as_the_photo_does(turns: int) -> None:
    straight = read_page(photo(PAIR))
    turned = find_digits(Photo(photo(np.rot90(PAIR, -turns))), turns)
    size = turned.width, turned.height
    for before, after in zip(parted(straight, 0), parted(turned, 0), strict=True):
        for box, other in zip(before.boxes, after.boxes, strict=True):
            assert common(box, other.turned(turns, *size)) > 0.9


def test_a_picture_that_is_the_glyph_is_not_parted() -> None:
    specks = np.where(np.random.default_rng(1).random((28, 28)) < 0.1, 255, 0).astype(np.uint8)
    specks[6:22, 13:16] = 255
    page = read_page(photo(specks))
    assert len(page.boxes) == 1 and not parted(page, 0)
