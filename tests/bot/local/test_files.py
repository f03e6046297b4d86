"""Uploaded files: photos re-encoded, documents unchanged, limits of size and memory."""

import io
import subprocess
import sys
from collections.abc import Callable
from functools import partial

import pytest
from aiohttp.web_request import FileField
from multidict import CIMultiDict, CIMultiDictProxy
from PIL import Image
from pillow_heif import register_heif_opener

from bot.local import files
from bot.local.call import ApiError
from bot.local.files import Files, photo_jpegs

ORIENTATION = 0x0112  # the EXIF tag


def picture(
    width: int, height: int, kind: str = "PNG", *, turn: int = 1, mode: str = "RGB"
) -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    Image.new(mode, (width, height), "white").save(stream, kind, exif=exif)
    return stream.getvalue()


def test_photo_is_a_jpeg_of_at_most_2560_px_in_telegrams_sizes() -> None:
    jpegs = photo_jpegs(picture(4000, 3000))
    assert [size[1:] for size in jpegs] == [
        (90, 68),
        (320, 240),
        (800, 600),
        (1280, 960),
        (2560, 1920),
    ]
    for data, *size in jpegs:
        assert Image.open(io.BytesIO(data)).format == "JPEG"
        assert list(Image.open(io.BytesIO(data)).size) == size


def test_small_photo_is_not_enlarged() -> None:
    assert [size[1:] for size in photo_jpegs(picture(28, 20))] == [(28, 20)]


def test_photo_is_turned_upright() -> None:
    assert photo_jpegs(picture(300, 200, "JPEG", turn=6))[-1][1:] == (200, 300)


def test_transparency_becomes_white() -> None:
    glass = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    glass.paste((0, 0, 0, 255), (100, 100, 200, 200))
    glass.save(stream := io.BytesIO(), "PNG")
    photo = Image.open(io.BytesIO(photo_jpegs(stream.getvalue())[-1][0])).convert("L")
    assert photo.getpixel((20, 20)) == 255 and photo.getpixel((150, 150)) == 0


def test_a_phones_heic_is_a_photo() -> None:
    register_heif_opener()
    Image.new("RGB", (64, 48), "white").save(stream := io.BytesIO(), "HEIF")
    assert photo_jpegs(stream.getvalue())[-1][1:] == (64, 48)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (picture(300, 300)[:200], "IMAGE_PROCESS_FAILED"),
        (picture(300, 300, "PPM"), "IMAGE_PROCESS_FAILED"),
    ],
)
def test_what_is_no_photo_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ApiError, match=reason):
        photo_jpegs(data)


def test_a_photo_of_too_many_pixels_is_refused() -> None:
    with pytest.raises(ApiError, match="IMAGE_PROCESS_FAILED"):
        photo_jpegs(picture(20_000, 20_000, mode="1"))


def upload(name: str, data: bytes) -> FileField:
    headers: CIMultiDictProxy[str] = CIMultiDictProxy(CIMultiDict())
    return FileField("file", name, io.BufferedReader(io.BytesIO(data)), "text/plain", headers)


async def test_file_stays_as_it_is() -> None:
    store = Files()
    content = await store.keep("document", upload("7.txt", b"seven"))
    about = content["document"]
    assert (about["file_name"], about["mime_type"], about["file_size"]) == (
        "7.txt",
        "text/plain",
        5,
    )
    assert store.get(about["file_id"]) == (content, b"seven")


async def test_oldest_files_go_when_the_cap_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MEMORY_MAX", 10)
    store = Files()
    for number in range(4):
        await store.keep("document", upload(str(number), bytes(4)))
    kept = [content["document"]["file_name"] for content, _ in store.by_id.values()]
    assert (kept, store.size) == (["2", "3"], 8)


MEASURE = """
import re, sys
from pathlib import Path
from bot.local.call import ApiError
from bot.local.files import photo_jpegs
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) * 1024
idle, photo = peak(), sys.stdin.buffer.read()
try:
    photo_jpegs(photo)
except ApiError:
    pass
print(peak() - idle - len(photo))
"""


@pytest.mark.parametrize(
    "photo",
    [
        partial(picture, 13_000, 13_000, mode="1"),
        partial(picture, 4_472, 4_472, mode="RGBA"),
        partial(picture, 7_000, 8_500, "JPEG"),
    ],
    ids=["too many pixels", "PNG", "JPEG"],
)
def test_the_largest_photos_stay_in_bounds(photo: Callable[[], bytes]) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", MEASURE], input=photo(), capture_output=True, check=True
    )
    assert int(done.stdout) < 300 << 20  # bytes
