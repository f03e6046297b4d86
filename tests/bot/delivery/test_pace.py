"""The pace of calls: even over all, slower in a group, and one chat's flood is its own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from telegram.error import RetryAfter

from bot.delivery.pace import GROUP, MARGIN, OVERALL, SIGNS, TRIES, Pace

ASKED = 1  # s
ANN, BEN, GROUP_ID = 1, 2, -5


def now() -> float:
    return asyncio.get_running_loop().time()


async def done() -> float:
    return now()


def refused(times: int) -> Callable[[], Awaitable[float]]:
    """A call that Telegram refuses so often."""
    left = times

    async def call() -> float:
        nonlocal left
        left -= 1
        if left >= 0:
            raise RetryAfter(ASKED)
        return now()

    return call


async def test_one_chats_flood_holds_up_no_other() -> None:
    pace, begun = Pace(), now()
    hers = asyncio.create_task(pace.keep(ANN, refused(1)))
    await asyncio.sleep(0.05)
    waiting = [asyncio.create_task(pace.keep(ANN, done)) for _ in range(2)]
    assert await pace.keep(BEN, done) - begun < ASKED / 2
    assert await pace.keep("getFile", done) - begun < ASKED / 2
    for ended in await asyncio.gather(hers, *waiting):
        assert ended - begun >= ASKED + MARGIN - 0.01


async def test_calls_go_evenly_and_not_all_in_the_first_second() -> None:
    pace, begun = Pace(), now()
    ended = await asyncio.gather(*(pace.keep(user, done) for user in range(1, OVERALL + 15)))
    assert sum(at - begun < 0.5 for at in ended) <= OVERALL / 2 + 2
    assert sum(at - begun < 1 for at in ended) <= OVERALL + 1
    assert max(ended) - begun < 2, "slower than it has to be"


async def test_a_groups_answers_leave_room_for_twenty_a_minute() -> None:
    assert sum(60 * size / seconds for size, seconds in GROUP[1:]) + GROUP[1][0] <= 20
    pace, begun = Pace(), now()
    ended = [await pace.keep(GROUP_ID, done) for _ in range(3)]
    assert ended[-1] - begun >= 1.9, "about one a second"
    assert await pace.keep(ANN, done) - ended[-1] < 0.5


async def test_a_call_is_given_up_when_telegram_never_takes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("bot.delivery.pace.MARGIN", -ASKED)

    async def count() -> None:
        slept.append(now())
        raise RetryAfter(ASKED)

    with pytest.raises(RetryAfter):
        await Pace().keep(ANN, count)
    assert len(slept) == TRIES


async def test_signs_of_life_are_few_and_none_goes_to_a_silenced_chat() -> None:
    pace = Pace()
    went = 0
    for _ in range(20):
        went += await pace.has_room(ANN)
        await asyncio.sleep(0.005)
    assert 1 <= went <= SIGNS
    flood = asyncio.create_task(pace.keep(BEN, refused(1)))
    await asyncio.sleep(0.3)
    assert not await pace.has_room(BEN)
    await flood
