"""A tapped button -> the reading that it names, for the one who owns it."""

from typing import NamedTuple, cast

from telegram import CallbackQuery, Message
from telegram.error import BadRequest, Forbidden

from bot.download import shown_picture
from bot.services import Services
from bot.store.tables import ReadingRow
from preprocessing import PhotoError

ASKER = r":-?\d{1,18}"  # who asked: the id of a user, or the negative one of a chat
NUMBER = r":\d{1,18}"  # in a button's data; fits into the store's 64 bits


async def own_reading(query: CallbackQuery, services: Services) -> ReadingRow | None:
    """Return the reading that the button's data names second ("why:R"), if it is the user's own.

    One whose glyphs are deleted for their age cannot be corrected any more, and counts as gone.

    What was asked in a chat's name, by an anonymous admin, belongs to everybody there. Otherwise
    say so and return None: what the data says is never trusted.
    """
    reading = await services.store.reading(numbers(query)[0])
    if reading is not None and not reading.has_glyphs:
        reading = None
    if reading is not None and (
        reading.user_id == query.from_user.id or _is_of_chat(query, reading)
    ):
        return reading
    key = "answer-gone" if reading is None else "not-yours"
    await query.answer(services.say(query.from_user, key), show_alert=True)
    return None


class Choice(NamedTuple):
    """What a button chooses, and for whom: a user's id or a chat's."""

    name: str
    asker: int


async def own_choice(query: CallbackQuery, services: Services) -> Choice | None:
    """Return what the button's data ("model:noisy:7") chooses, if the user is who asked for it.

    Otherwise say so and return None: in a group everybody sees the buttons. What was asked in a
    chat's name its admins choose.
    """
    _, name, asker = cast(str, query.data).split(":")
    choice = Choice(name, int(asker))
    if choice.asker == query.from_user.id or await _is_admin_of(query, choice.asker):
        return choice
    await query.answer(services.say(query.from_user, "not-yours"), show_alert=True)
    return None


def tapped_message(query: CallbackQuery) -> Message | None:
    """Return the message of a tapped button; None if it is too old for bots, or deleted.

    PTB makes a Message of that one too: all it has is its chat, its id and the date 0.
    """
    message = query.message
    return message if isinstance(message, Message) and message.is_accessible else None


async def photo_of(query: CallbackQuery, services: Services) -> tuple[Message, bytes] | None:
    """Return the message that the tapped one replies to, and the bytes of its photo; None if gone.

    The photo was never kept, so it is fetched from Telegram again.
    """
    tapped = tapped_message(query)
    asked = tapped.reply_to_message if tapped else None
    if asked is None:
        return None
    try:
        return asked, await services.downloads.fetch(shown_picture(asked) or asked)
    except (BadRequest, PhotoError):
        return None


def _is_of_chat(query: CallbackQuery, reading: ReadingRow) -> bool:
    """Whether a reading was asked for in a chat's name, and in the chat of the tapped message."""
    chat_id = query.message.chat.id if query.message else None
    return reading.user_id < 0 and reading.chat_id == chat_id


async def _is_admin_of(query: CallbackQuery, chat_id: int) -> bool:
    """Whether who tapped is an admin of a group.

    An anonymous admin writes in the name of the group, and taps as the user that she is.
    """
    if chat_id > 0:
        return False
    try:
        admins = await query.get_bot().get_chat_administrators(chat_id)
    except (BadRequest, Forbidden):  # a channel in which the bot is not
        return False
    return query.from_user.id in {admin.user.id for admin in admins}


def numbers(query: CallbackQuery) -> list[int]:
    """Return the numbers in a button's data, in their order."""
    return [int(number) for number in cast(str, query.data).split(":")[1:]]
