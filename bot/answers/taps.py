"""A tapped button -> the reading that it names, for the one who owns it."""

from typing import NamedTuple, cast

from telegram import CallbackQuery, Message
from telegram.error import BadRequest

from bot.download import fetch_photo, shown_picture
from bot.services import Services
from bot.store.tables import ReadingRow
from preprocessing import PhotoError

ASKER = r":-?\d{1,18}"  # who asked: a user's id, or the negative one of a chat
NUMBER = r":\d{1,18}"  # in a button's data; fits into the store's 64 bits


async def own_reading(query: CallbackQuery, services: Services) -> ReadingRow | None:
    """Return the reading that the button's data names second ("why:R"), if it is the user's own.

    Otherwise tell her and return None: what the data says is never trusted.
    """
    reading = await services.store.reading(numbers(query)[0])
    if reading is not None and _is_askers(query, reading.user_id):
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

    Otherwise tell her and return None: in a group everybody sees the buttons.
    """
    _, choice, asker = cast(str, query.data).split(":")
    if _is_askers(query, int(asker)):
        return Choice(choice, int(asker))
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
        return asked, await fetch_photo(shown_picture(asked) or asked, services.drawings)
    except (BadRequest, PhotoError):
        return None


def _is_askers(query: CallbackQuery, asker: int) -> bool:
    """Whether the user asked, or the chat did: what is written in its name belongs to all of it.

    A tap of an anonymous admin comes from her own account, what she writes from the group.
    """
    return asker in (query.from_user.id, query.message.chat.id if query.message else None)


def numbers(query: CallbackQuery) -> list[int]:
    """Return the numbers in a button's data, in their order."""
    return [int(number) for number in cast(str, query.data).split(":")[1:]]
