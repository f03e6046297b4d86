"""Turns: each user's updates in order, users side by side, none given up."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from telegram import Update

from bot.chat_action import ChatActions
from bot.delivery.inbox import STORE_RETRY, Inbox
from bot.delivery.update_processor import IN_WORK, PerUserProcessor
from bot.metrics import Metrics
from bot.services import Services
from bot.store.store import Store
from bot.update_context import current
from tests.stores import store_in, unfinished
from tests.updates import update

NO_PATIENCE = ChatActions(cast(Services, None))  # it concerns photos; here are texts


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with store_in(tmp_path) as store:
        yield store


def turns(store: Store) -> PerUserProcessor:
    return PerUserProcessor(Inbox(store), Metrics(), NO_PATIENCE)


async def run_together(turns: PerUserProcessor, *updates: Update) -> list[str]:
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
    assert await run_together(turns(store), update(1), update(2)) == ["+1", "-1", "+2", "-2"]


async def test_users_go_side_by_side(store: Store) -> None:
    assert (await run_together(turns(store), update(1, 1), update(2, 2)))[:2] == ["+1", "+2"]


async def test_the_photos_of_an_album_go_side_by_side(store: Store) -> None:
    album = update(1, album="a"), update(2, album="a")
    assert (await run_together(turns(store), *album))[:2] == ["+1", "+2"]


async def test_albums_take_no_places(store: Store) -> None:
    """Else some photos of an album would wait outside until the others are answered."""
    count, come = 2 * IN_WORK, 0
    all_came = asyncio.Event()

    async def handle() -> None:
        nonlocal come
        come += 1
        if come == count:
            all_came.set()
        await asyncio.wait_for(all_came.wait(), 5)

    both = turns(store)
    members = [update(number, user_id=1 + number // 10, album="a") for number in range(count)]
    await asyncio.gather(*(both.do_process_update(member, handle()) for member in members))
    assert come == count


async def test_one_users_many_updates_do_not_hold_up_anothers(store: Store) -> None:
    """Five hundred of hers wait in her line; his one goes at once."""
    both = turns(store)
    handled: list[int] = []

    async def handle(update_id: int) -> None:
        await asyncio.sleep(0.001)
        handled.append(update_id)

    hers = [update(number, user_id=1) for number in range(500)]
    everything = [*hers, update(500, user_id=2)]
    await asyncio.gather(*(both.do_process_update(u, handle(u.update_id)) for u in everything))
    assert len(handled) == 501
    assert handled.index(500) < 10


async def test_no_more_updates_are_in_work_than_there_are_places(store: Store) -> None:
    together, most = 0, 0

    async def handle() -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.01)
        together -= 1

    all_of_them = turns(store)
    updates = [update(number, user_id=number + 1) for number in range(3 * IN_WORK)]
    await asyncio.gather(*(all_of_them.do_process_update(u, handle()) for u in updates))
    assert most == IN_WORK


async def test_an_update_that_met_a_broken_store_is_handed_out_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.inbox.STORE_RETRY", 0.01)
    inbox = Inbox(store)

    async def meet_a_broken_store() -> None:
        work = current.get()
        assert work
        work.store_failed = True

    await store.updates.keep({1: "..."})
    await PerUserProcessor(inbox, Metrics(), NO_PATIENCE).do_process_update(
        update(1), meet_a_broken_store()
    )
    again = await asyncio.wait_for(inbox.get(), STORE_RETRY)
    assert isinstance(again, Update) and again.update_id == 1
    assert await unfinished(store) == ["..."]


async def test_draining_breaks_off_what_takes_too_long_and_keeps_it(store: Store) -> None:
    begun = asyncio.Event()
    closing = turns(store)

    async def take_long() -> None:
        begun.set()
        await asyncio.sleep(60)

    async def never_begin() -> None:
        raise AssertionError("begun although the bot stops")

    await store.updates.keep({1: "1", 2: "2"})
    long = asyncio.create_task(closing.do_process_update(update(1), take_long()))
    waiting = asyncio.create_task(closing.do_process_update(update(2), never_begin()))
    await begun.wait()
    await closing.drain(0.05)
    await asyncio.wait([long, waiting])
    assert long.cancelled() and not waiting.exception()
    assert await unfinished(store) == ["1", "2"]
