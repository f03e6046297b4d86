"""A PDF's first page, or a picture of a rarer format -> a PNG, within limits."""

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from preprocessing.redraw import PROCESSOR_MAX, TOO_LARGE, UNREADABLE
from preprocessing.working_image import WORK_SIDE_MAX
from tests.pdfs import BOMBS, bomb, nested_forms, pdf

A4 = 595, 842  # 1/72 inch
MEMORY = 400  # MB of a child: its libraries, and what it may use beside them
REDRAW = [sys.executable, "-m", "preprocessing.redraw"]
# Prints a child's exit status, MB, and seconds of processor: a busy machine takes longer on the
# wall clock, and may. A process that `exec`s keeps its parent's peak in `ru_maxrss`, so the child
# must be started by something small, not by the tests.
MEASURED = f"""
import json, resource, subprocess
child = subprocess.run({REDRAW}, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([child.returncode, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime]))
"""


def run(file: bytes) -> tuple[int, bytes]:
    """Exit status and output of the process that redraws."""
    done = subprocess.run(REDRAW, input=file, capture_output=True, check=False)  # noqa: S603
    return done.returncode, done.stdout


def redrawn(file: bytes) -> Image.Image:
    """The PNG of a file that can be redrawn."""
    status, png = run(file)
    assert status == 0
    return Image.open(io.BytesIO(png))


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    with io.BytesIO() as file:
        image.save(file, kind, **options)
        return file.getvalue()


def test_a_page_is_drawn_large() -> None:
    page = redrawn(pdf(*A4))
    assert max(page.size) == WORK_SIDE_MAX
    assert page.size[0] / page.size[1] == pytest.approx(A4[0] / A4[1], rel=0.01)
    assert page.getextrema() == (255, 255)


def test_a_page_as_large_as_a_house_is_drawn_no_larger() -> None:
    assert redrawn(pdf(200_000, 100_000)).size == (WORK_SIDE_MAX, WORK_SIDE_MAX // 2)


@pytest.mark.parametrize("cut", [0, 5, 200])
def test_a_broken_pdf_is_unreadable(cut: int) -> None:
    assert run(pdf(*A4)[:cut]) == (UNREADABLE, b"")


def test_a_pdf_without_pages_is_unreadable() -> None:
    with io.BytesIO() as file:
        pypdfium2.PdfDocument.new().save(file)
        assert run(file.getvalue()) == (UNREADABLE, b"")


@pytest.mark.parametrize("kind", BOMBS)
def test_a_page_that_would_never_end_or_fill_the_memory_is_given_up(kind: str) -> None:
    command = [sys.executable, "-c", MEASURED]
    done = subprocess.run(command, input=bomb(kind), capture_output=True, check=True)  # noqa: S603
    status, megabytes, seconds = json.loads(done.stdout)
    assert status not in (0, TOO_LARGE)
    assert megabytes < MEMORY
    assert seconds < PROCESSOR_MAX + 1


def test_pdfs_with_changed_bytes_are_drawn_or_refused() -> None:
    rng, whole = np.random.default_rng(5), nested_forms(times=3, levels=3)
    changed = [whole]
    for _ in range(12):
        file = bytearray(whole)
        for place in rng.integers(len(whole), size=6):
            file[place] = rng.integers(256)
        changed.append(bytes(file[: rng.integers(len(whole) // 2, len(whole) + 1)]))
    with ThreadPoolExecutor() as threads:
        answers = list(threads.map(run, changed))
    assert answers[0][0] == 0
    for status, png in answers:
        assert png.startswith(b"\x89PNG") if status == 0 else not png


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "TIFF", "BMP", "AVIF"])
def test_a_picture_of_a_rarer_format_is_redrawn_as_it_is(kind: str) -> None:
    """Its pixels are read from a PNG: no such decoder runs in the bot's own process."""
    sent = Image.new("RGB", (300, 200), "white")
    sent.paste("black", (20, 30, 60, 170))
    png = redrawn(file_of(sent, kind))
    assert (png.format, png.size) == ("PNG", sent.size)
    difference = np.asarray(png.convert("L"), int) - np.asarray(sent.convert("L"), int)
    assert np.abs(difference).max() < 12


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I", "F", "L", "1"])
def test_a_large_picture_of_any_mode_is_redrawn_smaller(mode: str) -> None:
    png = redrawn(file_of(Image.new(mode, (3 * WORK_SIDE_MAX, 300)), "TIFF"))
    assert png.size == (WORK_SIDE_MAX, 100)
    assert png.has_transparency_data is (mode in ("RGBA", "LA"))


def test_a_picture_lies_as_its_exif_says_after_it_is_redrawn() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = file_of(Image.new("RGB", (300, 200)), "WEBP", exif=exif.tobytes())
    assert redrawn(photo).size == (200, 300)
