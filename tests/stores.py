"""A store on disk for tests, and readings in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import select

from bot.store.jobs import Order
from bot.store.store import Store
from bot.store.tables import JobRow, ReadingRow, UpdateRow
from tests.readings import reading


@asynccontextmanager
async def store_in(folder: Path) -> AsyncIterator[Store]:
    """The store of a `DATA_DIR`, a running bot's too."""
    store = await Store.open(f"sqlite:///{folder / 'bot.db'}")
    try:
        yield store
    finally:
        await store.close()


async def unfinished(store: Store) -> list[str | None]:
    """What updates wait or are in work, in their order."""
    waiting = select(UpdateRow.payload).where(UpdateRow.payload.is_not(None))
    ordered = waiting.order_by(UpdateRow.id)
    return list(await store._database.run(lambda session: session.scalars(ordered).all()))


async def add(store: Store, user_id: int, *digits: int) -> ReadingRow:
    """Keep a reading of these digits."""
    return await store.add_reading(user_id, reading(*((digit, 0.9) for digit in digits)))


async def teach(store: Store, user_id: int, was: int, should_be: int) -> None:
    """Keep a reading of one digit and a correction of it."""
    await store.corrections.correct(await add(store, user_id, was), 0, should_be)


async def train(store: Store, user_id: int = 7, language: str | None = None) -> JobRow:
    """Order a training and claim it; by a process that is dead, if this one has not beaten."""
    assert await store.jobs.add([Order("clean", user_id, user_id, 5, language=language)])
    job = await store.jobs.claim(store.replicas.me or "dead", for_worker=True)
    assert job
    return job
