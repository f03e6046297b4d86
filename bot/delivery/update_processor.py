"""Updates in the store -> handlers: in order for each user, several users concurrently.

Each process claims up to IN_WORK units of work from the store. Several processes share one store;
if one dies, the others claim its updates again (`bot.store.replicas`).
"""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, cast

from sqlalchemy.exc import SQLAlchemyError
from telegram import Update

from bot.chat_action import ChatActions
from bot.delivery.inbox import Inbox, parse_update
from bot.filters import App
from bot.metrics import Metrics
from bot.store.inbox import ALBUM_QUIET, NOTICE, Claim
from bot.store.recovery import stop_if_damaged
from bot.store.replicas import BEATS
from bot.store.store import Store
from bot.update_context import UpdateContext, current

log = logging.getLogger(__name__)
IN_WORK = 32  # units of work (updates or albums) handled at once
DEATHS = 2  # of processes that handled an update, after which it is answered with an error
OF_ONE_CHAT = 4  # units in work at once: answers to a group wait for its rate limit
CLAIM_EVERY = 1.0  # s between attempts to claim, in case a notice is lost
STORE_RETRY = 5.0  # s from an error of the store to the next try
GIVE_BACK_TIMEOUT = 2.0  # s to give claims back at the end


class UpdateProcessor:
    """Claims units of work and runs their handlers, at most IN_WORK at once.

    A unit that was in work when a process died may have caused that. Only one such unit is in work
    at a time: if the process dies again, it alone counts a further death.
    """

    def __init__(
        self,
        store: Store,
        inbox: Inbox,
        metrics: Metrics,
        actions: ChatActions,
        lease: float,
    ) -> None:
        self._store, self._metrics, self._actions = store, metrics, actions
        self._beat_every = lease / BEATS
        self._notified = asyncio.Event()
        self._work: dict[asyncio.Task[bool], Claim] = {}
        self._left: set[asyncio.Task[bool]] = set()  # in work, but not counted in IN_WORK any more
        self._in_doubt = False  # claims may have been made or not been ended, as the store failed
        self._background: list[asyncio.Task[None]] = []
        inbox.on_arrival = store.on_notice[NOTICE] = self._wake_for_arrival

    async def start(self, app: App) -> None:
        """Begin to claim updates and to count up this process's beat; raises SQLAlchemyError."""
        await self._store.replicas.beat()
        works = self._claim_all(app), self._live(), self._store.listen()
        self._background = [asyncio.create_task(work) for work in works]

    async def drain(self, seconds: float) -> None:
        """Stop claiming; cancel what is not done within `seconds`, and give it back."""
        for task in self._background:
            task.cancel()
        tasks = list(self._work)
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for unfinished in late:
                unfinished.cancel()
            log.info("%s updates are left for the next start", len(late))
            await asyncio.gather(*late, return_exceptions=True)
        with suppress(SQLAlchemyError, TimeoutError):
            async with asyncio.timeout(GIVE_BACK_TIMEOUT):
                await self._store.updates.give_back(self._store.replicas.me)
                await self._store.replicas.leave()

    def _wake_for_arrival(self) -> None:
        self._notified.set()
        asyncio.get_running_loop().call_later(ALBUM_QUIET, self._notified.set)

    async def _claim_all(self, app: App) -> None:
        while True:
            self._notified.clear()
            try:
                if self._in_doubt:
                    self._in_doubt = False
                    me = self._store.replicas.me
                    await self._store.updates.give_back(me, self._work.values())
                while self._has_place() and (claim := await self._claim()):
                    task = asyncio.create_task(self._handle(claim, app))
                    self._work[task] = claim
                    task.add_done_callback(self._end)
            except SQLAlchemyError as error:
                stop_if_damaged(error)
                log.error("updates cannot be claimed: %s", error)
                self._in_doubt = True
                await asyncio.sleep(STORE_RETRY)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._notified.wait(), CLAIM_EVERY)

    def _has_place(self) -> bool:
        return len(self._work) - len(self._left) < IN_WORK

    async def _claim(self) -> Claim | None:
        suspected = any(claim.deaths for claim in self._work.values())
        chats = Counter(claim.chat_id for claim in self._work.values())
        full = [chat for chat, count in chats.items() if count >= OF_ONE_CHAT and chat]
        return await self._store.updates.claim(
            self._store.replicas.me, untried=suspected, not_in=full
        )

    def _leave(self, task: asyncio.Task[bool]) -> None:
        self._left.add(task)
        self._notified.set()

    def _end(self, task: asyncio.Task[bool]) -> None:
        self._left.discard(task)
        if not task.cancelled():  # else `drain` gives the claim back
            del self._work[task]
            self._in_doubt |= bool(task.exception()) or not task.result()
            self._notified.set()

    async def _live(self) -> None:
        while True:
            try:
                await self._store.replicas.beat()
            except SQLAlchemyError as error:
                stop_if_damaged(error)
                log.error("this process cannot show that it lives: %s", error)
            await asyncio.sleep(self._beat_every)

    async def _handle(self, claim: Claim, app: App) -> bool:
        """Handle a unit of work; return whether its claim has ended."""
        arrived = time.monotonic()
        updates = _parsed(claim.payloads, app)
        work = UpdateContext(updates[0].update_id, claim.owner, updates)
        work.late = partial(self._claim_late, claim, work, app)
        work.leave_place = partial(self._leave, cast(asyncio.Task[bool], asyncio.current_task()))
        current.set(work)
        try:
            async with self._actions(updates[0]):
                await self._answer(claim, updates[0], app)
        except SQLAlchemyError as error:
            stop_if_damaged(error)
            work.store_failed = True
        except Exception:  # outside handlers, whose errors are answered; not tried again
            log.exception("update %s was not handled", work.name)
        if work.store_failed:  # it is handled again; its messages in the outbox are not sent twice
            await asyncio.sleep(STORE_RETRY)
            return False
        work.finished = await self._finish(claim, work)
        if work.finished:
            for update in work.updates:
                self._metrics.observe(update, work, time.monotonic() - arrived)
        return True

    async def _answer(self, claim: Claim, update: Update, app: App) -> None:
        if update.effective_user:
            await self._store.load_user(update.effective_user.id)
        if claim.deaths >= DEATHS:
            error = RuntimeError(f"{claim.deaths} processes died while they handled it")
            await app.process_error(update, error)
        else:
            await app.process_update(update)

    async def _finish(self, claim: Claim, work: UpdateContext) -> bool:
        """Mark a claim as finished, repeated until the store works; False if it was lost."""
        while True:
            try:
                if await self._store.updates.finish(claim.owner, list(claim.payloads)):
                    return True
            except SQLAlchemyError as error:
                stop_if_damaged(error)
                log.error("update %s cannot be marked as finished: %s", work.name, error)
                await asyncio.sleep(STORE_RETRY)
            else:
                log.warning("update %s was taken over by another process", work.name)
                return False

    async def _claim_late(self, claim: Claim, work: UpdateContext, app: App) -> Sequence[Update]:
        late = await self._store.updates.claim_late(claim)
        claim.payloads.update(late)
        updates = _parsed(late, app)
        work.updates += updates
        return updates


def _parsed(payloads: dict[int, str], app: App) -> list[Update]:
    return [_parse(update_id, payload, app) for update_id, payload in payloads.items()]


def _parse(update_id: int, payload: str, app: App) -> Update:
    raw: dict[str, Any] = {"update_id": update_id}
    try:
        raw |= json.loads(payload)
    except (ValueError, TypeError):
        log.error("update %s is damaged in the store and skipped", update_id)
    return parse_update(raw, app.bot)
