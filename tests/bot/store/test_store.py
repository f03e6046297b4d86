"""The store: what is kept comes back, after a restart too, and never twice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.store.store import Store


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
