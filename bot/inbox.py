"""Updates from Telegram -> handlers: none lost, none twice, one user's in their order.

An update is written to the store before Telegram hears that it arrived, and marked when its
handlers have ended. What a killed bot left unfinished is handled first at the next start.
"""

import asyncio
import json
from collections.abc import Awaitable
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.ext import BaseUpdateProcessor

from bot.store import Store

UPDATES_AT_ONCE = 1024  # of all users; one user has one update in work, the rest wait in order


class Inbox(asyncio.Queue[object]):
    """The queue between polling and handlers; `put` returns when the update is safe on disk."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def put(self, item: object) -> None:
        """Keep an update and queue it; one that came before is not queued again.

        Raises NetworkError if the store cannot be written: polling then asks for it again.
        """
        if isinstance(item, Update):
            try:
                new = await self._store.keep_update(item.update_id, item.to_json())
            except SQLAlchemyError as error:
                raise NetworkError("the store cannot be written") from error
            if not new:
                return
        await super().put(item)

    async def refill(self, bot: Bot) -> None:
        """Queue what a former run left unfinished."""
        for payload in await self._store.unfinished_updates():
            await super().put(Update.de_json(json.loads(payload), bot))


class Turns(BaseUpdateProcessor):
    """Runs different users' updates side by side and each user's own one after the other.

    So a user's photo waits for her `/model`, and her 500 photos don't hold up another's one.
    The photos of an album go together, since they get one answer.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(UPDATES_AT_ONCE)
        self._store = store
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Wait for the user's turn, run the handlers, mark the update finished."""
        if not isinstance(update, Update):
            await coroutine
            return
        if update.effective_message and update.effective_message.media_group_id:
            await coroutine
        else:
            async with self._turn_of(update):
                await coroutine
        await self._store.finish_update(update.update_id)

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def _turn_of(self, update: Update) -> asyncio.Lock:
        who = update.effective_user or update.effective_chat
        return self._turns.setdefault(who.id if who else 0, asyncio.Lock())
