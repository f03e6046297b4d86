"""The marked photo: a frame around each digit, amber for doubtful ones, nothing cut off."""

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest
from PIL import Image

from bot.pictures.annotated import LONG_SIDE, LONG_SIDE_MIN, marked_photo, marks_of, upright
from bot.pictures.drawing import AMBER, TEAL, Colour, Picture
from bot.store.store import as_row
from model.reader import Reading
from preprocessing import Box, Page
from tests.readings import reading

GREY = 200


def on_page(width: int, height: int, *boxes: Box, confidence: float = 0.99) -> Reading:
    made = reading(*[(7, confidence)] * len(boxes))
    digits = [replace(digit, box=box) for digit, box in zip(made.digits, boxes, strict=True)]
    page = SimpleNamespace(
        width=width, height=height, turns=0, gray=np.full((height, width), GREY, np.uint8)
    )
    return replace(made, digits=tuple(digits), page=cast(Page, page))


def photo(width: int, height: int, kind: str = "JPEG", mode: str = "RGB") -> bytes:
    ground = (GREY,) * 3 if mode == "RGB" else (0, 0, 0, 0)
    with io.BytesIO() as file:
        Image.new(mode, (width, height), ground).save(file, kind)
        return file.getvalue()


def framed(photo: bytes, read: Reading) -> bytes:
    """Return the photo with the digits of the reading framed."""
    return marked_photo(photo, read.page, marks_of(read, as_row(1, read), {}))


def opened(picture: bytes) -> Picture:
    found = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return np.asarray(found, np.uint8)


def middle_of(picture: Picture, colour: Colour) -> tuple[float, float]:
    """Return the centroid of the pixels of about that colour, in shares of height and width."""
    near = (np.abs(picture.astype(int) - colour).max(axis=2) < 40).nonzero()
    assert len(near[0]), "nothing of that colour"
    return near[0].mean() / picture.shape[0], near[1].mean() / picture.shape[1]


def test_a_frame_stands_where_the_digit_is() -> None:
    marked = opened(framed(photo(1000, 800), on_page(1000, 800, Box(700, 500, 100, 160))))
    down, across = middle_of(marked, TEAL)
    assert 0.55 < down < 0.75 and 0.7 < across < 0.8


def test_doubt_is_amber() -> None:
    doubt = on_page(1000, 800, Box(300, 300, 100, 160), confidence=0.4)
    marked = opened(framed(photo(1000, 800), doubt))
    assert middle_of(marked, AMBER)
    with pytest.raises(AssertionError, match="nothing"):
        middle_of(marked, TEAL)


def test_a_photo_that_lies_on_its_side_is_shown_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter: what lies left comes up
    half = Image.new("L", (1000, 600), 255)
    half.paste(0, (0, 0, 500, 600))
    with io.BytesIO() as file:
        half.save(file, "JPEG", exif=exif)
        shown = upright(file.getvalue(), on_page(600, 1000, Box(0, 0, 9, 9)).page)
    assert shown.shape == (1000, 600, 3)
    assert shown[:450].max() < 50 and shown[550:].min() > 200


def test_a_photo_whose_exif_is_broken_is_shown_as_it_was_read() -> None:
    with io.BytesIO() as file:
        Image.new("RGB", (1000, 600), "white").save(file, "PNG", exif=b"Exif\0\0no such header")
        shown = upright(file.getvalue(), on_page(1000, 600, Box(0, 0, 9, 9)).page)
    assert shown.shape == (600, 1000, 3)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_photo_that_was_read_turned_is_shown_turned_with_its_frames(turns: int) -> None:
    sent = on_page(1000, 800, Box(700, 500, 100, 160))
    page = cast(Page, SimpleNamespace(**vars(sent.page) | {"turns": turns}))
    marked = opened(framed(photo(1000, 800), replace(sent, page=page)))
    assert marked.shape[:2] == ((800, 1000), (1000, 800))[turns % 2]
    # The middle of the box, (0.75, 0.725) of the photo, moves with it.
    down, across = {1: (0.25, 0.725), 2: (0.275, 0.25), 3: (0.75, 0.275)}[turns]
    assert middle_of(marked, TEAL) == pytest.approx((down, across), abs=0.12)


@pytest.mark.parametrize("top", [0, 640])
def test_a_label_at_the_edge_gets_room(top: int) -> None:
    inside = opened(framed(photo(1000, 800), on_page(1000, 800, Box(450, 300, 90, 160))))
    edge = opened(framed(photo(1000, 800), on_page(1000, 800, Box(450, top, 90, 160))))
    assert edge.shape[0] > inside.shape[0]
    assert edge.shape[1] == inside.shape[1]


@pytest.mark.parametrize(("side", "shown"), [(90, LONG_SIDE_MIN), (1000, 1000), (4000, LONG_SIDE)])
def test_small_photos_grow_and_large_ones_shrink(side: int, shown: int) -> None:
    page = on_page(side, side // 2, Box(0, 0, 9, 9)).page
    assert upright(photo(side, side // 2), page).shape == (shown // 2, shown, 3)


def test_transparency_is_shown_as_white() -> None:
    page = on_page(900, 300, Box(0, 0, 9, 9)).page
    assert (upright(photo(900, 300, "PNG", "RGBA"), page) == 255).all()


def test_levels_that_are_no_colours_are_shown_in_grey() -> None:
    with io.BytesIO() as file:
        Image.fromarray(np.zeros((300, 900), np.uint16)).save(file, "PNG")
        deep = file.getvalue()
    assert not upright(deep, on_page(900, 300, Box(0, 0, 9, 9)).page).any()


def test_labels_are_the_corrected_ones() -> None:
    read = on_page(1000, 800, Box(100, 300, 100, 160), Box(300, 300, 100, 160), confidence=0.4)
    row = as_row(1, read)
    assert [(m.label, m.is_doubtful) for m in marks_of(read, row, {})] == [("7?", True)] * 2
    corrected = marks_of(read, row, {0: 1, 1: 10})
    assert [(m.label, m.is_doubtful) for m in corrected] == [("1", False), ("×", False)]
    row.judged_right = True
    assert [m.label for m in marks_of(read, row, {})] == ["7", "7"]


def test_on_a_dense_page_no_label_covers_a_digit() -> None:
    boxes = [Box(60 + 70 * x, 60 + 62 * y, 40, 56) for y in range(10) for x in range(12)]
    read = on_page(1000, 800, *boxes)
    shown = opened(framed(photo(1000, 800), read))
    higher = shown.shape[0] - 800  # room for the labels of the first line
    for x, y, w, h in boxes:
        inside = shown[y + higher + 4 : y + higher + h - 4, x + 4 : x + w - 4]
        assert np.abs(inside.astype(int) - GREY).max() < 40, "something lies on a digit"
