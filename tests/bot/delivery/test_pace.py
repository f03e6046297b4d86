"""Rate limits of calls: in all chats, in a group, after RetryAfter in one chat.

In one process, and in two that share PostgreSQL.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import pytest
import pytest_asyncio
from telegram.error import RetryAfter

from bot.delivery.pace import ACTIONS_PER_SECOND, FILE, GROUP, MARGIN, PER_SECOND, TRIES, Pace
from bot.store.engine import open_database
from bot.store.rates import Rates
from bot.store.store import Store
from tests.postgresql import Server

ASKED = 1  # s
ANN, BEN, GROUP_ID = 1, 2, -5


class Paces(NamedTuple):
    """The limits of two processes, or twice those of one."""

    here: Pace
    there: Pace


@pytest_asyncio.fixture(params=["alone", "shared"])
async def paces(request: pytest.FixtureRequest) -> AsyncIterator[Paces]:
    if request.param == "alone":
        alone = Pace(Rates(open_database("sqlite://")))
        yield Paces(alone, alone)
        return
    server: Server = request.getfixturevalue("postgresql")
    url = await server.database()
    stores = [await Store.open(url) for _ in range(2)]
    yield Paces(*(Pace(store.rates) for store in stores))
    for store in stores:
        await store.close()


def now() -> float:
    return asyncio.get_running_loop().time()


async def done() -> float:
    return now()


def refused(times: int) -> Callable[[], Awaitable[float]]:
    """Return a call that raises RetryAfter so many times."""
    left = times

    async def call() -> float:
        nonlocal left
        left -= 1
        if left >= 0:
            raise RetryAfter(ASKED)
        return now()

    return call


async def test_retry_after_in_one_chat_delays_no_other(paces: Paces) -> None:
    begun = now()
    hers = asyncio.create_task(paces.here.keep(ANN, refused(1)))
    await asyncio.sleep(0.2)
    waiting = [asyncio.create_task(pace.keep(ANN, done)) for pace in paces]
    assert await paces.here.keep(BEN, done) - begun < ASKED / 2
    assert await paces.here.keep(FILE, done) - begun < ASKED / 2
    for ended in await asyncio.gather(hers, *waiting):
        assert ended - begun >= ASKED + MARGIN - 0.01


async def test_calls_go_evenly_and_not_all_in_the_first_second(paces: Paces) -> None:
    users = range(1, PER_SECOND + 15)
    begun = now()
    ended = await asyncio.gather(*(paces[user % 2].keep(user, done) for user in users))
    assert sum(at - begun < 0.5 for at in ended) <= PER_SECOND / 2 + 2
    assert sum(at - begun < 1 for at in ended) <= PER_SECOND + 1
    assert max(ended) - begun < 3, "slower than it has to be"


async def test_requests_of_files_are_limited_and_delay_no_message(paces: Paces) -> None:
    begun = now()
    files = [asyncio.create_task(pace.keep(FILE, done)) for pace in paces for _ in range(14)]
    await asyncio.sleep(0)
    message = await paces.here.keep(ANN, done)
    last = max(await asyncio.gather(*files))
    assert last - begun >= 27 / PER_SECOND - 0.01
    assert message - begun < (last - begun) / 2


async def test_a_groups_answers_leave_room_for_twenty_a_minute(paces: Paces) -> None:
    assert sum(60 / every for _, every in GROUP[1:]) + GROUP[1][0] <= 20
    begun = now()
    ended = await asyncio.gather(*(pace.keep(GROUP_ID, done) for pace in [*paces, paces.here]))
    assert max(ended) - begun >= 1.9, "about one a second"
    began = now()
    assert await paces.there.keep(ANN, done) - began < 0.5


async def test_a_call_is_given_up_after_several_refusals(
    monkeypatch: pytest.MonkeyPatch, paces: Paces
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("bot.delivery.pace.MARGIN", -ASKED)

    async def count() -> None:
        slept.append(now())
        raise RetryAfter(ASKED)

    with pytest.raises(RetryAfter):
        await paces.here.keep(ANN, count)
    assert len(slept) == TRIES


async def test_chat_actions_are_limited_and_none_goes_to_a_chat_with_retry_after(
    paces: Paces,
) -> None:
    went, begun = 0, now()
    for number in range(20):
        went += await paces[number % 2].has_room(ANN)
    assert 1 <= went <= ACTIONS_PER_SECOND * (1 + now() - begun)
    flood = asyncio.create_task(paces.here.keep(BEN, refused(1)))
    await asyncio.sleep(0.5)
    assert not await paces.there.has_room(BEN)
    assert await paces.there.has_room(ANN)
    await flood
