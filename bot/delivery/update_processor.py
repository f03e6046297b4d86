"""Updates -> handlers: one user's in their order, users side by side."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Coroutine
from types import TracebackType
from typing import cast
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.chat_action import ChatActions
from bot.delivery.inbox import Inbox
from bot.metrics import Metrics
from bot.update_context import UpdateContext, current

log = logging.getLogger(__name__)
OF_ONE_CHAT = 4  # updates in work
IN_WORK = 32  # updates of all users together; the rest wait in order
WAITING = 1_000_000  # PTB's own bound, which would let one user's updates fill all places


class PerUserProcessor(BaseUpdateProcessor):
    """Runs different users' updates side by side and each user's own one after the other.

    So a user's photo waits for her `/model`, and her 500 photos don't hold up another's one: she
    has one of the IN_WORK places at most, and all of a chat have OF_ONE_CHAT, since answers to a
    group wait for its pace. The photos of an album go together, since they get one answer, and
    take no places: some of them would wait outside for the answer of the others.
    """

    def __init__(self, inbox: Inbox, metrics: Metrics, patience: ChatActions) -> None:
        super().__init__(WAITING)
        self._inbox, self._metrics, self._patience = inbox, metrics, patience
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._shares: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()
        self._places = asyncio.Semaphore(IN_WORK)
        self._tasks: set[asyncio.Task[object]] = set()
        self._closing = False

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Wait for the user's turn and a place, run the handlers, mark the update finished."""
        arrived = time.monotonic()
        if not isinstance(update, Update):
            await coroutine
        elif update.effective_message and update.effective_message.media_group_id:
            await self._handle(update, coroutine, arrived, None)
        else:
            async with self._turn_of(update), self._share_of(update):
                await self._handle(update, coroutine, arrived, self._places)

    async def drain(self, seconds: float) -> None:
        """Begin nothing new, and break off what is not done in time: the store still has it."""
        self._closing = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            log.info("%s updates are left for the next start", len(late))

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def _handle(
        self,
        update: Update,
        coroutine: Awaitable[object],
        arrived: float,
        places: asyncio.Semaphore | None,
    ) -> None:
        async with self._patience(update), _Place(places) as place:
            if self._closing:
                cast(Coroutine[None, None, object], coroutine).close()
                return
            task = cast(asyncio.Task[object], asyncio.current_task())
            self._tasks.add(task)
            work = UpdateContext(update.update_id, leave_place=place.leave)
            current.set(work)
            try:
                await coroutine
                await self._inbox.finish(work, update)
                if work.finished:
                    self._metrics.observe(update, work, time.monotonic() - arrived)
            finally:
                self._tasks.discard(task)

    def _turn_of(self, update: Update) -> asyncio.Lock:
        who = update.effective_user or update.effective_chat
        return self._turns.setdefault(who.id if who else 0, asyncio.Lock())

    def _share_of(self, update: Update) -> asyncio.Semaphore:
        chat = update.effective_chat
        return self._shares.setdefault(chat.id if chat else 0, asyncio.Semaphore(OF_ONE_CHAT))


class _Place:
    """One of the places, if there are any; may be left before its end."""

    def __init__(self, places: asyncio.Semaphore | None) -> None:
        self._places = places

    async def __aenter__(self) -> "_Place":
        if self._places:
            await self._places.acquire()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """Let another update have the place."""
        if self._places:
            self._places.release()
            self._places = None
