"""Dense pictures: hundreds of marks, as on no sheet of digits, are read or refused in time."""

import time
from collections.abc import Iterator
from unittest.mock import Mock

import numpy as np
import pytest

from benchmarks.dense import KINDS, read_or_refuse
from benchmarks.measure import one_thread
from model.reader import Reader
from preprocessing import binarization, pipeline
from tests.papers import blank, photo, write

RATIO_MAX = 26.0  # times a photo of a row of digits: four tenths of a second
LOOKS_MOST = 3  # working pictures of one photo that are binarized


@pytest.fixture(autouse=True, scope="module")
def alone() -> Iterator[None]:
    """OpenCV uses one thread: the time of others would not be counted."""
    with one_thread():
        yield


def seconds(reader: Reader, picture: bytes) -> float:
    began = time.thread_time()
    read_or_refuse(reader, picture)
    return time.thread_time() - began


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.fixture(scope="module")
def ordinary(reader: Reader) -> float:
    """Seconds of processor that a photo of a row of digits takes."""
    picture = photo(write(blank(1280, 960), "5274", at=(200, 300), height=200))
    return sorted(seconds(reader, picture) for _ in range(5))[2]


@pytest.mark.parametrize("pitch", [6, 12])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("turns", [0, 1])
def test_a_dense_picture_takes_a_few_photos_time(
    reader: Reader,
    ordinary: float,
    kind: str,
    pitch: int,
    turns: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    binarize = Mock(side_effect=binarization.binarize)
    monkeypatch.setattr(pipeline, "binarize", binarize)
    picture = photo(np.ascontiguousarray(np.rot90(KINDS[kind](pitch), turns)))
    assert seconds(reader, picture) < RATIO_MAX * ordinary
    assert binarize.call_count <= LOOKS_MOST
