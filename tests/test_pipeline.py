import contextlib
import io
import struct
import time
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from preprocessing import Box, PhotoError, read_page
from tests.papers import blank, photo, write

WHOLE = photo(write(blank(200, 150), "4", at=(60, 25), height=100), "JPEG")


def test_small_digits_in_a_large_photo_are_looked_at_larger() -> None:
    page = read_page(photo(write(blank(3000, 2000), "70", at=(2000, 900), height=70)))
    assert len(page.boxes) == 2
    assert page.boxes[0].h * page.scale > 28


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
