"""Updates from Telegram -> a queue that survives: none lost, none twice.

An update is written to the store before Telegram hears that it arrived (those that come together
in one go: one by one they would come no faster than 25 a second), and marked when its handlers
have ended. What a killed bot left unfinished is handled first at the next start.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Chat, Update
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.store.recovery import stop_if_damaged
from bot.store.store import Store
from bot.update_context import UpdateContext

log = logging.getLogger(__name__)
STARTS = 5  # of the bot, at which an unfinished update is tried again
STORE_RETRY = 5.0  # s until an update that met a broken store is handled again


class Inbox(asyncio.Queue[object]):
    """The queue between Telegram and the handlers: `keep` an update first, then `put` it."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._new: set[int] = set()  # ids of updates that are kept and not queued yet
        self.newest = 0  # message id in private chats

    async def keep(self, updates: Sequence[Update]) -> None:
        """Write updates to the store; raises NetworkError if it cannot be written.

        Polling then asks for them again.
        """
        payloads = {update.update_id: update.to_json() for update in updates}
        try:
            self._new |= await self._store.updates.keep(payloads)
        except SQLAlchemyError as error:
            stop_if_damaged(error)
            raise NetworkError("the store cannot be written") from error
        self._see(updates)

    async def put(self, item: object) -> None:
        """Queue an update that was kept, unless it came before."""
        if isinstance(item, Update):
            if item.update_id not in self._new:
                return
            self._new.discard(item.update_id)
        await super().put(item)

    async def refill(self, bot: Bot) -> list[Update]:
        """Queue what a former run left unfinished; return what is better not tried again.

        That is what was unfinished at so many starts: it may be what ends the bot each time.
        """
        given_up = []
        for row in await self._store.updates.take_up():
            update = Update.de_json(json.loads(row.payload or ""), bot)
            self._see([update])
            if row.starts > STARTS:
                given_up.append(update)
            else:
                self.put_nowait(update)
        return given_up

    async def finish(self, work: UpdateContext, update: Update) -> None:
        """Mark an update as finished; hand it out again later if the store fails, or has failed.

        What was sent already is remembered and not sent twice.
        """
        if not work.store_failed:
            try:
                await self._store.updates.finish(update.update_id)
                work.finished = True
                return
            except SQLAlchemyError as error:
                log.error("update %s cannot be marked as finished: %s", work.name, error)
        asyncio.get_running_loop().call_later(STORE_RETRY, self.put_nowait, update)

    def _see(self, updates: Sequence[Update]) -> None:
        private = [
            update.message.message_id
            for update in updates
            if update.message and update.message.chat.type == Chat.PRIVATE
        ]
        self.newest = max([self.newest, *private])


class KeepingBot(ExtBot[None]):
    """Keeps the updates that it fetches: the next fetch tells Telegram that they arrived."""

    def __init__(self, inbox: Inbox, **settings: Any) -> None:
        super().__init__(**settings)
        self._inbox = inbox

    async def get_updates(self, *args: Any, **settings: Any) -> tuple[Update, ...]:
        """Fetch updates; raises NetworkError if they cannot be kept either."""
        updates = await super().get_updates(*args, **settings)
        if updates:
            await self._inbox.keep(updates)
        return updates
