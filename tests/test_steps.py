import cv2
import numpy as np
import pytest

from preprocessing.ink import find_ink
from preprocessing.piece import Piece
from preprocessing.pieces import find_pieces
from preprocessing.steps import is_step
from tests.papers import blank, write


def piece_of(own: np.ndarray, stroke: float) -> Piece:
    x, y, w, h = cv2.boundingRect(own)
    return Piece((1,), x, y, w, h, int(own.sum()), stroke, 0.5)


@pytest.mark.parametrize("stroke", [3, 9, 25])
@pytest.mark.parametrize("ink", [-60, 60])
@pytest.mark.parametrize("slope", [0, 80])
def test_a_stroke_is_no_step_whether_dark_or_light_and_on_shaded_paper(
    stroke: int, ink: int, slope: int
) -> None:
    own = np.zeros((300, 400), np.uint8)
    cv2.line(own, (120, 60), (250, 240), 1, stroke)
    paper = 140 + slope * np.linspace(-0.5, 0.5, 400)
    gray = cv2.GaussianBlur(paper + float(ink) * own, (0, 0), 1.5)
    assert not is_step(piece_of(own, stroke), gray.astype(np.uint8), own.astype(np.int32))


@pytest.mark.parametrize("degrees", range(0, 180, 15))
@pytest.mark.parametrize("blur", [1, 3, 6])
def test_the_edge_of_a_shadow_is_a_step_at_any_angle(degrees: int, blur: int) -> None:
    down, across = np.mgrid[:300, :400] - np.array([150, 200])[:, None, None]
    way = np.cos(np.radians(degrees)) * across + np.sin(np.radians(degrees)) * down
    noise = np.random.default_rng(1).normal(0, 3, way.shape)
    shadow = np.where(way < 0, 170.0, 80.0).astype(np.float32)
    gray = cv2.GaussianBlur(cv2.GaussianBlur(shadow, (0, 0), blur) + noise, (3, 3), 0)
    own = ((abs(way) < 3) & (np.hypot(down, across) < 60)).astype(np.uint8)
    assert is_step(piece_of(own, 6), gray.astype(np.uint8), own.astype(np.int32))


def test_what_fills_the_picture_is_no_step() -> None:
    own = np.ones((30, 40), np.uint8)
    assert not is_step(piece_of(own, 9), own, own.astype(np.int32))


@pytest.mark.parametrize("degrees", range(10, 180, 20))
@pytest.mark.parametrize("shade", [0.3, 0.45])
def test_a_hard_shadow_across_the_page_is_no_piece_beside_the_digit(
    degrees: int, shade: float
) -> None:
    page = write(blank(640, 480), "5", at=(400, 300), height=100)
    down, across = np.mgrid[:480, :640] - np.array([200, 260])[:, None, None]
    way = np.cos(np.radians(degrees)) * across + np.sin(np.radians(degrees)) * down
    light = cv2.GaussianBlur(np.where(way < 0, 1.0, shade), (0, 0), 4)
    ink = find_ink((light * page).astype(np.uint8))
    assert len(find_pieces(ink, ink.mask).pieces) == 1
