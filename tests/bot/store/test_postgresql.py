"""The store in PostgreSQL: all that SQLite does, and a database that comes and goes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from bot.local.server import LocalChat
from bot.store.engine import is_away
from bot.store.inbox import Arrival
from bot.store.outbox import Send
from bot.store.store import Store
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.pictures import photo_of
from tests.postgresql import Cable
from tests.stores import add, teach, train


@pytest_asyncio.fixture
async def cable(postgresql_url: str) -> AsyncIterator[Cable]:
    cable = Cable(postgresql_url)
    yield cable
    cable.pull()


async def test_all_that_the_store_does(postgresql_url: str) -> None:
    store = await Store.open(postgresql_url)
    await store.updates.keep([Arrival(1, "first", 7), Arrival(2, "second", 8)])
    send = Send(update_id=1, number=1, chat_id=7, after=5, markup=None)
    assert await store.sends.former(send) is None
    assert await store.sends.begin(send) == send
    await store.sends.end(send, 9)
    assert await store.sends.former(send) == send._replace(message_id=9)
    await store.choose(7, model="noisy")
    await store.choose(7, language="de")
    row = await add(store, 7, 4, 2)
    await store.record_verdict(row.id, right=False)
    await teach(store, 8, 7, 1)
    assert await store.corrections.exclude_users([8], True) == 1
    job = await train(store)
    await store.jobs.end(job, "kept", "v")
    assert [one.id for one in await store.jobs.claim_unreported("another")] == [job.id]
    figures = await store.statistics.latest(7)
    assert (figures.photos, figures.users, figures.total.wrong) == (2, 2, 1)
    assert await store.counts() == (2, 1)
    await store.close()
    again = await Store.open(postgresql_url)
    await again.load_user(7)
    assert (again.user(7).model, again.user(7).language) == ("noisy", "de")
    await again.forget(7)
    assert await again.reading(row.id) is None
    await again.close()


async def test_a_database_that_cannot_be_reached_is_away(cable: Cable) -> None:
    url = await cable.plug_in()
    cable.pull()
    with pytest.raises(OperationalError) as caught:
        await Store.open(url)
    assert is_away(caught.value)


async def test_photos_wait_for_a_database_that_is_away(
    cable: Cable, server: LocalChat, chat: Chat, tmp_path: Path
) -> None:
    bot = BotProcess(server, tmp_path / "data", {"DATABASE_URL": await cable.plug_in()})
    await bot.start()
    ann = chat.user(1)
    assert words(await ann.reply_to(await ann.photo(photo_of("7")))).startswith("7 · ")
    cable.pull()
    sent = await ann.photo(photo_of("4"))
    while b"the store cannot be written" not in bot.log:
        await asyncio.sleep(0.05)
    await cable.plug_in(cable.port)
    assert words(await ann.reply_to(sent, 60)).startswith("4 · ")
    await bot.end()
    assert sum(message["from"]["is_bot"] for message in ann.messages()) == 2
