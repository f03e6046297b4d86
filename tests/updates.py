"""Updates as Telegram sends them, for tests that need no chat."""

from datetime import UTC, datetime

from telegram import Chat, Message, Update, User


def update(update_id: int, user_id: int = 1, album: str | None = None) -> Update:
    """A message of a user in her private chat."""
    user = User(user_id, "A", is_bot=False)
    chat = Chat(user_id, Chat.PRIVATE)
    message = Message(
        update_id, datetime.now(UTC), chat, from_user=user, text="hi", media_group_id=album
    )
    return Update(update_id, message=message)
