import cv2
import numpy as np
import pytest

from preprocessing.paper import paper_levels


def sheet(level: int, ink: int, pen: int) -> np.ndarray:
    page = np.full((128, 170), level, np.uint8)
    cv2.line(page, (40, 30), (120, 100), ink, pen)
    return page


@pytest.mark.parametrize("pen", [2, 8, 16])
def test_under_dark_and_light_ink_lies_the_paper_around_it(pen: int) -> None:
    below, _, large = paper_levels(sheet(200, 60, pen))
    assert np.abs(below - 200).max() <= 1 and np.abs(large - 200).max() <= 1
    _, above, _ = paper_levels(sheet(60, 220, pen))
    assert np.abs(above - 60).max() <= 1


@pytest.mark.parametrize("degrees", range(0, 180, 30))
def test_a_shadow_is_paper_up_to_its_edge(degrees: int) -> None:
    down, across = np.mgrid[:128, :170] - np.array([64, 85])[:, None, None]
    way = np.cos(np.radians(degrees)) * across + np.sin(np.radians(degrees)) * down
    below, _, _ = paper_levels(np.where(way < 0, 200, 90).astype(np.uint8))
    assert np.abs(below[way > 5] - 90).max() <= 1


def test_a_round_shadow_is_paper_up_to_its_edge() -> None:
    down, across = np.mgrid[:128, :170] - np.array([64, 85])[:, None, None]
    away = np.hypot(down, across)
    below, _, _ = paper_levels(np.where(away < 22, 90, 200).astype(np.uint8))
    assert np.abs(below[away < 17] - 90).max() <= 1
