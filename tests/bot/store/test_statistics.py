"""Statistics: digits read and marked wrong in a period, by digit and version, and their chart."""

from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from bot.pictures.chart import chart
from bot.store.statistics import PERIODS, Figures, Share
from bot.store.tables import DAY
from bot.texts import Texts
from tests.stores import add, store_in, teach


async def test_digits_are_counted_by_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100 * DAY
    monkeypatch.setattr("time.time", lambda: now)
    async with store_in(tmp_path) as store:
        await teach(store, 1, 7, 1)
        now += 2 * DAY
        await teach(store, 1, 7, 1)
        await teach(store, 2, 7, 7)  # confirmed, not wrong
        await add(store, 2, 4, 7)
        day, week, _ = [await store.statistics.latest(days) for days in PERIODS]
    assert (day.photos, day.users) == (3, 2)
    assert day.by_digit == {7: Share(3, 1), 4: Share(1, 0)}
    assert (week.photos, week.by_digit[7]) == (4, Share(4, 2))
    assert week.by_version == {"noisy v1": Share(5, 2)}
    assert week.total == Share(5, 2)
    assert week.total.part == 0.4


async def test_nothing_read_is_nothing_wrong(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        nothing = await store.statistics.latest(30)
    assert (nothing.photos, nothing.users, nothing.total, nothing.total.part) == (0, 0, Share(), 0)
    assert chart(partial(Texts().say, "en"), [nothing])


def test_a_longer_bar_means_a_larger_share() -> None:
    def amber(share: Share) -> int:
        figures = Figures(30, 1, 1, {7: share, 2: Share(10, 10)}, {})
        png = chart(partial(Texts().say, "en"), [figures])
        picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        return int((np.asarray(picture) == (30, 158, 247)).all(axis=2).sum())

    assert amber(Share(10, 0)) < amber(Share(10, 3)) < amber(Share(10, 9))
