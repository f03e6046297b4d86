"""The benchmark's sheets: whatever is drawn of a photo, its digits can be seen."""

import numpy as np
import pytest

from benchmarks.papers import make_page, with_desk

WIDTH, HEIGHT = 320, 240
MIDDLE = (140, 100, 30, 40)
CORNERS = ((0, 0, 20, 30), (300, 0, 20, 30), (0, 210, 20, 30), (300, 210, 20, 30))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("corner", CORNERS)
def test_a_desk_lies_beside_the_digits_and_never_on_them(
    seed: int, corner: tuple[int, int, int, int]
) -> None:
    rng = np.random.default_rng(seed)
    page = make_page("squared", WIDTH, HEIGHT, rng)
    x, y, w, h = corner
    both = with_desk(page.picture, page, [MIDDLE, corner], rng)
    assert (both[y : y + h, x : x + w] == page.picture[y : y + h, x : x + w]).all()
    assert (with_desk(page.picture, page, [MIDDLE], rng) != page.picture).any()
