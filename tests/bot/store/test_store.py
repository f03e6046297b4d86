"""The store: choices and readings outlast a restart, and each message has one reading."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from alembic.config import Config
from alembic.script import ScriptDirectory

from bot.store.migration import MIGRATIONS
from bot.store.store import PhotoMessage, Store
from tests.readings import reading


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(tmp_path)
    yield store
    await store.close()


async def open_store(folder: Path) -> Store:
    return await Store.open(f"sqlite:///{folder / 'bot.db'}")


async def test_a_new_user_has_no_choices(store: Store) -> None:
    assert (await store.load_user(7)).model is None


async def test_a_choice_survives_a_restart_and_is_the_users_own(
    store: Store, tmp_path: Path
) -> None:
    await store.choose(7, model="noisy")
    again = await open_store(tmp_path)
    assert (await again.load_user(8)).model is None
    assert (await again.load_user(7)).model == "noisy"
    assert again.user(8).model is None
    await again.close()


async def test_a_message_read_twice_has_one_reading(store: Store) -> None:
    first = await store.add_reading(7, reading((4, 0.9), (2, 0.9)), PhotoMessage(7, 5, "a"))
    again = await store.add_reading(
        7, reading((4, 0.8), (2, 0.9), (1, 0.9)), PhotoMessage(7, 5, "a")
    )
    other = await store.add_reading(7, reading((9, 0.9)), PhotoMessage(7, 6, "a"))
    assert again.id == first.id != other.id
    assert await store.files_read(PhotoMessage(7, 5, "")) == ["a"]
    kept = await store.reading(first.id)
    assert kept
    digits = [(digit.digit, digit.confidence) for digit in kept.digits]
    assert digits == [(4, 0.8), (2, 0.9), (1, 0.9)]
    figures = await store.statistics.latest(1)
    assert (figures.photos, figures.total.read) == (2, 4)
    exchanged = await store.add_reading(7, reading((9, 0.9)), PhotoMessage(7, 5, "b"))
    assert exchanged.id not in (first.id, other.id), "another photo in the same message"
    drawn = {(await store.add_reading(7, reading((3, 0.9)))).id for _ in range(2)}
    assert len(drawn) == 2, "drawings of the page come without a message"


def test_migrations_form_one_line() -> None:
    """Two migrations after the same one keep every bot from starting."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    line = list(ScriptDirectory.from_config(config).walk_revisions())
    assert len(line) == len(list((MIGRATIONS / "versions").glob("*.py")))
    assert not any(one.is_branch_point or one.is_merge_point for one in line)
