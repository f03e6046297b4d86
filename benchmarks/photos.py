"""Time and memory to read photos, compared with decoding them, on one thread."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Row, milliseconds, one_thread
from model.reader import Reader

JPEG_QUALITY = 90
GRAIN = 3.0  # grey levels: standard deviation of a phone sensor's noise in good light
MEGAPIXELS_12 = (4000, 3000)
MEGAPIXELS_20 = (5000, 4000)
INK = 120  # grey levels: contrast of the pen with the paper
SECOND = 1000.0  # ms
MEMORY_MAX = 120.0  # MB above the memory of the idle process
MEMORY_CHECK = """
import re, sys
from pathlib import Path
from model.reader import Reader

def used(peak):
    return int(re.search(peak + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

reader, photo = Reader.load(), sys.stdin.buffer.read()
Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
idle = used("VmRSS")
reader.read(photo)
print((used("VmHWM") - idle) / 1024)
"""


def rows() -> Iterator[Row]:
    """Yield the measurements; the references are measured in the same run."""
    with one_thread():
        reader = Reader.load()
        for name, size, ratio in (
            ("1280x960", (1280, 960), 4.0),
            ("12 megapixels", MEGAPIXELS_12, 1.0),
        ):
            photo = file(drawn(size, "5"), ".jpg")
            coded = np.frombuffer(photo, np.uint8)
            read, decode = milliseconds(
                partial(reader.read, photo), partial(cv2.imdecode, coded, cv2.IMREAD_GRAYSCALE)
            )
            against = "cv2.imdecode of the same, gray"
            yield Row(f"read a JPEG, {name}", read, against, decode, "ms", ratio)
        heavy = file(drawn(MEGAPIXELS_20, "5", grain=0.5), ".png")
        sheet = file(drawn((1600, 1200), "0123456789" * 6), ".jpg")
        for name, photo in (("a 20-megapixel PNG", heavy), ("a sheet of 60 digits", sheet)):
            (read,) = milliseconds(partial(reader.read, photo))
            yield Row(f"read {name}", read, "one second", SECOND, "ms", 1.0)
    yield Row(
        "peak memory of 12 megapixels above idle", _memory(), "promised", MEMORY_MAX, "MB", 1.0
    )


def drawn(size: tuple[int, int], digits: str, grain: float = GRAIN) -> NDArray[np.uint8]:
    """Return a grey photo of a sheet with digits, ten in a line, under uneven light."""
    width, height = size
    light = np.linspace(235, 150, width, dtype=np.float32)
    wet = np.zeros((height, width), np.uint8)
    lines = [digits[i : i + 10] for i in range(0, len(digits), 10)]
    step = min(width / (max(map(len, lines)) + 1), height / (len(lines) + 1))
    for row, line in enumerate(lines):
        for place, digit in enumerate(line):
            at = round(step * (place + 0.4)), round(step * (row + 1))
            # Hershey's strokes: 22 units high at scale 1.
            scale, pen = step * 0.6 / 22, max(2, round(step * 0.05))
            cv2.putText(wet, digit, at, cv2.FONT_HERSHEY_SIMPLEX, scale, INK, pen, cv2.LINE_AA)
    noise = np.random.default_rng(0).normal(0, grain, (height, width))
    return np.clip(light - wet + noise, 0, 255).astype(np.uint8)


def file(gray: NDArray[np.uint8], kind: str) -> bytes:
    """Return a picture file in colour, as phones save it."""
    colour = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    options = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if kind == ".jpg" else []
    return cv2.imencode(kind, colour, options)[1].tobytes()


def _memory() -> float:
    """Return the peak memory in MB that a 12-megapixel photo adds to a process with a reader."""
    photo = file(drawn(MEGAPIXELS_12, "5"), ".jpg")
    command = [sys.executable, "-c", MEMORY_CHECK]
    done = subprocess.run(command, input=photo, stdout=subprocess.PIPE, check=True)  # noqa: S603
    return float(done.stdout)
