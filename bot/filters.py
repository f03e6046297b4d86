"""Filters and types that the tables of handlers share."""

from typing import Any, TypeAlias

from telegram import Message, MessageEntity, Update
from telegram.ext import Application, BaseHandler, ContextTypes, filters

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Handler: TypeAlias = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]
PICTURES = filters.PHOTO | filters.Document.ALL | filters.Sticker.ALL | filters.ANIMATION


class Mentioned(filters.MessageFilter):
    """A caption with the bot's name: alone, or behind a command."""

    def filter(self, message: Message) -> bool:
        kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.BOT_COMMAND]
        name = message.get_bot().name.lower()  # with the @
        marks = message.parse_caption_entities(kinds).values()
        return any(f"@{mark.lower().rpartition('@')[2]}" == name for mark in marks)


class _InAlbum(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return message.media_group_id is not None


# Albums are answered once in private chats; in groups each of their messages is by itself.
ALBUM = _InAlbum() & filters.ChatType.PRIVATE
# Pictures that the bot is to read: all in private chats, in a group those that mention it.
FOR_US = PICTURES & (filters.ChatType.PRIVATE | Mentioned())
