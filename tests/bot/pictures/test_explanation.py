"""Why?: the occlusion map shows what the network uses; the picture is complete and quick."""

import time
from functools import partial
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.pictures.explanation import why_picture
from bot.pictures.occlusion import Explanation, explain, occlusion
from bot.texts import Texts
from model.calibration import Prediction, by_one_network
from model.reader import Reader
from model.serving import Classifier
from tests.pictures import photo_of

FAST = 0.5  # s


class Corner:
    """Stub of a network whose probability of 7 is the share of ink in one corner."""

    def __init__(self, rows: slice, columns: slice) -> None:
        self._corner = rows, columns

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        sure = 0.1 + 0.89 * glyphs[:, *self._corner].mean(axis=(1, 2))
        probabilities = np.repeat((1 - sure)[:, np.newaxis] / 9, 10, axis=1)
        probabilities[:, 7] = sure
        is_digit = np.ones(len(glyphs), np.float32)
        return by_one_network(probabilities, is_digit)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.fixture(scope="module")
def explanation(reader: Reader) -> Explanation:
    photo = photo_of("4071")
    return explain(reader, photo, reader.read(photo, "clean"), 0)


@pytest.mark.parametrize("place", [(2, 2), (2, 20), (20, 2), (12, 12)])
def test_the_heat_is_where_the_answer_comes_from(place: tuple[int, int]) -> None:
    row, column = place
    network = Corner(slice(row, row + 6), slice(column, column + 6))
    heat = occlusion(cast(Classifier, network), np.ones((28, 28), np.float32), 7)
    assert heat.shape == (28, 28) and heat.min() >= 0 and heat.max() == 1
    hottest = np.unravel_index(heat.argmax(), heat.shape)
    assert abs(hottest[0] - row - 2.5) <= 3 and abs(hottest[1] - column - 2.5) <= 3


def test_a_constant_network_has_an_empty_map() -> None:
    network = Corner(slice(0, 1), slice(0, 1))
    assert not occlusion(cast(Classifier, network), np.ones((28, 28), np.float32), 3).any()


def test_the_digit_asked_for_is_explained_by_both_networks(reader: Reader) -> None:
    photo = photo_of("4071")
    reading = reader.read(photo, "clean")
    found = explain(reader, photo, reading, 2)
    assert found.digit is reading.digits[2]
    assert found.clean.digit == found.noisy.digit == 7
    assert found.probabilities.argmax() == 7
    assert found.probabilities.max() == pytest.approx(found.digit.confidence)
    x, y, w, h = found.frame
    part = found.part[y : y + h, x : x + w]
    assert part.min() < 100 < found.part[0, 0].min(), "the digit is not in its frame"


def test_photo_to_picture_takes_less_than_half_a_second(reader: Reader) -> None:
    photo, say = photo_of("7"), partial(Texts().say, "en")
    took = []
    for _ in range(3):  # the first one loads decoders
        start = time.process_time()
        why_picture(explain(reader, photo, reader.read(photo, "clean"), 0), say)
        took.append(time.process_time() - start)
    assert min(took) < FAST


def test_the_stub_is_a_network() -> None:
    """The stub's probability of 7 is higher with ink in its corner than without."""
    network = Corner(slice(0, 6), slice(0, 6))
    both = network.predict(np.stack([np.ones((28, 28)), np.zeros((28, 28))]).astype(np.float32))
    assert both.probabilities[0, 7] > 0.9 > 0.2 > both.probabilities[1, 7]
