"""The inbox: no update lost, none twice, none that stops the others."""

from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGTERM
from typing import Any

import pytest
import pytest_asyncio
from telegram import InaccessibleMessage, Update
from telegram.error import NetworkError

from bot.delivery.inbox import STARTS, Inbox
from bot.store.engine import open_database
from bot.store.store import Store
from bot.update_context import UpdateContext
from tests.stores import store_in
from tests.updates import raw_update, update

# Telegram's JSON of a message that the bot cannot see, and of one that PTB cannot parse: its
# Poll asks for a field that a server of another version leaves out.
UNSEEN = {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private", "first_name": "A"}}
POLL = {"id": "1", "question": "?", "options": [{"text": "a", "voter_count": 0}]}


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with store_in(tmp_path) as store:
        yield store


def queued(inbox: Inbox) -> list[Update]:
    """What handlers would get, in this order."""
    items = [inbox.get_nowait() for _ in range(inbox.qsize())]
    return [item for item in items if isinstance(item, Update)]


def ids(updates: list[Update]) -> list[int]:
    return [one.update_id for one in updates]


async def test_an_update_that_comes_twice_is_queued_once(store: Store) -> None:
    inbox = Inbox(store)
    await inbox.receive([raw_update(1), raw_update(2)])
    await inbox.receive([raw_update(2), raw_update(3)])
    assert ids(queued(inbox)) == [1, 2, 3]


async def test_what_was_not_finished_comes_back_after_a_crash(store: Store) -> None:
    before = Inbox(store)
    await before.receive([raw_update(1), raw_update(2)])
    await before.finish(UpdateContext(1), update(1))
    after_crash = Inbox(store)
    await after_crash.refill()
    await after_crash.receive([raw_update(2)])  # its arrival was not confirmed to Telegram
    (returned,) = queued(after_crash)
    assert returned.update_id == 2
    assert returned.message and returned.message.text == "hi"


async def test_what_no_start_could_finish_is_given_up_and_goes_last_before(store: Store) -> None:
    await Inbox(store).receive([raw_update(1)])
    for _ in range(STARTS):
        started = Inbox(store)
        assert await started.refill() == []
        assert started.qsize() == 1
    await Inbox(store).receive([raw_update(2)])
    last = Inbox(store)
    assert ids(await last.refill()) == [1]
    assert ids(queued(last)) == [2]


@pytest.mark.parametrize("content", [{"poll": POLL}, {"photo": 5}])
async def test_an_update_that_cannot_be_parsed_stops_no_other(
    store: Store, content: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    inbox = Inbox(store)
    await inbox.receive([raw_update(1), raw_update(2, **content), raw_update(3)])
    first, odd, last = queued(inbox)
    assert first.message and last.message and not odd.message
    assert "update 2 (message) is skipped" in caplog.text
    after_crash = Inbox(store)
    await after_crash.refill()
    assert ids(queued(after_crash)) == [1, 2, 3]


async def test_a_message_that_the_bot_cannot_see_is_kept_as_it_came(store: Store) -> None:
    inbox = Inbox(store)
    await inbox.receive([raw_update(1, pinned_message=UNSEEN)])
    after_crash = Inbox(store)
    await after_crash.refill()
    (pin,) = queued(after_crash)
    assert pin.message and isinstance(pin.message.pinned_message, InaccessibleMessage)


async def test_a_store_that_cannot_be_written_makes_polling_ask_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged one also ends the bot, so that its next start can put it aside."""
    signals: list[int] = []
    monkeypatch.setattr("signal.raise_signal", signals.append)
    (tmp_path / "bot.db").write_bytes(b"not a database" * 100)
    damaged = Store(open_database(f"sqlite:///{tmp_path / 'bot.db'}"))
    with pytest.raises(NetworkError):
        await Inbox(damaged).receive([raw_update(1)])
    assert signals == [SIGTERM]
    await damaged.close()
