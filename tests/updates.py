"""Updates as Telegram sends them, for tests that need no chat."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from telegram import Bot, Chat, Message, MessageEntity, PhotoSize, Update, User


def update(update_id: int, user_id: int = 1, album: str | None = None) -> Update:
    """A message of a user in her private chat."""
    user = User(user_id, "A", is_bot=False)
    chat = Chat(user_id, Chat.PRIVATE)
    message = Message(
        update_id, datetime.now(UTC), chat, from_user=user, text="hi", media_group_id=album
    )
    return Update(update_id, message=message)


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
