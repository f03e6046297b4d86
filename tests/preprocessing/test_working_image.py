import cv2
import numpy as np
import pytest

from preprocessing.glyph import SIDE, as_noisy_glyph
from preprocessing.working_image import remove_impulse_noise
from tests.papers import blank, write


def glyph() -> np.ndarray:
    drawn = 255 - write(blank(280, 280, 255), "5", at=(80, 45), height=190, pen=0.12, ink=0)
    return cv2.resize(drawn, dsize=(SIDE, SIDE), interpolation=cv2.INTER_AREA)


def salted(gray: np.ndarray, share: float, seed: int = 0) -> np.ndarray:
    chance = np.random.default_rng(seed).random(gray.shape)
    return np.where(chance < share / 2, 0, np.where(chance > 1 - share / 2, 255, gray)).astype(
        np.uint8
    )


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("way", [cv2.INTER_NEAREST, cv2.INTER_LINEAR])
@pytest.mark.parametrize("times", [1, 5, 8, 20])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5])
def test_an_enlarged_noisy_glyph_is_taken_as_it_is(
    share: float, times: int, way: int, inverted: bool
) -> None:
    noisy = salted(glyph(), share)
    shown = 255 - noisy if inverted else noisy
    large = cv2.resize(shown, None, fx=times, fy=times, interpolation=way)
    found = as_noisy_glyph(np.asarray(large, np.uint8))
    assert found is not None
    assert np.abs(found - noisy / 255).mean() < 0.07


@pytest.mark.parametrize("times", [1, 10])
def test_a_clean_glyph_goes_the_way_of_all_photos(times: int) -> None:
    assert as_noisy_glyph(np.kron(glyph(), np.ones((times, times), np.uint8))) is None


@pytest.mark.parametrize("share", [0.05, 0.3])
def test_a_noisy_photo_is_no_glyph(share: float) -> None:
    page = salted(write(blank(280, 280), "5", at=(40, 40), height=190), share)
    assert as_noisy_glyph(page) is None


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3])
def test_specks_go_and_thin_strokes_stay(share: float) -> None:
    page = write(blank(640, 480), "4", at=(200, 120), height=240, pen=0.02)
    cleaned = remove_impulse_noise(salted(page, share))
    assert (
        np.abs(cleaned.astype(int) - page).mean()
        < 0.35 * np.abs(salted(page, share).astype(int) - page).mean()
    )
    core = page < 60
    assert (cleaned[core] < 130).mean() > 0.8


def test_hair_lines_are_no_specks() -> None:
    page = blank(300, 300)
    page[::12] = 20
    page[:, ::15] = 20
    assert (remove_impulse_noise(page) == page).all()
