"""Updates from Telegram -> a queue that survives: none lost, none twice.

An update is written to the store as it came, before Telegram learns that it arrived (a batch in
one transaction: one by one they come no faster than 25 a second), and marked when its handlers
have ended. What a killed bot left unfinished is handled first at the next start.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Chat, Update
from telegram.error import NetworkError

from bot.store.recovery import stop_if_damaged
from bot.store.store import Store
from bot.update_context import UpdateContext

log = logging.getLogger(__name__)
STARTS = 5  # of the bot, at which an unfinished update is tried again
STORE_RETRY = 5.0  # s until an update that met a broken store is handled again
RECENT = 400  # message ids remembered, which no lost answer of the bot can have
Json = dict[str, Any]


class Inbox(asyncio.Queue[object]):
    """The queue between Telegram and the handlers; `bot` is what handlers answer with."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.bot: Bot | None = None
        self.newest = 0  # message id in private chats
        self.recent: deque[int] = deque(maxlen=RECENT)  # the last of those ids

    async def receive(self, updates: Sequence[Json]) -> None:
        """Store updates as they came, and queue those that did not come before.

        Raises NetworkError if they cannot be stored: Telegram then delivers them again.
        """
        try:
            new = await self._store.updates.keep({u["update_id"]: json.dumps(u) for u in updates})
        except SQLAlchemyError as error:
            stop_if_damaged(error)
            raise NetworkError("the store cannot be written") from error
        for raw in updates:
            if raw["update_id"] in new:
                self._queue_parsed(raw)

    async def put(self, item: object) -> None:
        """Queue PTB's sign to stop; the updates of PTB's Updater `receive` has queued already."""
        if not isinstance(item, Update):
            await super().put(item)

    async def refill(self) -> list[Update]:
        """Queue what a former run left unfinished; return what is better not tried again.

        That is what was unfinished at so many starts: it may be what ends the bot each time.
        """
        given_up = []
        for row in await self._store.updates.take_up():
            raw = json.loads(row.payload or "")
            if row.starts > STARTS:
                given_up.append(parse_update(raw, self.bot))
            else:
                self._queue_parsed(raw)
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

    def _queue_parsed(self, raw: Json) -> None:
        update = parse_update(raw, self.bot)
        message = update.message
        if message and message.chat.type == Chat.PRIVATE:
            self.newest = max(self.newest, message.message_id)
            self.recent.append(message.message_id)
        self.put_nowait(update)


def parse_update(raw: Json, bot: Bot | None) -> Update:
    """Parse one update; what PTB cannot parse becomes an update without content.

    No handler takes that one, so it is finished at once. Its content is private and not logged.
    """
    try:
        return Update.de_json(raw, bot)
    except Exception as error:  # parsing meets what Telegram may add: any error may come of it
        kinds = ", ".join(raw.keys() - {"update_id"})
        log.error("update %s (%s) is skipped: %s", raw["update_id"], kinds, type(error).__name__)
        return Update(raw["update_id"])
