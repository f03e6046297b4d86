import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from preprocessing.errors import PhotoTooLarge, UnreadablePhoto
from preprocessing.header import BYTES_MAX, ORIENTATION, UPRIGHT, read_header
from tests.papers import blank, photo

PAPER = blank(120, 80)


@pytest.mark.parametrize(("kind", "reducible"), [("JPEG", True), ("PNG", False)])
def test_a_header_says_how_a_picture_is_stored(kind: str, reducible: bool) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    stored = photo(PAPER, kind, exif=exif.tobytes())
    assert read_header(stored) == (120, 80, 6, reducible)
    assert read_header(photo(PAPER, kind)).orientation == UPRIGHT


def test_a_jpeg_with_more_pictures_behind_it_is_a_jpeg() -> None:
    """Phones put one there for bright screens, and Pillow has another name for such a file."""
    with io.BytesIO() as file:
        first, second = (Image.new("RGB", size, "white") for size in ((120, 80), (60, 40)))
        first.save(file, "MPO", save_all=True, append_images=[second])
        assert read_header(file.getvalue()) == (120, 80, UPRIGHT, True)


def test_pixels_cut_off_do_not_matter_yet() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    whole = photo(noise, "JPEG")
    assert read_header(whole[: len(whole) // 2]) == read_header(whole)


def png_header(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    body = b"IDAT" + zlib.compress(b"")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk
        + struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    )  # fmt: skip


@pytest.mark.parametrize("size", [(60_000, 60_000), (11_000, 9_000), (6_000, 5_000)])
def test_too_many_pixels_are_refused_by_the_header(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoTooLarge):
        read_header(png_header(*size))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(PhotoTooLarge):
        read_header(photo(PAPER) + bytes(BYTES_MAX))


@pytest.mark.parametrize("junk", [b"", b"hello", b"%PDF-1.7 ...", b"\xff\xd8\xff", bytes(999)])
def test_what_is_no_picture_is_unreadable(junk: bytes) -> None:
    with pytest.raises(UnreadablePhoto):
        read_header(junk)
