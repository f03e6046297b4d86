"""The store in PostgreSQL, where TEST_DATABASE_URL names a database that may be wiped.

postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from bot.local.server import LocalChat
from bot.store.engine import is_away, open_database
from bot.store.outbox import Send
from bot.store.store import Store
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.pictures import photo_of
from tests.stores import add, teach, unfinished

URL = os.environ.get("TEST_DATABASE_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="TEST_DATABASE_URL names no database to wipe")


class Cable:
    """Between a bot and the database; it can be pulled out and put back."""

    def __init__(self) -> None:
        self._ends: list[asyncio.StreamWriter] = []
        address = make_url(URL)
        self._host, self._port = address.host or "127.0.0.1", address.port or 5432

    async def plug_in(self, port: int = 0) -> str:
        """Return the URL by which the database is reached."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        by_cable = make_url(URL).set(host="127.0.0.1", port=self.port)
        return by_cable.render_as_string(hide_password=False)

    def pull(self) -> None:
        self._server.close()
        for end in self._ends:
            end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        self._ends += [writer, back]
        await asyncio.gather(_copy(reader, back), _copy(there, writer))


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(1 << 16):
            target.write(data)
    target.close()


@pytest_asyncio.fixture
async def empty() -> None:
    database = open_database(URL)
    await database.run(lambda session: session.execute(text("DROP SCHEMA public CASCADE")))
    await database.run(lambda session: session.execute(text("CREATE SCHEMA public")))
    await database.close()


@pytest_asyncio.fixture
async def cable() -> AsyncIterator[Cable]:
    cable = Cable()
    yield cable
    cable.pull()


async def test_all_that_the_store_does(empty: None) -> None:
    store = await Store.open(URL)
    assert await store.updates.keep({1: "first", 2: "second"}) == {1, 2}
    assert await store.updates.keep({2: "second", 3: "third"}) == {3}
    await store.updates.finish(2)
    assert await unfinished(store) == ["first", "third"]
    send = Send(update_id=1, number=1, chat_id=7, after=5, markup=None)
    assert await store.sends.begin(send) is None
    await store.sends.end(send, 9)
    assert await store.sends.begin(send) == send._replace(message_id=9)
    await store.choose(7, model="noisy")
    await store.choose(7, language="de")
    row = await add(store, 7, 4, 2)
    await store.record_verdict(row.id, right=False)
    await teach(store, 8, 7, 1)
    assert await store.corrections.exclude_users([8], True) == 1
    job = await store.jobs.add("clean", 7, 7, 1)
    await store.jobs.end(job.id, "kept", "v")
    assert [one.id for one in await store.jobs.untold()] == [job.id]
    figures = await store.statistics.latest(7)
    assert (figures.photos, figures.users, figures.total.wrong) == (2, 2, 1)
    assert await store.counts() == (2, 1)
    await store.close()
    again = await Store.open(URL)
    assert (again.user(7).model, again.user(7).language) == ("noisy", "de")
    await again.forget(7)
    assert await again.reading(row.id) is None
    await again.close()


async def test_a_database_that_is_not_reached_is_away(cable: Cable) -> None:
    url = await cable.plug_in()
    cable.pull()
    with pytest.raises(OperationalError) as caught:
        await Store.open(url)
    assert is_away(caught.value)


async def test_photos_wait_for_a_database_that_is_away(
    empty: None, cable: Cable, server: LocalChat, chat: Chat, tmp_path: Path
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
