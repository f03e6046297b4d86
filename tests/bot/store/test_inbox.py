"""Claims, in SQLite and PostgreSQL: a user's updates in order, albums whole, those of dead
processes taken over.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.inbox import ALBUM_QUIET, Arrival, Claim
from bot.store.outbox import ClaimLost, Send
from bot.store.replicas import BEATS
from bot.store.store import Store
from tests.stores import unfinished

YEAR = 365 * 86_400  # s
Open = Callable[[], Awaitable[Store]]


@asynccontextmanager
async def opener(url: str) -> AsyncIterator[Open]:
    async with AsyncExitStack() as opened:

        async def open_store() -> Store:
            store = await Store.open(url)
            opened.push_async_callback(store.close)
            await store.replicas.beat()
            return store

        yield open_store


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def opens(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Open]:
    """Open the store as successive processes do."""
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    if request.param == "postgresql":
        url = await request.getfixturevalue("postgresql").database()
    async with opener(url) as open_store:
        yield open_store


@pytest_asyncio.fixture
async def store(opens: Open) -> Store:
    return await opens()


@pytest_asyncio.fixture
async def replicas(postgresql_url: str) -> AsyncIterator[Open]:
    """Open the store as concurrent processes do."""
    async with opener(postgresql_url) as open_store:
        yield open_store


def said(number: int) -> str:
    return f'{{"text": {number}}}'


def texts(*numbers: int, user: int = 1) -> list[Arrival]:
    return [Arrival(number, said(number), user) for number in numbers]


def album(*numbers: int, user: int = 1) -> list[Arrival]:
    return [Arrival(number, said(number), user, album="album") for number in numbers]


async def claim(store: Store, *, untried: bool = False) -> list[int]:
    """Claim a unit of work and return the ids of its updates; none if none is ready."""
    claimed = await store.updates.claim(store.replicas.me, untried=untried)
    return list(claimed.payloads) if claimed else []


async def finish(store: Store, *ids: int) -> bool:
    return await store.updates.finish(store.replicas.me, ids)


async def quiet() -> None:
    await asyncio.sleep(1.1 * ALBUM_QUIET)


async def test_an_update_is_kept_once_until_it_is_finished(store: Store) -> None:
    await store.updates.keep(texts(2))
    await store.updates.keep([*texts(1), Arrival(2, "{}", 1)])
    assert await unfinished(store) == [said(1), said(2)]
    assert await claim(store) == [1]
    assert await finish(store, 1)
    await store.updates.keep(texts(1))
    assert await unfinished(store) == [said(2)], "a finished update must not come again"


async def test_a_users_updates_go_one_by_one_and_users_side_by_side(store: Store) -> None:
    await store.updates.keep([*texts(1, 2, 5), *texts(3, 4, user=2)])
    assert [await claim(store) for _ in range(3)] == [[1], [3], []]
    await finish(store, 1)
    assert [await claim(store) for _ in range(2)] == [[2], []]
    await store.updates.keep(texts(0))
    assert await claim(store) == [], "an older one that comes late waits for the one in work"
    await finish(store, 2)
    assert await claim(store) == [0]


async def test_an_album_is_one_unit_when_it_is_quiet_and_takes_late_photos_along(
    store: Store,
) -> None:
    await store.updates.keep([*album(1, 2, 4), *texts(3)])
    assert await claim(store) == []
    await quiet()
    claimed = await store.updates.claim(store.replicas.me)
    assert claimed and list(claimed.payloads) == [1, 2, 4]
    await store.updates.keep(album(5))
    assert await store.updates.claim_late(claimed) == {5: said(5)}
    assert await claim(store) == [], "what came between waits for the album"
    assert await finish(store, 1, 2, 4, 5)
    assert await claim(store) == [3]


async def test_an_update_that_is_given_back_counts_no_try(store: Store) -> None:
    await store.updates.keep(texts(1))
    await claim(store)
    await store.updates.give_back(store.replicas.me)
    claimed = await store.updates.claim(store.replicas.me)
    assert claimed and claimed.deaths == 0


async def test_deaths_are_counted_for_what_was_in_work_alone(opens: Open) -> None:
    for deaths in range(3):
        store = await opens()
        if deaths == 0:
            await store.updates.keep([*texts(1, 2), *texts(3, user=2)])
        for _ in range(BEATS + 1):  # in PostgreSQL the former process may be alive until then
            await store.replicas.beat()
        claimed = await store.updates.claim(store.replicas.me)
        assert claimed and (list(claimed.payloads), claimed.deaths) == ([1], deaths)
    assert await claim(store, untried=True) == [3]
    await finish(store, 1)
    assert await claim(store, untried=True) == [2], "it was never in work"


async def test_a_photo_that_joins_an_album_after_a_death_counts_no_death(
    opens: Open,
) -> None:
    store = await opens()
    await store.updates.keep(album(2, 3))
    await quiet()
    assert await claim(store) == [2, 3]
    store = await opens()
    for _ in range(BEATS + 1):
        await store.replicas.beat()
    await store.updates.keep(album(1))
    await quiet()
    assert await claim(store) == [2, 3, 1], "what was sent is noted under 2"


@pytest.mark.parametrize("jump", [-10 * YEAR, 10 * YEAR], ids=["back", "ahead"])
async def test_a_jump_of_the_clock_loses_no_update(
    store: Store, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    await store.updates.keep([*texts(1, 2), *album(4, 5, user=2)])
    assert await claim(store) == [1]
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + jump)
    await store.replicas.beat()
    await store.prune(365)
    await quiet()
    assert await claim(store) == [4, 5]
    assert await claim(store) == [], "what is in work stays in work"
    await store.updates.keep(texts(3))
    await finish(store, 1)
    await store.updates.keep(texts(1))
    assert await unfinished(store) == [said(number) for number in (2, 3, 4, 5)]


async def test_a_slow_process_taken_as_dead_can_neither_answer_nor_finish(
    replicas: Open,
) -> None:
    slow, other = await replicas(), await replicas()
    await slow.updates.keep(texts(1))
    assert await claim(slow) == [1]
    send = Send(update_id=1, number=1, chat_id=1, after=0, markup=None)
    for _ in range(BEATS):
        assert await claim(other) == []
        await other.replicas.beat()
    assert await claim(other) == [1]
    with pytest.raises(ClaimLost):
        await slow.sends.begin(send, slow.replicas.me)
    assert not await finish(slow, 1)
    former = slow.replicas.me
    await slow.replicas.beat()
    assert slow.replicas.me != former, "what it claims from now on is told from what it lost"
    assert await other.sends.begin(send, other.replicas.me) == send
    assert await finish(other, 1)


async def test_no_process_is_taken_as_dead_right_after_the_database_was_away(
    replicas: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beats are counted, not timed: after a gap of a year all processes count as alive."""
    one, other = await replicas(), await replicas()
    await one.updates.keep(texts(1))
    await claim(one)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + YEAR)
    for _ in range(BEATS - 1):
        await other.replicas.beat()
    await one.replicas.beat()
    for _ in range(BEATS - 1):
        await other.replicas.beat()
    assert await claim(other) == []
    assert await finish(one, 1)


async def test_four_processes_of_which_two_die_handle_all_once_and_in_order(
    replicas: Open,
) -> None:
    rng = random.Random(5)
    arrivals = [Arrival(n, "", rng.randrange(20)) for n in range(400)]
    arrivals += [Arrival(400 + n, "", 100 + n % 10, album=f"album {n % 10}") for n in range(40)]
    stores = [await replicas() for _ in range(4)]
    await stores[0].updates.keep(arrivals[:200])
    handled: list[tuple[int, ...]] = []
    dead = stores[:2]

    async def work(store: Store) -> None:
        for count in range(10_000):
            if store in dead and count == 30:
                return
            claimed: Claim | None = await store.updates.claim(store.replicas.me)
            if claimed is None:
                await asyncio.sleep(0.01)
                await store.replicas.beat()
                if not await unfinished(store):
                    return
                continue
            await asyncio.sleep(0.001)
            if store in dead and count == 29:
                return
            if await store.updates.finish(claimed.owner, list(claimed.payloads)):
                handled.append(tuple(sorted(claimed.payloads)))

    late = asyncio.create_task(stores[3].updates.keep(arrivals[200:]))
    await asyncio.gather(late, *map(work, stores))
    assert Counter(id for unit in handled for id in unit) == Counter(one.id for one in arrivals)
    units_of_albums = [unit for unit in handled if unit[0] >= 400]
    assert len(units_of_albums) == 10 and all(len(unit) == 4 for unit in units_of_albums)
    turns = {one.id: one.turn for one in arrivals}
    for user in range(20):
        order = [unit[0] for unit in handled if turns[unit[0]] == user]
        assert order == sorted(order)
