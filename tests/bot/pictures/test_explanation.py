"""Why?: the heat lies where the answer comes from, and the picture of it is quick and complete."""

import time
from dataclasses import replace
from functools import partial
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.pictures.drawing import AMBER, TEAL, Colour
from bot.pictures.explanation import HEIGHT, WIDTH, why_picture
from bot.pictures.occlusion import Explanation, explain, occlusion
from bot.texts import Texts
from model.calibration import Prediction
from model.reader import Reader
from model.serving import Classifier
from tests.pictures import photo_of

FAST = 0.5  # s


class Corner:
    """A network that takes a glyph for a 7 as far as there is ink in one corner of it."""

    def __init__(self, rows: slice, columns: slice) -> None:
        self._corner = rows, columns

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        sure = 0.1 + 0.89 * glyphs[:, *self._corner].mean(axis=(1, 2))
        probabilities = np.repeat((1 - sure)[:, np.newaxis] / 9, 10, axis=1)
        probabilities[:, 7] = sure
        return Prediction(probabilities, np.ones(len(glyphs), np.float32))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


@pytest.fixture(scope="module")
def explanation(reader: Reader) -> Explanation:
    photo = photo_of("4071")
    return explain(reader, photo, reader.read(photo, "clean"))


@pytest.mark.parametrize("place", [(2, 2), (2, 20), (20, 2), (12, 12)])
def test_the_heat_is_where_the_answer_comes_from(place: tuple[int, int]) -> None:
    row, column = place
    network = Corner(slice(row, row + 6), slice(column, column + 6))
    heat = occlusion(cast(Classifier, network), np.ones((28, 28), np.float32), 7)
    assert heat.shape == (28, 28) and heat.min() >= 0 and heat.max() == 1
    hottest = np.unravel_index(heat.argmax(), heat.shape)
    assert abs(hottest[0] - row - 2.5) <= 3 and abs(hottest[1] - column - 2.5) <= 3


def test_where_nothing_matters_nothing_is_hot() -> None:
    network = Corner(slice(0, 1), slice(0, 1))
    assert not occlusion(cast(Classifier, network), np.ones((28, 28), np.float32), 3).any()


def test_the_least_sure_digit_is_explained_by_both_networks(reader: Reader) -> None:
    photo = photo_of("4071")
    reading = reader.read(photo, "clean")
    doubt = replace(reading.digits[2], confidence=0.3)
    doubted = replace(reading, digits=(*reading.digits[:2], doubt, reading.digits[3]))
    found = explain(reader, photo, doubted)
    assert found.digit is doubt
    assert found.clean.digit == found.noisy.digit == 7
    assert found.probabilities.argmax() == 7
    x, y, w, h = found.frame
    part = found.part[y : y + h, x : x + w]
    assert part.min() < 100 < found.part[0, 0].min(), "the digit is not in its frame"


def shown(explanation: Explanation, language: str = "en") -> NDArray[np.uint8]:
    picture = why_picture(explanation, partial(Texts().say, language))
    found = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return np.asarray(found, np.uint8)


def has(picture: NDArray[np.uint8], colour: Colour) -> bool:
    return bool((picture == colour).all(axis=2).sum() > 1000)


def test_the_picture_has_its_size_and_the_colour_of_the_answer(explanation: Explanation) -> None:
    sure = shown(replace(explanation, digit=replace(explanation.digit, unsure=False)))
    assert sure.shape == (HEIGHT, WIDTH, 3)
    assert has(sure, TEAL) and not has(sure, AMBER)
    unsure = shown(replace(explanation, digit=replace(explanation.digit, unsure=True)))
    assert has(unsure, AMBER)


def test_the_picture_speaks_the_users_language(explanation: Explanation) -> None:
    assert (shown(explanation, "ru") != shown(explanation, "en")).any()


def test_a_higher_probability_is_a_higher_bar(explanation: Explanation) -> None:
    def height(probability: float) -> int:
        probabilities = np.zeros(10, np.float32)
        probabilities[explanation.digit.digit] = probability
        picture = shown(replace(explanation, probabilities=probabilities))
        bars = (picture[390:612] == TEAL).all(axis=2)
        return int(bars.any(axis=1).sum())

    assert height(0.2) < height(0.6) < height(0.99)


def test_photo_to_picture_takes_less_than_half_a_second(reader: Reader) -> None:
    photo, say = photo_of("7"), partial(Texts().say, "en")
    took = []
    for _ in range(3):  # the first one loads decoders
        start = time.process_time()
        why_picture(explain(reader, photo, reader.read(photo, "clean")), say)
        took.append(time.process_time() - start)
    assert min(took) < FAST


def test_the_stub_is_a_network() -> None:
    """The yardstick: it does say 7 for ink in its corner, and less for none."""
    network = Corner(slice(0, 6), slice(0, 6))
    both = network.predict(np.stack([np.ones((28, 28)), np.zeros((28, 28))]).astype(np.float32))
    assert both.probabilities[0, 7] > 0.9 > 0.2 > both.probabilities[1, 7]
