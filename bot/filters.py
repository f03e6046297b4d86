"""Filters and types shared by handlers."""

from typing import Any, TypeAlias

from telegram import Chat, Message, MessageEntity, Update
from telegram.ext import Application, BaseHandler, ContextTypes, filters

from bot.download import shown_picture
from bot.update_context import current

App: TypeAlias = Application[Any, Any, Any, Any, Any, Any]
Handler: TypeAlias = BaseHandler[Update, ContextTypes.DEFAULT_TYPE, Any]
PICTURES = filters.PHOTO | filters.Document.ALL | filters.Sticker.ALL | filters.ANIMATION
READ = "/read"  # the command that reads the photo it replies to


class _InAlbum(filters.MessageFilter):
    def filter(self, message: Message) -> bool:
        return message.media_group_id is not None


class _Addressed(filters.MessageFilter):
    """A message that mentions the bot, or replies to one of its messages.

    In an album, which is one unit of work, one such photo is enough.
    """

    def filter(self, message: Message) -> bool:
        work = current.get()
        together = work.updates if work and message.media_group_id else ()
        members = [one.effective_message for one in together] or [message]
        return any(map(_is_addressed, filter(None, members)))


class _ShowsOther(filters.MessageFilter):
    """A text that asks to read the picture of another message.

    In a group it must mention the bot; in a private chat any reply to a picture of another chat.
    """

    def filter(self, message: Message) -> bool:
        if not message.text or shown_picture(message) is None:
            return False
        is_private = message.chat.type == Chat.PRIVATE and message.external_reply is not None
        return _names_bot(message) or (is_private and not message.text.startswith("/"))


class _NamedCommand(filters.MessageFilter):
    """A command with the bot's @name: one without may be for another bot of the group."""

    def filter(self, message: Message) -> bool:
        command = (message.text or "").split(maxsplit=1)[:1]
        return bool(command) and command[0].lower().endswith(message.get_bot().name.lower())


class _FromGuest(filters.UpdateFilter):
    """A mention of the bot in a chat of which it is not a member (guest mode, Bot API 10.0)."""

    def filter(self, update: Update) -> bool:
        return update.guest_message is not None


def _is_addressed(message: Message) -> bool:
    replied = message.reply_to_message
    sender = replied.from_user if replied else None
    return bool(sender and sender.id == message.get_bot().id) or _names_bot(message)


def _names_bot(message: Message) -> bool:
    """Whether a text or caption contains the bot's @name or /read."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.BOT_COMMAND]
    marks = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    name = message.get_bot().name.lower()  # with the @
    return not {name, READ, READ + name}.isdisjoint(map(str.lower, marks.values()))


FROM_GUEST = _FromGuest()
# Commands that are certainly for this bot.
OUR_COMMAND = filters.COMMAND & (filters.ChatType.PRIVATE | _NamedCommand())
# Photos of albums, which get one answer together.
ALBUM = _InAlbum() & filters.UpdateType.MESSAGE
# The pictures that the bot reads: in private chats all; in a group those addressed to it. In
# privacy mode, the default, Telegram delivers only those with a command for this bot in the
# caption and replies to its messages: https://core.telegram.org/bots/features#privacy-mode
FOR_US = (PICTURES & (filters.ChatType.PRIVATE | _Addressed()) | _ShowsOther()) & ~FROM_GUEST
