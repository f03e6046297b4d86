import numpy as np

from preprocessing.page import Box, page_of_glyph

RNG = np.random.default_rng(5)


def test_a_glyph_fills_its_page() -> None:
    gray, glyph = np.zeros((280, 280), np.uint8), RNG.random((28, 28)).astype(np.float32)
    page = page_of_glyph(560, gray, glyph)
    assert page.boxes == (Box(0, 0, 560, 560),) and page.ink.all()
    assert (page.width, page.height, page.scale) == (560, 560, 0.5)
    assert np.array_equal(page.glyphs, [glyph])
