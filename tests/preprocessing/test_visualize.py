import numpy as np

from preprocessing import read_page
from preprocessing.visualize import LINE_COLOURS, draw_stages
from tests.papers import blank, photo, write


def test_the_sketch_shows_photo_ink_and_glyphs() -> None:
    page = read_page(photo(write(blank(), "257", at=(60, 120), height=100)))
    sketch = draw_stages(page)
    assert sketch.dtype == np.uint8 and sketch.ndim == 3
    assert sketch.shape[1] >= 2 * page.gray.shape[1]
    assert sketch.shape[0] > page.gray.shape[0] + 28
    assert (sketch == LINE_COLOURS[0]).all(axis=2).sum() > 300


def test_lines_differ_in_colour() -> None:
    upper = write(blank(), "25", at=(60, 40), height=100)
    page = read_page(photo(write(upper, "74", at=(60, 220), height=100)))
    colours = {tuple(pixel) for pixel in draw_stages(page).reshape(-1, 3)}
    assert set(LINE_COLOURS[:2]) <= colours
