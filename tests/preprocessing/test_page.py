from unittest.mock import Mock

import numpy as np
import pytest

from preprocessing import read_page
from preprocessing.glyph import to_mnist
from preprocessing.page import Box, page_of_glyph
from tests.papers import blank, photo, write

RNG = np.random.default_rng(5)


def test_a_glyph_fills_its_page() -> None:
    gray, glyph = np.zeros((280, 280), np.uint8), RNG.random((28, 28)).astype(np.float32)
    page = page_of_glyph(560, gray, glyph)
    assert page.boxes == (Box(0, 0, 560, 560),) and page.ink.all()
    assert (page.width, page.height, page.scale) == (560, 560, 0.5)
    assert np.array_equal(page.glyphs, [glyph])


def test_glyphs_are_made_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Mock(side_effect=to_mnist)
    monkeypatch.setattr("preprocessing.page.to_mnist", make)
    page = read_page(photo(write(blank(), "47", at=(60, 90), height=120, step=1.2)))
    make.assert_not_called()
    assert page.some_glyphs([1]).shape == (1, 28, 28) and make.call_count == 1
    assert np.array_equal(page.glyphs[1:], page.some_glyphs([1]))
