"""Limits: a burst, then so many a minute, one word about it, each user for herself."""

import pytest

from bot.rate_limit import BURST, FORGET_ABOVE, Limits

PER_MINUTE = 12


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits(clock: Clock) -> Limits:
    return Limits(PER_MINUTE, clock)


def taken(limits: Limits, photos: int, user_id: int = 1) -> int:
    return sum(limits.take(user_id) for _ in range(photos))


def test_an_album_gets_through_at_once_and_no_more(limits: Limits) -> None:
    assert taken(limits, 50) == BURST


def test_afterwards_so_many_a_minute(limits: Limits, clock: Clock) -> None:
    taken(limits, BURST)
    through = 0
    for _ in range(600):  # ten minutes of a photo a second
        clock.now += 1
        through += limits.take(1)
    assert through == pytest.approx(10 * PER_MINUTE, abs=1)


def test_a_long_pause_gives_one_burst_and_not_two(limits: Limits, clock: Clock) -> None:
    taken(limits, BURST)
    clock.now += 86_400
    assert taken(limits, 50) == BURST


def test_a_user_does_not_use_up_anothers_photos(limits: Limits) -> None:
    taken(limits, 50, user_id=1)
    assert taken(limits, 50, user_id=2) == BURST


def test_she_is_told_once_until_a_photo_gets_through(limits: Limits, clock: Clock) -> None:
    taken(limits, BURST)
    assert [limits.must_tell(1) for _ in range(3)] == [True, False, False]
    clock.now += 60 / PER_MINUTE
    assert limits.take(1)
    assert limits.must_tell(1)


def test_zero_is_no_limit() -> None:
    assert taken(Limits(0), 1000) == 1000


def test_users_who_went_are_forgotten(limits: Limits, clock: Clock) -> None:
    for user_id in range(FORGET_ABOVE + 1):
        limits.take(user_id)
    clock.now += 60
    limits.take(0)
    assert len(limits._buckets) == 1
