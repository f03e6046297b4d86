"""Updates from Telegram -> the store, each exactly once.

An update is written to the store as JSON before its receipt is confirmed to Telegram. A batch is
one transaction: with one per update at most 25 a second could be received.
`bot.delivery.update_processor` claims updates from the store.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, Chat, Update
from telegram.error import NetworkError

from bot.store.inbox import Arrival
from bot.store.recovery import stop_if_damaged
from bot.store.store import Store

log = logging.getLogger(__name__)
Json = dict[str, Any]


class Inbox(asyncio.Queue[object]):
    """Stores updates and then calls `on_arrival`.

    It replaces PTB's update queue, through which only PTB's stop signal still goes.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self.on_arrival: Callable[[], None] = lambda: None

    async def receive(self, updates: Sequence[Json]) -> None:
        """Store updates, each the JSON object of the Bot API.

        Raises NetworkError if they cannot be stored: Telegram then delivers them again.
        """
        try:
            await self._store.updates.keep([arrival(raw) for raw in updates])
        except SQLAlchemyError as error:
            stop_if_damaged(error)
            raise NetworkError("the store cannot be written") from error
        self.on_arrival()

    async def put(self, item: object) -> None:
        """Drop the updates that PTB's Updater queues: `receive` has stored them."""
        if not isinstance(item, Update):
            await super().put(item)


def arrival(raw: Json) -> Arrival:
    """Return the row of an update: `turn` is its user's id, else its chat's; see `UpdateRow`."""
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
    """Parse one update; if PTB raises an error, return an update without content.

    No handler matches that one, so it is finished at once. Its content is private and not logged.
    """
    try:
        return Update.de_json({kind: _in_its_name(body) for kind, body in raw.items()}, bot)
    except Exception as error:  # of any class, as Telegram may add anything
        kinds = ", ".join(raw.keys() - {"update_id"})
        log.error("update %s (%s) is skipped: %s", raw["update_id"], kinds, type(error).__name__)
        return Update(raw["update_id"])


def _part(value: object) -> Json:
    """Return a JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def _in_its_name(body: Any) -> Any:
    """Make `sender_chat` the sender of a message in the name of a group or channel.

    Telegram gives such messages of all groups the same user as sender, and those of all channels
    another: a setting that one of them chose would hold for all.
    """
    chat = _part(_part(body).get("sender_chat"))
    if "id" not in chat:
        return body
    title = chat.get("title", "")
    return body | {"from": {"id": chat["id"], "is_bot": False, "first_name": title}}
