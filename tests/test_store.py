"""The store: what is kept comes back, after a restart too, and never twice."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.store import Store
from tests.stores import unfinished

YEAR = 365 * 86_400  # s


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(tmp_path)
    yield store
    await store.close()


async def open_store(folder: Path) -> Store:
    return await Store.open(f"sqlite:///{folder / 'bot.db'}")


async def test_a_stranger_has_chosen_nothing(store: Store) -> None:
    assert store.user(7).model is None


async def test_a_choice_survives_a_restart_and_is_the_users_own(
    store: Store, tmp_path: Path
) -> None:
    await store.choose(7, model="noisy")
    again = await open_store(tmp_path)
    assert again.user(7).model == "noisy"
    assert again.user(8).model is None
    await again.close()


async def test_an_update_is_kept_once_until_it_is_finished(store: Store) -> None:
    assert await store.keep_updates({2: "second"}) == {2}
    assert await store.keep_updates({1: "first", 2: "again"}) == {1}
    assert await unfinished(store) == ["first", "second"]
    await store.finish_update(1)
    assert await unfinished(store) == ["second"]
    assert not await store.keep_updates({1: "first"}), "a finished update must not come again"


@pytest.mark.parametrize("jump", [-10 * YEAR, 10 * YEAR], ids=["back", "ahead"])
async def test_a_jump_of_the_clock_loses_no_update(
    store: Store, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    await store.keep_updates({1: "first", 2: "second"})
    await store.finish_update(2)
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + jump)
    await store.keep_updates({3: "third"})
    await store.finish_update(3)
    assert await unfinished(store) == ["first"]
    assert not await store.keep_updates({3: "third"}), "it must not come again"
