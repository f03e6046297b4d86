"""The inbox: no update lost, none twice."""

from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGTERM

import pytest
import pytest_asyncio
from telegram import Update
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.delivery.inbox import STARTS, Inbox, KeepingBot
from bot.store.engine import open_database
from bot.store.store import Store
from bot.update_context import UpdateContext
from tests.stores import store_in, unfinished
from tests.updates import update

BOT: ExtBot[None] = ExtBot("1:x")


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with store_in(tmp_path) as store:
        yield store


async def bring(inbox: Inbox, *updates: Update) -> None:
    """As polling does."""
    await inbox.keep(updates)
    for one in updates:
        await inbox.put(one)


async def test_an_update_that_comes_twice_is_queued_once(store: Store) -> None:
    inbox = Inbox(store)
    await bring(inbox, update(1), update(2))
    await bring(inbox, update(2), update(3))
    queued = [inbox.get_nowait() for _ in range(inbox.qsize())]
    assert [one.update_id for one in queued if isinstance(one, Update)] == [1, 2, 3]


async def test_what_was_not_finished_comes_back_after_a_crash(store: Store) -> None:
    before = Inbox(store)
    await before.keep([update(1), update(2)])
    await before.finish(UpdateContext(1), update(1))
    after_crash = Inbox(store)
    await after_crash.refill(BOT)
    await bring(after_crash, update(2))  # Telegram did not hear that it had arrived
    returned = after_crash.get_nowait()
    assert isinstance(returned, Update) and returned.update_id == 2
    assert returned.message and returned.message.text == "hi"
    assert after_crash.empty()


async def test_what_no_start_could_finish_is_given_up_and_goes_last_before(store: Store) -> None:
    await Inbox(store).keep([update(1)])
    for _ in range(STARTS):
        started = Inbox(store)
        assert await started.refill(BOT) == []
        assert started.qsize() == 1
    await Inbox(store).keep([update(2)])
    last = Inbox(store)
    assert [one.update_id for one in await last.refill(BOT)] == [1]
    assert [one.update_id for one in (last.get_nowait(),) if isinstance(one, Update)] == [2]


async def test_what_is_fetched_is_kept_before_telegram_hears_of_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(*_: object, **__: object) -> tuple[Update, ...]:
        return update(1), update(2)

    monkeypatch.setattr(ExtBot, "get_updates", fetch)
    bot = KeepingBot(Inbox(store), token="1:x")
    assert [one.update_id for one in await bot.get_updates(0, timeout=10)] == [1, 2]
    assert len(await unfinished(store)) == 2


async def test_a_store_that_cannot_be_written_makes_polling_ask_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged one also ends the bot, so that its next start can put it aside."""
    signals: list[int] = []
    monkeypatch.setattr("signal.raise_signal", signals.append)
    (tmp_path / "bot.db").write_bytes(b"not a database" * 100)
    damaged = Store(open_database(f"sqlite:///{tmp_path / 'bot.db'}"))
    with pytest.raises(NetworkError):
        await Inbox(damaged).keep([update(1)])
    assert signals == [SIGTERM]
    await damaged.close()
