"""The inbox: no update lost, none twice, each user's in order, users side by side."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from telegram import Chat, Message, Update, User
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.inbox import Inbox, Turns
from bot.store import Store

BOT: ExtBot[None] = ExtBot("1:x")


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    yield store
    await store.close()


def update(update_id: int, user_id: int = 1, album: str | None = None) -> Update:
    user = User(user_id, "A", is_bot=False)
    chat = Chat(user_id, Chat.PRIVATE)
    message = Message(
        update_id, datetime.now(UTC), chat, from_user=user, text="hi", media_group_id=album
    )
    return Update(update_id, message=message)


async def test_an_update_that_comes_twice_is_queued_once(store: Store) -> None:
    inbox = Inbox(store)
    await inbox.put(update(1))
    await inbox.put(update(1))
    assert inbox.qsize() == 1


async def test_what_was_not_finished_comes_back_after_a_crash(store: Store) -> None:
    await Inbox(store).put(update(1))
    await Inbox(store).put(update(2))
    await Turns(store).do_process_update(update(1), asyncio.sleep(0))
    after_crash = Inbox(store)
    await after_crash.refill(BOT)
    returned = after_crash.get_nowait()
    assert isinstance(returned, Update) and returned.update_id == 2
    assert returned.message and returned.message.text == "hi"
    assert after_crash.empty()


async def test_a_store_that_cannot_be_written_makes_polling_ask_again(
    store: Store, tmp_path: Path
) -> None:
    await store.close()
    (tmp_path / "bot.db").write_bytes(b"not a database" * 100)
    with pytest.raises(NetworkError):
        await Inbox(store).put(update(1))


async def run_together(turns: Turns, *updates: Update) -> list[str]:
    """Let the updates in at once, the first the slowest; return what started and ended when."""
    events: list[str] = []

    async def handle(name: int, seconds: float) -> None:
        events.append(f"+{name}")
        await asyncio.sleep(seconds)
        events.append(f"-{name}")

    await asyncio.gather(
        *(
            turns.do_process_update(u, handle(u.update_id, 0.05 / (i + 1)))
            for i, u in enumerate(updates)
        )
    )
    return events


async def test_one_users_updates_go_in_order(store: Store) -> None:
    assert await run_together(Turns(store), update(1), update(2)) == ["+1", "-1", "+2", "-2"]


async def test_users_go_side_by_side(store: Store) -> None:
    assert (await run_together(Turns(store), update(1, 1), update(2, 2)))[:2] == ["+1", "+2"]


async def test_the_photos_of_an_album_go_side_by_side(store: Store) -> None:
    album = update(1, album="a"), update(2, album="a")
    assert (await run_together(Turns(store), *album))[:2] == ["+1", "+2"]
