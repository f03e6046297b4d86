"""Updates from Telegram -> the store: none lost, none twice.

An update is written to the store as it came, before Telegram learns that it arrived (a batch in
one transaction: one by one they come no faster than 25 a second). `bot.delivery.update_processor`
claims it there.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Chat, Update
from telegram.error import NetworkError

from bot.store.inbox import Arrival
from bot.store.recovery import stop_if_damaged
from bot.store.store import Store

log = logging.getLogger(__name__)
RECENT = 400  # message ids remembered, which no lost answer of the bot can have
Json = dict[str, Any]


class Inbox(asyncio.Queue[object]):
    """Where updates arrive; `on_arrival` is called when some were stored.

    It stands in the place of PTB's queue, from which nothing but PTB's sign to stop is taken.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.newest = 0  # message id in private chats
        self.recent: deque[int] = deque(maxlen=RECENT)  # the last of those ids
        self.on_arrival: Callable[[], None] = lambda: None

    async def receive(self, updates: Sequence[Json]) -> None:
        """Store updates as they came.

        Raises NetworkError if they cannot be stored: Telegram then delivers them again.
        """
        arrivals = [arrival(raw) for raw in updates]
        try:
            await self._store.updates.keep(arrivals)
        except SQLAlchemyError as error:
            stop_if_damaged(error)
            raise NetworkError("the store cannot be written") from error
        for one in arrivals:
            self.note(one.message_id or 0)
        self.on_arrival()

    def note(self, message_id: int) -> None:
        """Remember the id of a private message; it may have come to another process."""
        self.newest = max(self.newest, message_id)
        if message_id not in self.recent:
            self.recent.append(message_id)

    async def put(self, item: object) -> None:
        """Drop the updates that PTB's Updater queues: `receive` has stored them."""
        if not isinstance(item, Update):
            await super().put(item)


def arrival(raw: Json) -> Arrival:
    """Return an update as it is stored: in whose turn it is handled, and of which album it is."""
    content = _part(next((_in_its_name(raw[kind]) for kind in raw.keys() - {"update_id"}), None))
    chat = _part(content.get("chat"))
    who = _part(content.get("from")) or _part(content.get("user")) or chat
    chat_id = (chat or _part(_part(content.get("message")).get("chat"))).get("id")
    turn, message_id, album = who.get("id"), None, None
    if "message" in raw:
        album = content.get("media_group_id")
        message_id = content.get("message_id") if chat.get("type") == Chat.PRIVATE else None
    return Arrival(
        raw["update_id"],
        json.dumps(raw),
        turn if isinstance(turn, int) else 0,
        chat_id if isinstance(chat_id, int) else 0,
        message_id if isinstance(message_id, int) else None,
        album if isinstance(album, str) else None,
    )


def parse_update(raw: Json, bot: Bot) -> Update:
    """Parse one update; what PTB cannot parse becomes an update without content.

    No handler takes that one, so it is finished at once. Its content is private and not logged.
    """
    try:
        return Update.de_json({kind: _in_its_name(body) for kind, body in raw.items()}, bot)
    except Exception as error:  # parsing meets what Telegram may add: any error may come of it
        kinds = ", ".join(raw.keys() - {"update_id"})
        log.error("update %s (%s) is skipped: %s", raw["update_id"], kinds, type(error).__name__)
        return Update(raw["update_id"])


def _part(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _in_its_name(body: Any) -> Any:
    """Name the chat as the sender of what is written in a chat's name: a group's or a channel's.

    Telegram names one and the same user for the anonymous admins of all groups, and another one
    for all channels: what one group chooses would be chosen for all.
    """
    chat = _part(_part(body).get("sender_chat"))
    if "id" not in chat:
        return body
    title = chat.get("title", "")
    return body | {"from": {"id": chat["id"], "is_bot": False, "first_name": title}}
