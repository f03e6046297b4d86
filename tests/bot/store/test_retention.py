"""Retention: glyphs are deleted first, readings with their corrections later."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import update

from bot.store import retention
from bot.store.retention import GLYPHS_DAYS
from bot.store.store import Store
from bot.store.tables import DAY, ReadingRow
from tests.postgresql import Server
from tests.stores import add, teach

KEPT = 365  # days


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'bot.db'}"
    else:
        server: Server = request.getfixturevalue("postgresql")
        url = await server.database()
    store = await Store.open(url)
    yield store
    await store.close()


async def age(store: Store, days: float, *reading_ids: int) -> None:
    """Set the age of readings in days; of all readings if no id is given."""
    which = ReadingRow.id.in_(reading_ids) if reading_ids else ReadingRow.id > 0
    aged = update(ReadingRow).where(which).values(created=int(time.time() - days * DAY))
    await store._database.run(lambda session: session.execute(aged))


async def test_glyphs_go_before_readings_and_those_of_corrections_stay(store: Store) -> None:
    await teach(store, 1, was=7, should_be=1)
    young, old = await add(store, 1, 4), await add(store, 1, 5, 6)
    await age(store, GLYPHS_DAYS + 1)
    await age(store, GLYPHS_DAYS - 1, young.id)
    await store.prune(KEPT)
    left = [await store.reading(row.id) for row in (young, old)]
    assert left[0] and left[0].has_glyphs and len(left[0].digits[0].glyph) == 784
    assert left[1] and not left[1].has_glyphs and left[1].text == "56"
    assert [digit.glyph for digit in left[1].digits] == [b"", b""]
    assert [len(one.glyph) for one in await store.corrections.taught()] == [784]


async def test_readings_go_with_their_digits_and_corrections(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    await teach(store, 1, was=7, should_be=1)
    for _ in range(4):
        await add(store, 1, 5)
    await age(store, KEPT + 1)
    kept = await add(store, 1, 5)
    await store.prune(KEPT)
    assert (await store.statistics.latest(2 * KEPT)).total.read == 1
    assert await store.corrections.taught() == []
    assert await store.reading(kept.id)


async def test_readings_that_are_kept_for_less_than_glyphs_go_whole(store: Store) -> None:
    row = await add(store, 1, 5)
    await age(store, 2)
    await store.prune(1)
    assert await store.reading(row.id) is None
