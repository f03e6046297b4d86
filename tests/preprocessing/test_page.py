import numpy as np
import pytest

from preprocessing.page import Box, Page, page_of_glyph

RNG = np.random.default_rng(5)


def sent(turns: int) -> tuple[Page, Page]:
    """A page as it was sent, and the page found in the same photo turned anticlockwise."""
    gray = RNG.integers(0, 255, (60, 80)).astype(np.uint8)
    box, glyphs = Box(10, 20, 30, 15), np.zeros((1, 28, 28), np.float32)
    page = Page(80, 60, gray, 1.0, gray, (box,), (0,), glyphs)
    height, width = np.rot90(gray, turns).shape
    turned = np.rot90(gray, turns)
    other = box.turned(turns, 80, 60)
    return page, Page(width, height, turned, 1.0, turned, (other,), (0,), glyphs)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_turned_back_lies_as_it_was_sent(turns: int) -> None:
    page, turned = sent(turns)
    back = turned.turned_back(turns)
    assert (back.width, back.height, back.boxes) == (page.width, page.height, page.boxes)
    assert np.array_equal(back.gray, page.gray) and np.array_equal(back.ink, page.ink)
    assert back.turns == turns


def test_a_glyph_fills_its_page() -> None:
    gray, glyph = np.zeros((280, 280), np.uint8), RNG.random((28, 28)).astype(np.float32)
    page = page_of_glyph(560, gray, glyph)
    assert page.boxes == (Box(0, 0, 560, 560),) and page.ink.all()
    assert (page.width, page.height, page.scale) == (560, 560, 0.5)
    assert np.array_equal(page.glyphs, [glyph])
