import time

import cv2
import numpy as np
import pytest

from preprocessing import NoDigitsFound, read_page
from tests.papers import STROKES, blank, photo, shaded, write


def test_boxes_are_in_pixels_of_the_upright_original() -> None:
    page = read_page(photo(write(blank(1600, 1200), "5", at=(700, 300), height=400)))
    (box,) = page.boxes
    assert (page.width, page.height) == (1600, 1200)
    assert box.x == pytest.approx(700, abs=30) and box.y == pytest.approx(300, abs=30)
    assert box.h == pytest.approx(400, abs=50)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("digit", ["0", "2", "4", "8"])
def test_a_digit_that_fills_a_tiny_picture_is_found_whole(digit: str, inverted: bool) -> None:
    large = write(blank(300, 300), digit, at=(80, 60), height=180, pen=0.14)
    rows, columns = np.nonzero(large < 128)
    tight = large[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    tiny = np.asarray(cv2.resize(tight, (32, 32), interpolation=cv2.INTER_AREA), np.uint8)
    (box,) = read_page(photo(255 - tiny if inverted else tiny)).boxes
    assert min(box.w, box.h) >= 28 and max(box.x, box.y) <= 2


def test_a_fat_one_that_fills_a_tiny_picture_is_found() -> None:
    tiny = np.zeros((32, 32), np.uint8)
    tiny[:, 10:24] = 255
    tiny[8:14, 5:10] = 255
    (box,) = read_page(photo(tiny)).boxes
    assert box.h >= 28


def test_sixty_digits_keep_their_order_and_take_less_than_a_second() -> None:
    sheet = blank(1200, 1000)
    for line in range(6):
        sheet = write(sheet, "0123456789", at=(60, 60 + line * 150), height=80, step=1.3)
    start = time.thread_time()
    page = read_page(photo(sheet))
    assert time.thread_time() - start < 1
    assert page.lines == tuple(line for line in range(6) for _ in range(10))
    places = [(line, box.x) for line, box in zip(page.lines, page.boxes, strict=True)]
    assert places == sorted(places)


def dark() -> np.ndarray:
    return np.full((360, 480), 20, np.uint8)


def blurred() -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(write(blank(), "5", at=(200, 150), height=60), (0, 0), 15))


def printed() -> np.ndarray:
    page = blank(1600, 1600)
    for line in range(20):
        at = (40, 60 + 75 * line)
        cv2.putText(page, "no digits but words and words", at, 0, 2.4, 30, 3, cv2.LINE_AA)
    return page


def object_on_a_table() -> np.ndarray:
    table = blank(640, 480)
    cv2.rectangle(table, (200, 60), (420, 420), 40, -1)
    cv2.rectangle(table, (240, 90), (380, 130), 90, -1)
    return table


@pytest.mark.parametrize(
    ("picture", "cause"),
    [
        (dark(), "too_dark"),
        (object_on_a_table(), "not_digits"),
        (blurred(), "too_blurred"),
        (printed(), "printed"),
    ],
)
def test_the_cause_of_finding_nothing_is_measured(picture: np.ndarray, cause: str) -> None:
    with pytest.raises(NoDigitsFound) as caught:
        read_page(photo(picture))
    assert caught.value.cause == cause
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize("level", [60, 128, 255])
def test_empty_paper_has_no_digit(level: int) -> None:
    grain = np.random.default_rng(0).normal(0, 3, (360, 480))
    paper = np.clip(shaded(blank(level=level), 0.3) + grain, 0, 255).astype(np.uint8)
    with pytest.raises(NoDigitsFound) as caught:
        read_page(photo(paper))
    assert caught.value.cause == "no_ink"


@pytest.mark.parametrize("digit", STROKES)
def test_every_glyph_is_full_of_ink_on_empty_paper(digit: str) -> None:
    page = read_page(photo(write(blank(), digit, at=(150, 80), height=180)))
    assert page.glyphs.dtype == np.float32
    assert page.glyphs.max() == 1 and page.glyphs[:, 0].max() == 0
