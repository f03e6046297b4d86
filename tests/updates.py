"""Updates as Telegram sends them, for tests that need no chat."""

import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from telegram import Bot, Chat, Message, MessageEntity, PhotoSize, Update, User


def raw_update(update_id: int, user_id: int = 1, **content: Any) -> dict[str, Any]:
    """A message of a user in her private chat, as JSON; "hi" unless the content says otherwise."""
    about = {"id": user_id, "first_name": "A"}
    message = {
        "message_id": update_id,
        "date": int(time.time()),
        "from": about | {"is_bot": False},
    }
    message |= {"chat": about | {"type": "private"}} | (content or {"text": "hi"})
    return {"update_id": update_id, "message": message}


def update(update_id: int, user_id: int = 1, album: str | None = None) -> Update:
    """The same, parsed."""
    group = {"media_group_id": album} if album else {}
    return Update.de_json(raw_update(update_id, user_id, text="hi", **group))


def photo(caption: str, kind: str = Chat.PRIVATE) -> Update:
    """A photo for @digits_bot, its caption one mention or command."""
    what = MessageEntity.BOT_COMMAND if caption.startswith("/") else MessageEntity.MENTION
    message = Message(
        1,
        datetime.now(UTC),
        Chat(1, kind),
        from_user=User(1, "A", is_bot=False),
        photo=[PhotoSize("a", "a", 90, 90)],
        caption=caption,
        caption_entities=[MessageEntity(what, 0, len(caption))] if caption else (),
    )
    message.set_bot(cast(Bot, SimpleNamespace(name="@digits_bot")))
    return Update(1, message=message)
