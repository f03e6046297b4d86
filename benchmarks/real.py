"""Time to read the real photos in ../shared/photos, if present, compared with decoding them."""

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from benchmarks.measure import Row, one_thread
from model.evaluation.photos import find_examples
from model.reader import Reader
from preprocessing import PhotoError

FOLDER = Path("../shared/photos")
SETS = ("single", "single_crops", "canvas", "multi", "negative")
STRANGERS = ("strangers/multi", "strangers/negative")
SUMMED = ("single", "strangers/multi")
SUM_MAX = 2.0  # ratio: time to read the photos of SUMMED to that of decoding them in grey
MEDIAN_MAX = 12.0  # ms: median of the photos in `single`


def rows(folder: Path = FOLDER) -> Iterator[Row]:
    """Measure each photo once, on one thread; no rows without photos."""
    if not folder.is_dir():
        return
    sums = np.zeros(2)
    with one_thread():
        reader = Reader.load()
        for name in (*SETS, *STRANGERS):
            if not (folder / name).is_dir():
                continue
            photos = [example.photo for example in find_examples(folder / name)]
            times = np.array([_times(reader, photo) for photo in [photos[0], *photos]][1:])
            sums += times.sum(axis=0) if name in SUMMED else 0
            middle = float(np.median(times[:, 1]))
            for label, share in (("median", 0.5), ("90th percentile", 0.9), ("worst", 1.0)):
                value = float(np.quantile(times[:, 0], share))
                yield Row(f"{name}: {label}", value, "median decoding", middle, "ms", math.inf)
            if name == "single":
                value = float(np.median(times[:, 0]))
                yield Row(f"{name}: median", value, "promised", MEDIAN_MAX, "ms", 1.0)
    read, decoded = (float(value) for value in sums)
    if decoded:
        yield Row(f"sum of {' and '.join(SUMMED)}", read, "decoding", decoded, "ms", SUM_MAX)


def _times(reader: Reader, photo: bytes) -> tuple[float, float]:
    """Return the CPU time in ms to read a photo, and to decode it in grey."""
    coded = np.frombuffer(photo, np.uint8)

    def read() -> None:
        with contextlib.suppress(PhotoError):
            reader.read(photo)

    return _took(read), _took(partial(cv2.imdecode, coded, cv2.IMREAD_GRAYSCALE))


def _took(job: Callable[[], object]) -> float:
    start = time.thread_time()
    job()
    return (time.thread_time() - start) * 1000
