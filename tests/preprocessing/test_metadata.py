"""Metadata of JPEGs and PNGs: left out, however large; only the EXIF orientation is read."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import ExifTags, Image

from preprocessing import Photo, PhotoError, PhotoTooLarge, UnreadablePhoto
from preprocessing.metadata import PARTS_MAX, orientation_of, strip_metadata
from preprocessing.photo import BYTES_MAX, read_header
from tests.papers import blank, photo, write

PAPER = np.repeat(write(blank(120, 80), "7", at=(20, 10), height=50)[:, :, np.newaxis], 3, axis=2)
SIDEWAYS = 6  # EXIF orientation
SECONDS_MAX = 0.4  # of CPU for a file full of metadata
MEGABYTE = zlib.compress(bytes(1_000_000), 9)  # in a kilobyte


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    return tags.tobytes()


def segment(marker: int, data: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def chunk(name: bytes, data: bytes) -> bytes:
    checked = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + checked


def directory(tags: int) -> bytes:
    entries = b"".join(struct.pack("<HHII", tag, 3, 1, 1) for tag in range(tags))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", tags) + entries + bytes(4)


def filled(file: bytes, at: int, part: bytes) -> bytes:
    """A file full of a part at that place, as large and of as many parts as is accepted."""
    count = min(PARTS_MAX - 20, (BYTES_MAX - len(file)) // len(part))
    return file[:at] + part * count + file[at:]


@pytest.mark.parametrize(
    ("kind", "at", "part"),
    [
        ("JPEG", 2, segment(0xE1, b"Exif\0\0" + directory(240))),  # each joined to those before
        ("JPEG", 2, segment(0xED, b"Photoshop 3.0\0" + (b"8BIM\4\4" + bytes(6)) * 5400)),
        ("PNG", 33, chunk(b"iCCP", b"x\0\0" + MEGABYTE)),
        ("PNG", 33, chunk(b"zTXt", b"x\0\0" + MEGABYTE)),
        ("PNG", -12, chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(7_900_000), 9))),
        ("PNG", -12, chunk(b"iTXt", b"x\0\1\0\0\0" + MEGABYTE)),
    ],
)
def test_metadata_of_any_size_take_no_time(kind: str, at: int, part: bytes) -> None:
    """They took 0.8 to 32 s, or kept the picture from being read."""
    sent = photo(PAPER, kind)
    full = filled(sent, at, part)
    started = time.process_time()
    assert np.array_equal(Photo(full).gray(640), Photo(sent).gray(640))
    assert time.process_time() - started < SECONDS_MAX


@pytest.mark.parametrize("marker", [0xC0, 0xC4])
def test_a_jpeg_of_ever_more_tables_is_refused_at_once(marker: int) -> None:
    """A frame of 21,000 components, again and again, took 3 s and 1 GB."""
    frame = struct.pack(">BHHB", 8, 240, 320, 3) + b"\1\x11\0" * 21_000
    started = time.process_time()
    with pytest.raises(UnreadablePhoto):
        read_header(filled(photo(PAPER, "JPEG"), 2, segment(marker, frame)))
    assert time.process_time() - started < SECONDS_MAX


@pytest.mark.parametrize("frame", [b"\xc3", b"\xc9", b"\xca"])
def test_a_jpeg_of_arithmetic_codes_or_without_loss_is_not_decoded(frame: bytes) -> None:
    """15 MB of arithmetic codes took 5 s."""
    with pytest.raises(UnreadablePhoto):
        read_header(photo(PAPER, "JPEG").replace(b"\xff\xc0", b"\xff" + frame))


@pytest.mark.parametrize(
    ("kind", "at", "part"),
    [
        ("JPEG", 2, segment(0xFE, b"")),
        ("JPEG", 2, segment(0xE1, b"")),
        ("PNG", 33, chunk(b"prVt", b"")),
    ],
)
def test_a_picture_of_ever_more_empty_parts_is_refused(kind: str, at: int, part: bytes) -> None:
    sent = photo(PAPER, kind)
    read_header(sent[:at] + part * 9 + sent[at:])
    with pytest.raises(PhotoTooLarge):
        read_header(sent[:at] + part * (PARTS_MAX + 1) + sent[at:])


@pytest.mark.parametrize("times", [1, 4 << 20])
def test_fill_bytes_between_segments_are_left_out(times: int) -> None:
    """As many as a segment may have (ISO/IEC 10918-1, B.1.1.2); Pillow reads each in Python."""
    sent = photo(PAPER, "JPEG")
    assert strip_metadata(sent[:2] + b"\xff" * times + sent[2:]) == strip_metadata(sent)
    with pytest.raises(PhotoError):
        read_header(sent[:2] + b"\xff" * times)


@pytest.mark.parametrize("length", [2**20, 2**31 - 1, 2**32 - 1])
def test_a_png_chunk_longer_than_its_file_is_not_decoded(length: int) -> None:
    """OpenCV allocates what a chunk says it holds."""
    sent = photo(PAPER, "PNG")
    at = sent.index(b"IDAT") - 4
    with pytest.raises(UnreadablePhoto):
        read_header(sent[:at] + struct.pack(">I", length) + sent[at + 4 :])


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_follows_the_first_picture_is_left_out(kind: str) -> None:
    sent = photo(PAPER, kind)
    behind = strip_metadata(sent + np.random.default_rng(1).bytes(6 << 20))
    assert behind == strip_metadata(sent)


@pytest.mark.parametrize("size", [(120, 80), (300, 200)])
def test_of_an_animated_png_only_the_picture_is_left(size: tuple[int, int]) -> None:
    frames = [Image.new("RGB", size, colour) for colour in ("white", "black", "red")]
    with io.BytesIO() as file:
        frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
        assert b"fdAT" in file.getvalue()
        left = strip_metadata(file.getvalue()).file
    assert b"fdAT" not in left and b"acTL" not in left
    assert (Photo(left).gray(999) == 255).all()


def test_transparent_colours_and_palettes_are_no_metadata() -> None:
    """A black drawing on a transparent ground of the same colour would be all black."""
    shades = write(blank(120, 80, 255), "7", at=(20, 10), height=50, ink=0)
    image = Image.fromarray((shades > 128).astype(np.uint8)).convert("P")
    image.putpalette([0, 0, 0, 0, 0, 0])
    with io.BytesIO() as file:
        image.save(file, "PNG", transparency=1)
        gray = Photo(file.getvalue()).gray(999)
    assert ((gray < 128) == (shades < 128)).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_first_orientation_counts_and_the_pixels_have_none(kind: str) -> None:
    sent = photo(PAPER, kind, exif=exif(SIDEWAYS))
    more = exif(3)
    part = (
        segment(0xE1, more) if kind == "JPEG" else chunk(b"eXIf", more.removeprefix(b"Exif\0\0"))
    )
    end = sent.index(b"\xff\xdb" if kind == "JPEG" else b"IDAT") - 4 * (kind == "PNG")
    header = read_header(sent[:end] + part + sent[end:])
    assert header.orientation == SIDEWAYS
    assert b"Exif" not in header.file and b"eXIf" not in header.file


def test_an_orientation_behind_the_pixels_of_a_png_counts() -> None:
    sent, tags = photo(PAPER, "PNG"), exif(SIDEWAYS).removeprefix(b"Exif\0\0")
    assert read_header(sent[:-12] + chunk(b"eXIf", tags) + sent[-12:]).orientation == SIDEWAYS


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("kind", "value", "expected"), [(3, 6, 6), (3, 8, 8), (3, 9, 1), (3, 0, 1), (2, 6, 1)]
)
def test_an_orientation_is_a_short_number_of_1_to_8(
    order: str, kind: int, value: int, expected: int
) -> None:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    other = struct.pack(order + "HHII", 0x010F, 2, 1, 0)
    entry = struct.pack(order + "HHIHH", 0x0112, kind, 1, value, 0)
    tiff = mark + struct.pack(order + "IH", 8, 2) + other + entry
    assert orientation_of(b"Exif\0\0" + tiff) == orientation_of(tiff) == expected
    for end in range(len(tiff) - 4):
        assert orientation_of(tiff[:end]) == 1
