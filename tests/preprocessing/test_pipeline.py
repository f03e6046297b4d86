import contextlib
import io
import struct
import time
import zlib
from unittest.mock import Mock

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from preprocessing import (
    Box,
    NoDigitsFound,
    Page,
    Photo,
    PhotoError,
    find_digits,
    lone_digit,
    pipeline,
    read_page,
    turned_page,
)
from preprocessing.line_removal.rule_lines import remove_rule_lines
from preprocessing.page import page_of_glyph
from preprocessing.working_image import COARSE_SIDE, WORK_SIDE
from tests.papers import STROKES, blank, photo, shaded, write

ORANGE, GREY, BLACK = (165, 112, 60), (123, 123, 123), (40, 40, 40)
PAPER = 140
WHOLE = photo(write(blank(200, 150), "4", at=(60, 25), height=100), "JPEG")


def sheet(colour: tuple[int, int, int]) -> bytes:
    """A JPEG of a 5 and a 2 of one colour, on grey paper."""
    share = write(blank(level=0), "52", at=(120, 100), height=120, ink=255)[..., None] / 255
    page = PAPER * (1 - share) + np.array(colour) * share
    return photo(page.round().astype(np.uint8), "JPEG", quality=95)


def test_a_page_of_pale_coloured_ink_is_that_of_its_colour() -> None:
    def contrast(page: Page) -> float:
        return min(piece.contrast for piece in page.regions)

    assert contrast(find_digits(Photo(sheet(ORANGE)))) > 0.3
    assert contrast(find_digits(Photo(sheet(GREY)))) < 0.3


def test_boxes_are_in_pixels_of_the_upright_original() -> None:
    page = read_page(photo(write(blank(1600, 1200), "5", at=(700, 300), height=400)))
    (box,) = page.boxes
    assert (page.width, page.height) == (1600, 1200)
    assert box.x == pytest.approx(700, abs=30) and box.y == pytest.approx(300, abs=30)
    assert box.h == pytest.approx(400, abs=50)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_is_read_another_way_up_without_being_decoded_or_measured_again(
    turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = write(blank(), "352", at=(120, 90), height=160)
    upright = read_page(photo(sheet))
    sent = np.ascontiguousarray(np.rot90(sheet, -turns))
    page = read_page(photo(sent))
    monkeypatch.setattr(pipeline, "binarize", None)
    turned = turned_page(page, turns)
    assert (turned.width, turned.height, turned.turns) == (page.width, page.height, turns)
    assert np.array_equal(turned.gray, page.gray)
    assert turned.glyphs == pytest.approx(upright.glyphs, abs=0.1)
    for box, other in zip(turned.boxes, upright.boxes, strict=True):
        there = box.turned(turns, page.width, page.height)
        assert np.abs(np.array(there) - other).max() <= 3  # px


def test_a_page_that_is_one_glyph_is_turned_too() -> None:
    glyph = np.random.default_rng(5).random((28, 28)).astype(np.float32)
    page = page_of_glyph(28, np.zeros((28, 28), np.uint8), glyph)
    assert np.array_equal(turned_page(page, 1).glyphs[0], np.rot90(glyph))


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


@pytest.mark.parametrize(("height", "is_closer"), [(30, False), (15, True)])
def test_a_closer_look_is_taken_where_digits_gain_half_their_size(
    height: int, *, is_closer: bool
) -> None:
    page = blank(1280, 960)
    for index, digit in enumerate("2345"):
        page = write(page, digit, at=(200 + 150 * index, 300), height=2 * height)
    scale = read_page(photo(page)).scale
    assert scale >= 0.75 if is_closer else scale == 0.5


def test_lines_are_looked_for_only_where_ink_may_hold_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remove = Mock(side_effect=remove_rule_lines)
    monkeypatch.setattr("preprocessing.pipeline.remove_rule_lines", remove)
    page = blank(640, 640)
    for y in range(20, 640, 20):
        for x in range(20, 640, 20):
            page[y : y + 2, x : x + 2] = 40
    with pytest.raises(NoDigitsFound):
        read_page(photo(page))
    remove.assert_not_called()
    digit = write(page, "5", at=(200, 200), height=150)
    read_page(photo(digit))
    remove.assert_not_called()
    read_page(photo(write(digit, "7", at=(350, 200), height=150)))
    remove.assert_called()
    remove.reset_mock()
    cv2.line(digit, (40, 320), (600, 320), 40, 3)
    read_page(photo(digit))
    remove.assert_called()


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
        (printed(), "crowded"),
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


def test_small_digits_in_a_large_photo_are_looked_at_larger() -> None:
    page = read_page(photo(write(blank(3000, 2000), "70", at=(2000, 900), height=70)))
    assert len(page.boxes) == 2
    assert page.boxes[0].h * page.scale > 28


@pytest.mark.parametrize("turns", [0, 1])
def test_a_closer_look_is_taken_at_the_part_of_the_photo_that_holds_ink(turns: int) -> None:
    """Time and memory are those of that part, of which each box still lies in the whole photo."""
    page = write(blank(3000, 2000), "70", at=(2000, 900), height=40)
    found = read_page(photo(np.ascontiguousarray(np.rot90(page, turns))))
    assert found.gray.size < 0.4 * found.scale**2 * page.size
    for x, box in zip((2000, 2040), found.boxes[:: -1 if turns else 1], strict=True):
        box = box.turned(-turns % 4, found.width, found.height)
        drawn = np.argwhere(page[890:950, x : x + 38] < 130)
        (top, left), (below, right) = drawn.min(axis=0), drawn.max(axis=0) + 1
        assert box[:2] == pytest.approx((x + left, 890 + top), abs=5)
        assert box[2:] == pytest.approx((right - left, below - top), abs=9)
    far = write(page, "4", at=(100, 1800), height=40)
    assert len(read_page(photo(far)).boxes) == 3


def test_a_thousand_marks_are_refused_beside_the_part_that_is_looked_at_closer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = write(blank(2560, 2560), "70", at=(300, 300), height=50)
    found = read_page(photo(page)).segmentation
    more = write(page, "4", at=(2000, 2000), height=50)
    views = [pipeline.View(each, 1.0, (0, 0)) for each in (page, more)]
    few, many = (pipeline._measured(view) for view in views)
    monkeypatch.setattr("preprocessing.segmentation.candidates.COMPONENTS_MAX", 3)
    assert pipeline._cropped(few, found).ink.mask.size < few.ink.mask.size
    with pytest.raises(NoDigitsFound, match="too many marks"):
        pipeline._cropped(many, found)


def test_an_enlarged_noisy_glyph_fills_the_photo_that_was_sent() -> None:
    glyph = np.random.default_rng(2).integers(0, 2, (28, 28), np.uint8) * 255
    page = read_page(photo(np.kron(glyph, np.ones((40, 40), np.uint8)), "JPEG"))
    assert (page.width, page.height) == (1120, 1120)
    assert page.boxes == (Box(0, 0, 1120, 1120),)


def test_digits_beside_a_desk_are_found_in_a_large_photo() -> None:
    paper = write(blank(1700, 2560), "70", at=(700, 900), height=60)
    paper[:, :25] = 40
    assert len(read_page(photo(paper)).boxes) == 2


def png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )  # fmt: skip


@pytest.mark.parametrize(
    "bomb",
    [
        png(50_000, 50_000, bytes(1000)),
        png(4_000, 4_000, bytes(1000)),
        png(1, 30_000, bytes(60_000)),
        png(30_000, 1, bytes(30_001)),
        png(1, 1, bytes(2)),
        png(3, 2000, bytes(8000)),
    ],
    ids=["promises 2500 megapixels", "cut", "strip", "flat strip", "one pixel", "three wide"],
)
def test_bombs_and_strips_end_quickly_in_a_photo_error(bomb: bytes) -> None:
    start = time.thread_time()
    with pytest.raises(PhotoError):
        read_page(bomb)
    assert time.thread_time() - start < 2


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_photo_error(junk: bytes) -> None:
    with pytest.raises(PhotoError):
        read_page(junk)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8))
@example([(94, 102)])
@example([(100, 0)])
def test_a_damaged_photo_ends_in_a_page_or_a_photo_error(damage: list[tuple[int, int]]) -> None:
    broken = bytearray(WHOLE)
    for place, value in damage:
        broken[place] = value
    with contextlib.suppress(PhotoError):
        read_page(bytes(broken))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_tiny_pictures_of_any_noise_end_in_a_page_or_a_photo_error(
    width: int, height: int, seed: int
) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    try:
        page = read_page(file.getvalue())
    except PhotoError:
        return
    assert page.glyphs.shape == (len(page.boxes), 28, 28)


def test_the_digits_of_a_long_strip_are_all_found() -> None:
    strip = write(blank(4000, 100), "123456789012", at=(60, 15), height=70, step=4.6)
    assert len(read_page(photo(strip)).boxes) == 12


def test_a_lone_large_digit_is_found_in_a_smaller_picture() -> None:
    sheet = photo(write(blank(1000, 800), "5", at=(400, 250), height=300))
    page, finer = lone_digit(Photo(sheet)), read_page(sheet)
    assert page is not None
    assert COARSE_SIDE <= max(page.gray.shape) < 2 * COARSE_SIDE < max(finer.gray.shape)
    assert np.abs(np.subtract(page.boxes[0], finer.boxes[0])).max() <= 1000 / COARSE_SIDE + 2


@pytest.mark.parametrize(
    ("text", "height", "ink", "size"),
    [("55", 300, 40, 1000), ("5", 80, 40, 1000), ("5", 300, 190, 1000), ("5", 120, 40, 350)],
    ids=["two digits", "a small one", "a pale one", "a small picture"],
)
def test_anything_but_a_lone_large_digit_needs_the_larger_picture(
    text: str, height: int, ink: int, size: int
) -> None:
    sheet = write(blank(size, size), text, at=(150, 150), height=height, ink=ink)
    assert len(read_page(photo(sheet)).boxes) == len(text)
    assert lone_digit(Photo(photo(sheet))) is None


@pytest.mark.parametrize("shape", [(1400, 60), (2000, 80)])
def test_a_stroke_that_fills_a_strip_needs_no_larger_picture_than_another_digit(
    shape: tuple[int, int],
) -> None:
    strip = blank(shape[1], shape[0])
    strip[:, 15:45] = 40
    page = read_page(photo(strip))
    assert len(page.boxes) == 1
    assert page.boxes[0].h == pytest.approx(shape[0], rel=0.02)
    assert page.segmentation is not None
    assert max(page.segmentation.ink.mask.shape) <= 2.1 * WORK_SIDE
