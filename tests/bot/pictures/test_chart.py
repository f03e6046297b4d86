"""The chart of /stats: bars as long as the shares, and no text outside the picture."""

from functools import partial

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.pictures.chart import FULL_BAR, VERSIONS, chart
from bot.pictures.drawing import AMBER, NIGHT
from bot.store.statistics import Figures, Share
from bot.texts import Texts

EDGE = 20  # px at each side that stay empty


def drawn(*periods: Figures, language: str = "en") -> NDArray[np.uint8]:
    data = np.frombuffer(chart(partial(Texts().say, language), periods), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def bars(picture: NDArray[np.uint8]) -> list[int]:
    """Return the lengths of the amber bars in px, from top to bottom."""
    amber = (picture == AMBER).all(axis=2).astype(np.uint8)
    _, _, spots, _ = cv2.connectedComponentsWithStats(amber)
    return [int(length) for length in spots[1:, cv2.CC_STAT_WIDTH]]


def test_a_bar_is_as_long_as_the_part_marked_wrong() -> None:
    by_digit = {1: Share(100, 10), 4: Share(100, 5), 7: Share(50, 10), 9: Share(80, 0)}
    lengths = bars(drawn(Figures(7, 9, 2, by_digit, {})))
    assert lengths == [FULL_BAR // 2, round(FULL_BAR / 4), FULL_BAR]


def test_only_the_versions_that_read_most_are_shown() -> None:
    many = {f"clean 20261123-0559{n:02}-674": Share(100 + n, 1) for n in range(VERSIONS + 3)}
    assert len(bars(drawn(Figures(30, 9, 2, {}, many)))) == VERSIONS


@pytest.mark.parametrize("language", Texts().languages)
def test_all_is_written_inside_the_picture(language: str) -> None:
    wrong = Share(12_345, 999)
    by_version = {"noisy 20261123-055856-339": wrong}
    full = [
        Figures(d, 8_888, 777, dict.fromkeys(range(10), wrong), by_version) for d in (1, 7, 30)
    ]
    picture = drawn(*full, language=language)
    for side in (picture[:, :EDGE], picture[:, -EDGE:], picture[:EDGE], picture[-EDGE:]):
        assert (side == NIGHT).all()


def test_without_photos_there_are_no_bars() -> None:
    assert not bars(drawn(*(Figures(days, 0, 0, {}, {}) for days in (1, 7, 30))))
