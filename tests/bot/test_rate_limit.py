"""Rate limits: a burst, then a rate by the minute, one message about it, separate for users."""

import pytest

from bot.rate_limit import BURST, Limits, PhotoLimits
from bot.store.engine import open_database
from bot.store.rates import KEPT, LocalTimes, Rates
from bot.store.store import Store

PER_MINUTE = 12
EVERY = 60 / PER_MINUTE  # s


class Clock:
    """A clock that a test advances."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> PhotoLimits:
    rates = Rates(open_database("sqlite://"))
    rates._here = LocalTimes(clock)
    return PhotoLimits(rates, PER_MINUTE)


async def taken(limits: PhotoLimits, photos: int, user_id: int = 1) -> int:
    return sum([await limits.take(user_id) for _ in range(photos)])


async def test_an_album_gets_through_at_once_and_no_more(limits: PhotoLimits) -> None:
    assert await taken(limits, 50) == BURST


async def test_after_a_burst_photos_are_limited_by_the_minute(
    limits: PhotoLimits, clock: Clock
) -> None:
    await taken(limits, BURST)
    through = 0
    for _ in range(600):  # ten minutes of a photo a second
        clock.now += 1
        through += await limits.take(1)
    assert through == pytest.approx(10 * PER_MINUTE, abs=1)


async def test_a_long_pause_gives_one_burst_and_not_two(limits: PhotoLimits, clock: Clock) -> None:
    await taken(limits, BURST)
    clock.now += 86_400
    assert await taken(limits, 50) == BURST


async def test_a_user_does_not_use_up_anothers_photos(limits: PhotoLimits) -> None:
    await taken(limits, 50, user_id=1)
    assert await taken(limits, 50, user_id=2) == BURST


async def test_a_user_gets_one_message_about_the_limit_until_a_photo_is_taken(
    limits: PhotoLimits, clock: Clock
) -> None:
    await taken(limits, BURST)
    assert [await limits.may_notify(1) for _ in range(3)] == [True, False, False]
    clock.now += EVERY
    assert await limits.take(1)
    assert await limits.may_notify(1)


async def test_zero_is_no_limit() -> None:
    assert await taken(PhotoLimits(Rates(open_database("sqlite://")), 0), 1000) == 1000


async def test_processes_that_share_the_store_count_together(postgresql_url: str) -> None:
    stores = [await Store.open(postgresql_url) for _ in range(2)]
    here, there = (PhotoLimits(store.rates, PER_MINUTE) for store in stores)
    assert await taken(here, 7) + await taken(there, 7) == BURST
    assert [await one.may_notify(1) for one in (here, there)] == [True, False]
    assert await taken(there, 1, user_id=2) == 1
    for store in stores:
        await store.close()


async def test_a_process_counts_alone_while_the_store_is_away() -> None:
    away = Rates(open_database("postgresql+asyncpg://127.0.0.1:1/none"))
    assert await taken(PhotoLimits(away, PER_MINUTE), 50) == BURST


def test_full_buckets_are_deleted(clock: Clock) -> None:
    limits = Limits(PER_MINUTE, BURST, clock)
    for user_id in range(KEPT + 1):
        assert limits.take(user_id)
    clock.now += 60
    assert limits.take(0)
    assert len(limits._times._empty_at) == 1
