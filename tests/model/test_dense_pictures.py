"""Dense pictures: hundreds of marks, as on no sheet of digits, are read or refused in time."""

import contextlib
import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.reader import Reader
from preprocessing import PhotoError
from tests.papers import blank, photo, write

Page = NDArray[np.uint8]
SIDE = 1600  # px
MOST = 60.0  # times an ordinary photo: about a second


def squared(pitch: int) -> Page:
    page = blank(SIDE, SIDE)
    page[::pitch] = page[:, ::pitch] = 120
    return page


def hatched(pitch: int) -> Page:
    page = blank(SIDE, SIDE)
    for start in range(-SIDE, SIDE, pitch):
        cv2.line(page, (start, 0), (start + SIDE, SIDE), 60, 2)
    return page


def chevrons(pitch: int) -> Page:
    page = blank(SIDE, SIDE)
    for y in range(0, SIDE, pitch):
        xs = np.arange(0, SIDE, pitch)
        points = np.stack([xs, y + (xs // pitch % 2) * (pitch // 2)], axis=1)
        cv2.polylines(page, [points.astype(np.int32)], isClosed=False, color=60, thickness=2)
    return page


def dots(pitch: int) -> Page:
    page = blank(SIDE, SIDE)
    for y in range(pitch, SIDE, pitch):
        for x in range(pitch, SIDE, pitch):
            cv2.circle(page, (x, y), pitch // 4, 60, -1)
    return page


def staircases(pitch: int) -> Page:
    page = blank(SIDE, SIDE)
    for start in range(-SIDE, SIDE, 2 * pitch):
        for step in range(0, SIDE, pitch):
            x, y = start + step, step
            corner = (x + pitch, y), (x + pitch, y + pitch)
            cv2.polylines(page, [np.array([(x, y), *corner])], False, 60, 2)
    return page


def rings(pitch: int) -> Page:
    page = blank(SIDE, SIDE)
    for radius in range(pitch, SIDE, pitch):
        cv2.circle(page, (SIDE // 2, SIDE // 2), radius, 60, 2)
    return page


def grain(pitch: int) -> Page:
    small = np.random.default_rng(pitch).integers(40, 230, (SIDE // pitch, SIDE // pitch))
    large = cv2.resize(small.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, np.uint8)


def words(pitch: int) -> Page:
    page = blank(SIDE, SIDE)
    for y in range(2 * pitch, SIDE, 2 * pitch):
        cv2.putText(page, "the quick brown fox " * 12, (0, y), 0, pitch / 22, 60, 2)
    return page


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """OpenCV's own threads would not be counted."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(threads)


def seconds(reader: Reader, picture: bytes) -> float:
    began = time.thread_time()
    with contextlib.suppress(PhotoError):
        reader.read(picture)
    return time.thread_time() - began


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.fixture(scope="module")
def ordinary(reader: Reader, one_thread: None) -> float:
    """Seconds of processor that a photo of one digit takes."""
    picture = photo(write(blank(1280, 960), "5", at=(500, 300), height=300))
    return sorted(seconds(reader, picture) for _ in range(5))[2]


@pytest.mark.parametrize("pitch", [8, 24])
@pytest.mark.parametrize(
    "draw", [squared, hatched, chevrons, dots, staircases, rings, grain, words]
)
@pytest.mark.parametrize("turns", [0, 1])
def test_a_dense_picture_takes_a_few_photos_time(
    reader: Reader, ordinary: float, draw: Callable[[int], Page], pitch: int, turns: int
) -> None:
    picture = photo(np.ascontiguousarray(np.rot90(draw(pitch), turns)))
    assert seconds(reader, picture) < MOST * ordinary
