"""Taps on buttons: the handler is called if the reading or the choice belongs to the user."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, cast

from telegram import CallbackQuery, Message, Update, User
from telegram.error import BadRequest, Forbidden
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.download import shown_picture
from bot.filters import Handler
from bot.services import Services
from bot.store.tables import ReadingRow
from preprocessing import PhotoTooLarge, UnreadablePhoto

ASKER = r":-?\d{1,18}"  # pattern of the id of a user, or the negative one of a chat
NUMBER = r":\d{1,18}"  # pattern of a number in callback data; it fits the store's 64 bits


@dataclass(frozen=True)
class Tap:
    """A tap on a button under an answer, by the owner of the answer."""

    query: CallbackQuery
    row: ReadingRow  # the reading whose id is first in the callback data
    numbers: tuple[int, ...]  # the numbers after it
    services: Services

    @property
    def user(self) -> User:
        """Who tapped."""
        return self.query.from_user

    @property
    def message(self) -> Message:
        """The message with the button; if it is too old or deleted, only its chat and its id."""
        return cast(Message, self.query.message)

    def say(self, key: str, **values: str | float) -> str:
        """Return a sentence in the user's language."""
        return self.services.say(self.user, key, **values)

    async def should_be(self) -> Mapping[int, int]:
        """Return the corrected labels by position."""
        return await self.services.store.corrections.of_reading(self.row.id)


TapHandle: TypeAlias = Callable[[Tap], Coroutine[None, None, None]]


def on_tap(name: str, handle: TapHandle, services: Services, more: str = "") -> Handler:
    """Return the handler of the buttons "name:R", where R is a reading's id.

    Callback data can be forged, so `handle` is called only if the reading belongs to the user. A
    reading that was asked for in a chat's name, by an anonymous admin, belongs to everybody in
    that chat. Other users get a sentence. A reading whose glyphs were deleted by `Retention`
    cannot be corrected any more and counts as deleted. `more`: the pattern after R.
    """

    async def check(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = cast(CallbackQuery, update.callback_query)
        number, *others = (int(part) for part in cast(str, query.data).split(":")[1:])
        row = await services.store.reading(number)
        if row is not None and not row.has_glyphs:
            row = None
        if row is not None and (row.user_id == query.from_user.id or _is_of_chat(query, row)):
            await handle(Tap(query, row, tuple(others), services))
            return
        key = "answer-gone" if row is None else "not-yours"
        await query.answer(services.say(query.from_user, key), show_alert=True)

    return CallbackQueryHandler(check, f"^{name}{NUMBER}{more}$")


class Choice(NamedTuple):
    """The choice on a button, and the id of the user or chat whose setting it changes."""

    name: str
    asker: int


async def own_choice(query: CallbackQuery, services: Services) -> Choice | None:
    """Return the choice in the callback data ("model:noisy:7") if the user may make it.

    Everybody in a group can tap its buttons: only the user who asked for them may choose, or an
    admin of the chat if they were asked for in its name. Others get a sentence, and None is
    returned.
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
    """Return the message that the tapped one replies to, and the bytes of its photo.

    None if it was deleted. The photo is not stored but downloaded from Telegram again. Raises
    PhotoNotReceived.
    """
    tapped = tapped_message(query)
    asked = tapped.reply_to_message if tapped else None
    if asked is None:
        return None
    try:
        return asked, await services.downloads.fetch(shown_picture(asked) or asked)
    except (BadRequest, UnreadablePhoto, PhotoTooLarge):
        return None


def _is_of_chat(query: CallbackQuery, reading: ReadingRow) -> bool:
    """Whether a reading was asked for in the name of the chat of the tapped message."""
    chat_id = query.message.chat.id if query.message else None
    return reading.user_id < 0 and reading.chat_id == chat_id


async def _is_admin_of(query: CallbackQuery, chat_id: int) -> bool:
    """Whether the user who tapped is an admin of a group.

    An anonymous admin writes in the name of the group, but taps as a user.
    """
    if chat_id > 0:
        return False
    try:
        admins = await query.get_bot().get_chat_administrators(chat_id)
    except (BadRequest, Forbidden):  # the bot is not a member
        return False
    return query.from_user.id in {admin.user.id for admin in admins}
