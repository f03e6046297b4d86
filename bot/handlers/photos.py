"""Photos and picture files, answered by a reply with the digits and their confidence."""

from dataclasses import dataclass
from functools import partial
from typing import cast

from telegram import InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ParseMode
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.access import is_within_limit
from bot.answers.buttons import RIGHT, answer_buttons, places_asked
from bot.answers.state import is_refused, looks_turned
from bot.answers.taps import NUMBER, Tap, on_tap, photo_of
from bot.answers.text import answer, read_by
from bot.download import shown_picture, still_picture
from bot.filters import FOR_US, Handler
from bot.pictures.annotated import marked_photo, marks_of
from bot.services import Services
from bot.store.store import PhotoMessage
from bot.store.tables import ReadingRow
from model.reader import Reading
from preprocessing import NoDigitsFound


@dataclass(frozen=True)
class Read:
    """A photo in memory, its reading, and the row of the reading in the store."""

    photo: bytes
    reading: Reading
    row: ReadingRow


async def read_photo(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer one photo; PhotoErrors are answered in `bot.errors`."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    shown, done = shown_picture(message), await read(message, user, services)
    await reply(shown if isinstance(shown, Message) else message, user, done, services)


async def read_exchanged(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Read a photo with which its user replaced another one by editing the message.

    Edits of the caption arrive as the same kind of update, but their file has been read before.
    If neither photo has digits, the answer to the first one is left as it is.
    """
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    asked = asked_by(message)
    if asked is None:
        return
    files = await services.store.files_read(asked)
    if asked.file in files or None in files or not await is_within_limit(message, user, services):
        return
    try:
        await read_photo(update, context, services=services)
    except NoDigitsFound:
        if files:
            raise


async def read(message: Message, user: User, services: Services) -> Read:
    """Download the photo that a message asks to read, and read it; raises PhotoError."""
    async with services.downloads.photo(shown_picture(message) or message) as photo:
        return await read_picture(photo, user, services, asked=asked_by(message))


def asked_by(message: Message) -> PhotoMessage | None:
    """Return the photo that a message asks to read; None if it asks for none."""
    shown = shown_picture(message)
    file = still_picture(shown) if shown else None
    return PhotoMessage(message.chat_id, message.message_id, file.file_unique_id) if file else None


async def read_picture(
    photo: bytes,
    user: User,
    services: Services,
    turns: int | None = None,
    *,
    asked: PhotoMessage | None = None,
) -> Read:
    """Read a photo with the user's network and store the reading; raises PhotoError.

    `turns`: quarter turns anticlockwise before it is read; None: the reader finds them. `asked`:
    the message of the photo; a second reading of it replaces the first in the store.
    """
    model = services.store.user(user.id).model or services.settings.default_model
    reading = await services.read(photo, model, turns)
    return Read(photo, reading, await services.store.add_reading(user.id, reading, asked))


async def reply(message: Message, user: User, done: Read, services: Services) -> None:
    """Answer with a text; if there are several digits, below the photo with their boxes."""
    say = partial(services.say, user)
    text = answer(say, done.row, {}, network_line(user, done.row, services))
    buttons, picture = answer_buttons(say, done.row, {}), None
    if is_marked(done.row):
        marks = marks_of(done.reading, done.row, {}, places_asked(done.row, {}))
        picture = await services.draw_on(marked_photo, done.photo, done.reading.page, marks)
    await send_answer(message, text, buttons, picture)


def is_marked(row: ReadingRow) -> bool:
    """Return whether the answer shows the photo with its digits marked."""
    return len(row.digits) > 1 and not is_refused(row, {}) and not looks_turned(row, {})


def network_line(user: User, row: ReadingRow, services: Services) -> str:
    """Return the line that names the network, for a user who chose one, else ""."""
    if services.store.user(user.id).model in (None, "auto"):
        return ""
    return read_by(partial(services.say, user), row, version=services.is_admin(user))


async def send_answer(
    message: Message, text: str, buttons: InlineKeyboardMarkup | None, picture: bytes | None
) -> None:
    """Reply to a photo's message with a text (Telegram's HTML), or a picture with that caption."""
    if picture is None:
        await message.reply_text(
            text,
            ParseMode.HTML,
            reply_markup=buttons,
            do_quote=True,
            allow_sending_without_reply=True,
        )
    else:
        await message.reply_photo(
            picture,
            text,
            parse_mode=ParseMode.HTML,
            reply_markup=buttons,
            do_quote=True,
            allow_sending_without_reply=True,
        )


async def turn(tap: Tap) -> None:
    """Read a photo again, turned as the user chose, and delete the question."""
    (turns,) = tap.numbers
    found = await photo_of(tap.query, tap.services)
    if found is None or turns > RIGHT:
        await tap.query.answer(tap.say("photo-gone"), show_alert=True)
        return
    await tap.query.answer()
    shown, photo = found
    done = await read_picture(photo, tap.user, tap.services, turns)
    await reply(shown, tap.user, done, tap.services)
    await tap.message.delete()


def exchanged(services: Services) -> Handler:
    """Return the handler of edited messages with a picture, to come before that of other edits."""
    what = FOR_US & filters.UpdateType.EDITED_MESSAGE
    return MessageHandler(what, partial(read_exchanged, services=services))


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of pictures for the bot, of any file type, and of "turn" buttons."""
    return [
        MessageHandler(FOR_US, partial(read_photo, services=services)),
        on_tap("turn", turn, services, NUMBER),
    ]
