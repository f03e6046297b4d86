"""Strange files: whatever the bytes, a page or a PhotoError comes out, in little memory."""

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from preprocessing import Photo, PhotoError, PhotoTooLarge, UnreadablePhoto, read_page
from tests.pictures import photo_of

# Pillow warns of nonsense in a picture and goes on, as it should.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "PPM")
SMALL = 160  # px
MEMORY_MAX = 200 << 20  # bytes over idle, of the worst pictures that are accepted
MEASURE = """
import re, sys
from pathlib import Path
from preprocessing import PhotoError, read_page

def used(peak):
    return 1024 * int(re.search(peak + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

def read(photo):
    try:
        read_page(photo)
    except PhotoError:
        pass

photo = sys.stdin.buffer.read()
read(b"")
Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
idle = used("VmRSS")
read(photo)
print(used("VmHWM") - idle)
"""


@cache
def seven() -> Image.Image:
    return Image.open(io.BytesIO(photo_of("7"))).convert("L")


@cache
def small(kind: str) -> bytes:
    return saved(seven().resize((SMALL, SMALL)), kind)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def read_or_refuse(photo: bytes) -> None:
    try:
        read_page(photo)
    except PhotoError as error:
        assert str(error), "an error without a sentence"


@given(st.binary(max_size=300))
@settings(deadline=None, derandomize=True)
def test_any_bytes(photo: bytes) -> None:
    read_or_refuse(photo)


@given(
    kind=st.sampled_from(FORMATS),
    cut=st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    header_only=st.booleans(),
)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_pictures_with_changed_bytes_or_cut(
    kind: str, cut: float, changes: list[tuple[float, int]], header_only: bool
) -> None:
    photo = bytearray(small(kind))
    reach = min(len(photo), 120) if header_only else len(photo)
    for place, value in changes:
        photo[int(place * (reach - 1))] = value
    read_or_refuse(bytes(photo[: 1 + int(cut * len(photo))]))


@given(
    st.sampled_from(["L", "RGB", "RGBA", "P", "1", "LA", "CMYK", "I;16", "F"]),
    st.sampled_from([(1, 1), (1, 3000), (3000, 1), (2, 2), (28, 28), (500, 3)]),
    st.binary(min_size=1, max_size=64),
)
@settings(deadline=None, derandomize=True, max_examples=40)
def test_odd_modes_and_shapes(mode: str, size: tuple[int, int], noise: bytes) -> None:
    pixels = np.resize(np.frombuffer(noise, np.uint8), size[::-1])
    image = Image.fromarray(pixels).convert("I") if mode == "I;16" else Image.fromarray(pixels)
    kind = {"CMYK": "TIFF", "F": "TIFF", "I;16": "PNG"}.get(mode, "PNG")
    read_or_refuse(saved(image.convert(mode), kind))


def png_of(width: int, height: int) -> bytes:
    """A small PNG that claims to be large, all its pixels in a few bytes: a bomb."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000_000, 9)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def webp_of(width: int, height: int) -> bytes:
    """A WebP (VP8X) header that claims a size, and no pixels."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sizes
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_of(width: int, height: int) -> bytes:
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + frame + b";"


def tiff_of(width: int, height: int) -> bytes:
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (279, 8)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


@pytest.mark.parametrize(
    ("bomb", "width", "height"),
    [
        (png_of, 100_000, 100_000),
        (png_of, 30_000, 30_000),
        (webp_of, 16_384, 16_384),
        (gif_of, 65_535, 65_535),
        (tiff_of, 200_000, 200_000),
    ],
)
def test_a_bomb_is_refused_by_its_header(
    bomb: Callable[[int, int], bytes], width: int, height: int
) -> None:
    with pytest.raises((PhotoTooLarge, UnreadablePhoto)):
        read_page(bomb(width, height))


@pytest.mark.parametrize(("side", "refused"), [(7_484, True), (7_483, False)])
def test_the_limit_of_pixels_is_in_the_header_alone(side: int, refused: bool) -> None:
    with pytest.raises(PhotoError) as error:
        read_page(png_of(side, side))
    assert isinstance(error.value, PhotoTooLarge) is refused


@pytest.mark.parametrize(("mode", "kind"), [("L", "JPEG"), ("CMYK", "JPEG"), ("L", "MPO")])
def test_a_jpeg_of_ever_more_scans_is_refused(mode: str, kind: str) -> None:
    """Each scan of a few bytes costs a walk through all pixels: 20 MB of them take hours."""
    picture = seven().convert(mode)
    more = {"save_all": True, "append_images": [picture]} if kind == "MPO" else {}
    photo = saved(picture, kind, progressive=True, **more)
    assert len(read_page(photo).boxes) == 1
    end = photo.find(b"\xff\xd9")
    scan = photo[photo.rfind(b"\xff\xda", 0, end) : end]
    with pytest.raises(PhotoTooLarge):
        read_page(photo[:end] + scan * 10_000 + photo[end:])


def test_too_many_bytes_are_refused_before_anything_looks_at_them() -> None:
    with pytest.raises(PhotoTooLarge):
        read_page(bytes((20 << 20) + 1))


@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1), (3, 20_000)])
def test_strips_are_refused_without_fuss(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoError):
        read_page(saved(Image.new("L", size, 255), "PNG"))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_many_frames_the_first_is_read(kind: str) -> None:
    others = [Image.new("L", seven().size, 255)] * 50
    photo = saved(seven(), kind, save_all=True, append_images=others)
    assert len(read_page(photo).boxes) == 1


def exif(*entries: bytes, after: bytes = bytes(4)) -> bytes:
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + b"".join(entries) + after


@pytest.mark.parametrize(
    "data",
    [
        exif(struct.pack("<HHII", 0x8769, 4, 1, 8)),  # a folder that holds itself
        exif(struct.pack("<HHII", 0x8769, 4, 1, 2**32 - 1)),
        exif(struct.pack("<HHII", 0x0112, 3, 2**31, 8)),
        exif(struct.pack("<HHII", 0x0112, 2, 4, 0x41414141)),
        exif(struct.pack("<HHII", 0x0112, 3, 1, 99)),
        exif(*[struct.pack("<HHII", 0x0112, 99, 1, 1)] * 2000),
        exif(after=struct.pack("<I", 8)),  # a chain of folders that goes in a circle
        b"Exif\0\0",
        b"Exif\0\0II",
        b"\0" * 1000,
    ],
)
def test_nonsense_in_exif_does_not_keep_a_digit_from_being_read(data: bytes) -> None:
    assert len(read_page(saved(seven(), "JPEG", exif=data)).boxes) == 1


def test_a_foreign_profile_and_a_thumbnail_do_not_disturb() -> None:
    photo = saved(seven().convert("RGB"), "JPEG", icc_profile=b"nonsense" * 1000, progressive=True)
    assert len(read_page(photo).boxes) == 1


LARGEST = (4_472, 4_472)  # px, just under the limit


@pytest.mark.parametrize(
    ("mode", "kind", "size"),
    [
        ("RGBA", "PNG", LARGEST),
        ("I;16", "PNG", LARGEST),
        ("RGB", "PNG", LARGEST),
        ("RGB", "PNG", (5_773, 5_773)),
        ("CMYK", "JPEG", LARGEST),
        ("RGB", "JPEG", (4_830, 4_830)),
    ],
)
def test_the_largest_pictures_stay_in_bounds(mode: str, kind: str, size: tuple[int, int]) -> None:
    """The bot's own process decodes: what it accepts must not be able to fill the memory."""
    options = {"PNG": {"compress_level": 1}, "JPEG": {"progressive": True, "subsampling": 0}}
    photo = saved(Image.new(mode, size), kind, **options[kind])
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", MEASURE], input=photo, capture_output=True, check=True
    )
    assert int(done.stdout) < MEMORY_MAX


def test_a_jpeg_in_scans_is_refused_where_it_takes_much_memory() -> None:
    """Its coefficients are all kept until the last scan: 6 bytes a pixel, in full colours."""
    options = {"progressive": True, "quality": 10}
    large = saved(Image.new("RGB", (4_900, 4_900)), "JPEG", subsampling=0, **options)
    with pytest.raises(PhotoTooLarge):
        Photo(large)
    Photo(saved(Image.new("RGB", (4_900, 4_900)), "JPEG", subsampling=2, **options))
    Photo(saved(Image.new("RGB", (4_900, 4_900)), "JPEG", subsampling=0, quality=10))


def test_a_jpeg_in_scans_is_refused_where_it_takes_much_time() -> None:
    """26 megapixels in 19 MB took 1.5 s. Phones' 12 fit with all of 20 MB, in full colours."""
    for side, is_refused in ((4_800, True), (3_464, False)):
        blank = Image.new("RGB", (side, side))
        photo = saved(blank, "JPEG", subsampling=0, progressive=True)
        end = photo.index(b"\xff\xd9")
        file = photo[:end] + bytes((20 << 20) - len(photo)) + photo[end:]
        if is_refused:
            with pytest.raises(PhotoTooLarge):
                Photo(file)
        else:
            Photo(file)


def test_a_picture_of_pure_noise_takes_no_minute() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (2560, 2560), np.uint8)
    read_or_refuse(bytes(cv2.imencode(".png", noise)[1]))
