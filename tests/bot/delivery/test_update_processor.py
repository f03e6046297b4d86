"""Handling of stored updates: in order by user, concurrently, given up only after two deaths."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError
from telegram import Update
from telegram.ext import ExtBot

from bot.chat_action import ChatActions
from bot.delivery import update_processor
from bot.delivery.inbox import Inbox
from bot.delivery.update_processor import IN_WORK, UpdateProcessor
from bot.filters import App
from bot.metrics import Metrics
from bot.services import Services
from bot.store.inbox import Arrival
from bot.store.replicas import Replicas
from bot.store.store import Store
from bot.update_context import UpdateContext, current
from tests.stores import store_in, unfinished
from tests.updates import update

HANGS = 60.0  # s: a busy machine needs some for hundreds of transactions
NO_SIGNS = ChatActions(cast(Services, None))  # they concern photos; here are texts
Handle = Callable[[int], Awaitable[None]]


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with store_in(tmp_path) as store:
        yield store


class Bot:
    """Handles updates with a function of their ids, and collects those that are given up."""

    def __init__(self, store: Store, handle: Handle) -> None:
        self.given_up: list[int] = []
        self.store, self._handle = store, handle
        self.inbox = Inbox(store)
        self.processor = UpdateProcessor(store, self.inbox, Metrics(), NO_SIGNS, lease=1.0)

    async def start(self) -> None:
        app = SimpleNamespace(
            bot=ExtBot("1:x"), process_update=self._process, process_error=self._give_up
        )
        await self.processor.start(cast(App, app))

    async def until_done(self) -> None:
        async with asyncio.timeout(HANGS):
            while await unfinished(self.store):
                await asyncio.sleep(0.01)

    async def _process(self, update: Update) -> None:
        await self._handle(update.update_id)

    async def _give_up(self, update: Update, _: Exception) -> None:
        self.given_up.append(update.update_id)


@asynccontextmanager
async def bot_of(store: Store, handle: Handle) -> AsyncIterator[Bot]:
    bot = Bot(store, handle)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.processor.drain(0.05)


async def run(store: Store, handle: Handle, updates: Sequence[Update]) -> Bot:
    """Store all updates at once, and wait until they are finished."""
    async with bot_of(store, handle) as bot:
        if updates:
            await bot.inbox.receive([one.to_dict() for one in updates])
        await bot.until_done()
    return bot


def recorder(seconds: float) -> tuple[list[str], Handle]:
    """Return a log of beginnings and ends, and the handler that writes it."""
    events: list[str] = []

    async def handle(number: int) -> None:
        events.append(f"+{number}")
        await asyncio.sleep(seconds / number)
        events.append(f"-{number}")

    return events, handle


async def test_one_users_updates_go_in_order(store: Store) -> None:
    events, handle = recorder(0.05)
    await run(store, handle, [update(1), update(2)])
    assert events == ["+1", "-1", "+2", "-2"]


async def test_users_go_side_by_side(store: Store) -> None:
    events, handle = recorder(0.2)
    await run(store, handle, [update(1, 1), update(2, 2)])
    assert events[:2] == ["+1", "+2"]


async def test_an_album_is_handled_once_with_all_its_photos(store: Store) -> None:
    seen: list[list[int]] = []

    async def handle(_: int) -> None:
        work = cast(UpdateContext, current.get())
        seen.append([one.update_id for one in work.updates])
        late = [update(3, album="a").to_dict()]
        await bot.inbox.receive(late)
        seen.append([one.update_id for one in await work.late()])

    async with bot_of(store, handle) as bot:
        await bot.inbox.receive([update(number, album="a").to_dict() for number in (1, 2)])
        await bot.until_done()
    assert seen == [[1, 2], [3]]


async def test_one_users_many_updates_do_not_delay_anothers(store: Store) -> None:
    """Hundreds of one user's updates wait in the store; another user's is handled at once."""
    handled: list[int] = []

    async def handle(number: int) -> None:
        handled.append(number)

    of_one = [update(number, user_id=1) for number in range(200)]
    await run(store, handle, [*of_one, update(200, user_id=2)])
    assert sorted(handled) == list(range(201))
    assert handled.index(200) < 10


async def test_at_most_in_work_updates_are_handled_at_once(store: Store) -> None:
    together, most = 0, 0
    full = asyncio.Event()

    async def handle(_: int) -> None:
        nonlocal together, most
        together += 1
        most = max(most, together)
        if together == IN_WORK:
            asyncio.get_running_loop().call_later(0.2, full.set)
        await full.wait()
        together -= 1

    await run(store, handle, [update(n, user_id=n) for n in range(1, 2 * IN_WORK)])
    assert most == IN_WORK


async def test_an_update_is_handled_again_after_an_error_of_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update_processor, "STORE_RETRY", 0.01)
    tries = 0

    async def handle(_: int) -> None:
        nonlocal tries
        tries += 1
        cast(UpdateContext, current.get()).store_failed = tries < 5

    bot = await run(store, handle, [update(1)])
    assert tries == 5 and not bot.given_up


@pytest.mark.parametrize("call", ["claim", "claim_late"])
async def test_what_was_claimed_by_a_call_that_failed_is_handled(
    store: Store, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The connection to the database breaks after the commit and before its confirmation."""
    monkeypatch.setattr(update_processor, "STORE_RETRY", 0.01)
    make, failed = getattr(store.updates, call), False
    seen: list[list[int]] = []

    async def fail_once(*args: object, **kwargs: object) -> object:
        nonlocal failed
        made = await make(*args, **kwargs)
        if made and not failed:
            failed = True
            raise OperationalError("COMMIT", None, ConnectionResetError())
        return made

    async def handle(_: int) -> None:
        work = cast(UpdateContext, current.get())
        if not seen:
            await bot.inbox.receive([update(3, album="a").to_dict()])
        await work.late()
        seen.append(sorted(one.update_id for one in work.updates))

    monkeypatch.setattr(store.updates, call, fail_once)
    async with bot_of(store, handle) as bot:
        await bot.inbox.receive([update(number, album="a").to_dict() for number in (1, 2)])
        await bot.until_done()
    assert failed and seen == [[1, 2, 3]]


async def test_only_the_update_at_which_two_processes_died_is_given_up(store: Store) -> None:
    """Other updates were in work at each death."""
    deadly, others = 5, [1, 2, 3, 4, 6, 7, 8, 9]
    handled: list[int] = []
    in_work: set[int] = set()

    async def handle(number: int) -> None:
        in_work.add(number)
        if number == deadly or number in hanging:
            await asyncio.sleep(60)
        handled.append(number)

    await Inbox(store).receive([update(n, user_id=n).to_dict() for n in range(1, 9)])
    for hanging in (range(1, 9), [9]):
        in_work.clear()
        store.replicas = Replicas(store._database)  # a process of its own
        dying = Bot(store, handle)
        await dying.start()
        async with asyncio.timeout(HANGS):
            while not in_work >= {deadly, *hanging}:
                await asyncio.sleep(0.01)
        await _kill(dying.processor)
        await dying.inbox.receive([update(9, user_id=9).to_dict()])
    hanging = []
    store.replicas = Replicas(store._database)
    last = await run(store, handle, [])
    assert last.given_up == [deadly]
    assert sorted(handled) == others


async def _kill(processor: UpdateProcessor) -> None:
    """Cancel its tasks without giving claims back, as after SIGKILL."""
    tasks = [*processor._background, *processor._work]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_damaged_row_is_skipped(store: Store) -> None:
    handled: list[int] = []

    async def handle(number: int) -> None:
        handled.append(number)

    await store.updates.keep([Arrival(1, "{", 1), Arrival(2, json.dumps(update(2).to_dict()), 1)])
    await run(store, handle, [])
    assert handled == [1, 2], "the first as an update without content, which no handler takes"


async def test_draining_cancels_what_takes_too_long_and_gives_it_back(store: Store) -> None:
    begun = asyncio.Event()

    async def take_long(_: int) -> None:
        begun.set()
        await asyncio.sleep(60)

    async with bot_of(store, take_long) as bot:
        await bot.inbox.receive([update(1).to_dict(), update(2).to_dict()])
        await asyncio.wait_for(begun.wait(), HANGS)
    again = await store.updates.claim("next")
    assert again and list(again.payloads) == [1] and again.deaths == 0
    assert len(await unfinished(store)) == 2
