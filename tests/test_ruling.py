import cv2
import numpy as np
import pytest

from preprocessing.ink import find_ink
from preprocessing.ruling import without_ruling
from tests.papers import blank, write

DIGITS = write(blank(640, 480), "247", at=(120, 150), height=150)
DRAWN = DIGITS < 130


def ruled(paper: np.ndarray, *, squares: bool, level: int, lean: float = 0.0) -> np.ndarray:
    lines = paper.copy()
    height, width = paper.shape
    for y in range(-100, height + 100, 45):
        cv2.line(lines, (0, y), (width, round(y + lean * width)), level, 2)
    for x in range(-100, width + 100, 45) if squares else ():
        cv2.line(lines, (x, 0), (round(x - lean * height), height), level, 2)
    return np.asarray(np.minimum(lines, paper))


def framed(paper: np.ndarray) -> np.ndarray:
    form = paper.copy()
    cv2.rectangle(form, (60, 90), (580, 360), 60, 4)
    return form


def kept(mask: np.ndarray) -> tuple[float, float]:
    """How much of the digits is still there, and how much else, relative to the digits."""
    digits = cv2.dilate(DRAWN.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    return float(mask[DRAWN].mean()), float(mask[~digits].sum() / DRAWN.sum())


@pytest.mark.parametrize("lean", [0.0, 0.03])
@pytest.mark.parametrize("level", [90, 170])
@pytest.mark.parametrize("squares", [False, True])
def test_ruled_and_squared_paper_is_taken_out(squares: bool, level: int, lean: float) -> None:
    paper = ruled(DIGITS, squares=squares, level=level, lean=lean)
    digits, rest = kept(without_ruling(find_ink(paper)))
    assert digits > 0.93
    assert rest < 0.08


def test_the_frame_of_a_form_is_taken_out() -> None:
    digits, rest = kept(without_ruling(find_ink(framed(DIGITS))))
    assert digits > 0.95
    assert rest < 0.02


def test_a_digit_that_crosses_its_frame_stays() -> None:
    free = write(blank(640, 480), "2", at=(120, 150), height=150)
    low = write(free, "47", at=(270, 230), height=150)
    mask = without_ruling(find_ink(framed(low)))
    assert mask[low < 50].mean() > 0.9
    assert mask[340:380, 540:570].mean() < 0.02  # the frame beside them


@pytest.mark.parametrize("digit", ["1", "4", "7"])
def test_a_digit_of_straight_strokes_is_no_ruling(digit: str) -> None:
    alone = find_ink(write(blank(), digit, at=(120, 20), height=310))
    assert (without_ruling(alone) == alone.mask).all()


def test_a_lone_digit_from_edge_to_edge_keeps_its_stem() -> None:
    paper = blank(200, 240)
    cv2.line(paper, (130, 0), (130, 239), 40, 12)
    cv2.polylines(paper, [np.array([(128, 20), (50, 60), (60, 120), (128, 110)])], False, 40, 12)
    mask = without_ruling(find_ink(paper))
    assert mask[5:235, 128:133].mean() > 0.9
