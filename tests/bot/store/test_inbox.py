"""Updates in the store: each is kept once, whatever the clock says, until it is finished."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.store import Store
from tests.stores import store_in, unfinished

YEAR = 365 * 86_400  # s


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with store_in(tmp_path) as store:
        yield store


async def test_an_update_is_kept_once_until_it_is_finished(store: Store) -> None:
    assert await store.updates.keep({2: "second"}) == {2}
    assert await store.updates.keep({1: "first", 2: "again"}) == {1}
    assert await unfinished(store) == ["first", "second"]
    await store.updates.finish(1)
    assert await unfinished(store) == ["second"]
    assert not await store.updates.keep({1: "first"}), "a finished update must not come again"


@pytest.mark.parametrize("jump", [-10 * YEAR, 10 * YEAR], ids=["back", "ahead"])
async def test_a_jump_of_the_clock_loses_no_update(
    store: Store, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    await store.updates.keep({1: "first", 2: "second"})
    await store.updates.finish(2)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + jump)
    await store.updates.keep({3: "third"})
    await store.updates.finish(3)
    assert await unfinished(store) == ["first"]
    assert not await store.updates.keep({3: "third"}), "it must not come again"
