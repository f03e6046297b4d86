from pathlib import Path

import cv2
import numpy as np
import pytest

from preprocessing.glyph import SIDE, is_wide, narrower, stroke_width, thicken, to_mnist
from tests.papers import STROKES, blank, write

MNIST = Path(__file__).parents[2] / "model" / "data" / "mnist.npz"


def ink_of(text: str, height: float, pen: float = 0.09) -> np.ndarray:
    return 255 - write(blank(400, 400, 255), text, at=(60, 30), height=height, pen=pen, ink=0)


@pytest.mark.parametrize("digit", STROKES)
def test_ink_fills_20_pixels_and_is_balanced_in_the_middle(digit: str) -> None:
    glyph = to_mnist(ink_of(digit, 200))
    assert glyph.shape == (SIDE, SIDE) and glyph.dtype == np.float32
    assert glyph.max() == 1 and glyph.min() == 0
    _, _, w, h = cv2.boundingRect((glyph > 0.2).astype(np.uint8))
    assert 19 <= max(w, h) <= 20
    rows, columns = np.indices(glyph.shape)
    for place in (rows, columns):
        assert abs((place * glyph).sum() / glyph.sum() - SIDE / 2) < 1


@pytest.mark.parametrize("digit", STROKES)
def test_a_glyph_does_not_tell_the_size_of_the_digit(digit: str) -> None:
    large, small = to_mnist(ink_of(digit, 300)), to_mnist(ink_of(digit, 75))
    shifts = [np.roll(small, (y, x), axis=(0, 1)) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    assert min(np.abs(large - shifted).mean() for shifted in shifts) < 0.04


@pytest.mark.parametrize("digit", "234567")
def test_a_wide_glyph_made_narrower_is_nearer_to_that_of_narrower_ink(digit: str) -> None:
    ink = ink_of(digit, 200)
    wide, high = (
        to_mnist(np.asarray(cv2.resize(ink, None, fx=times, fy=1), np.uint8))
        for times in (2, 2 * 20 / SIDE)
    )
    assert is_wide(wide) and not is_wide(to_mnist(ink))
    assert np.abs(narrower(wide) - high).mean() < 0.6 * np.abs(wide - high).mean()


def test_thin_strokes_do_not_turn_faint() -> None:
    glyph = to_mnist(ink_of("7", 340, pen=0.006))
    assert glyph.max() == 1
    assert stroke_width((glyph * 255).astype(np.uint8)) > 1.4


@pytest.mark.parametrize("width", [3, 8, 21])
def test_stroke_width_of_a_bar_is_its_width(width: int) -> None:
    bar = np.zeros((200, 60), np.uint8)
    bar[10:190, 20 : 20 + width] = 255
    assert stroke_width(bar) == pytest.approx(width, rel=0.25, abs=0.5)


def test_mnist_digits_stay_where_they_are() -> None:
    with np.load(MNIST) as data:
        digits = data["x_train"][:300]
    moved = [np.abs(to_mnist(digit) - digit / 255).mean() for digit in digits]
    assert np.quantile(moved, 0.9) < 0.01


@pytest.mark.parametrize("crop", [np.zeros((5, 5), np.uint8), np.zeros((0, 0), np.uint8)])
def test_a_crop_without_ink_is_a_bug(crop: np.ndarray) -> None:
    with pytest.raises(ValueError, match="without ink"):
        to_mnist(crop)


@pytest.mark.parametrize("by", [0.6, 3, 8.5, 21, 52])
@pytest.mark.parametrize("shape", [(1, 1), (90, 3), (4, 70), (60, 45)])
def test_strokes_are_thickened_as_by_a_dilation_with_an_ellipse(
    by: float, shape: tuple[int, int]
) -> None:
    ink = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    ink[ink < 200] = 0
    size = 2 * max(1, round(by / 2)) + 1
    padded = np.pad(ink, size // 2)
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    assert np.array_equal(thicken(ink, by), cv2.dilate(padded, ellipse))
