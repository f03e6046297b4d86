"""Filters and types that the tables of handlers share."""

from typing import Any, TypeAlias

from telegram import Chat, Message, MessageEntity, Update
from telegram.ext import Application, BaseHandler, ContextTypes, filters

from bot.download import shown_picture
from bot.update_context import current

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Handler: TypeAlias = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]
PICTURES = filters.PHOTO | filters.Document.ALL | filters.Sticker.ALL | filters.ANIMATION
READ = "/read"  # the command that reads what its message replies to


class _InAlbum(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return message.media_group_id is not None


class _Addressed(filters.MessageFilter):
    """A message that names the bot, or replies to one of its messages.

    Of the photos of an album, which are one unit of work, one that does so is enough.
    """

    def filter(self, message: Message) -> bool:
        work = current.get()
        together = work.updates if work and message.media_group_id else ()
        members = [one.effective_message for one in together] or [message]
        return any(map(_is_addressed, filter(None, members)))


class _ShowsOther(filters.MessageFilter):
    """A text that asks to read a picture of another message.

    In a group it names the bot; in a private chat a reply to a picture of another chat is enough.
    """

    def filter(self, message: Message) -> bool:
        if not message.text or shown_picture(message) is None:
            return False
        is_private = message.chat.type == Chat.PRIVATE and message.external_reply is not None
        return _names_bot(message) or (is_private and not message.text.startswith("/"))


class _NamedCommand(filters.MessageFilter):
    """A command with the bot's @name: in a group others may be another bot's."""

    def filter(self, message: Message) -> bool:
        command = (message.text or "").split(maxsplit=1)[:1]
        return bool(command) and command[0].lower().endswith(message.get_bot().name.lower())


class _FromGuest(filters.UpdateFilter):
    """What names the bot in a chat of which it is no member (guest mode, Bot API 10.0)."""

    def filter(self, update: Update) -> bool:
        return update.guest_message is not None


def _is_addressed(message: Message) -> bool:
    replied = message.reply_to_message
    sender = replied.from_user if replied else None
    return bool(sender and sender.id == message.get_bot().id) or _names_bot(message)


def _names_bot(message: Message) -> bool:
    """Whether a text or caption has the bot's @name, or /read."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.BOT_COMMAND]
    marks = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    name = message.get_bot().name.lower()  # with the @
    return not {name, READ, READ + name}.isdisjoint(map(str.lower, marks.values()))


FROM_GUEST = _FromGuest()
# Commands that are surely for this bot.
OUR_COMMAND = filters.COMMAND & (filters.ChatType.PRIVATE | _NamedCommand())
# Albums of photos are answered once.
ALBUM = _InAlbum() & filters.UpdateType.MESSAGE
# What the bot is to read: all pictures of private chats, in a group those that are addressed to
# it. In a group in privacy mode, the default, Telegram delivers of these captions with a command
# for this bot, and replies to its messages: https://core.telegram.org/bots/features#privacy-mode
FOR_US = (PICTURES & (filters.ChatType.PRIVATE | _Addressed()) | _ShowsOther()) & ~FROM_GUEST
