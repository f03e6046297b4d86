"""A photo or a picture file -> what it says and how sure the bot is, as a reply to it."""

from dataclasses import dataclass
from functools import partial
from typing import cast

from telegram import InlineKeyboardMarkup, Message, Update, User
from telegram.constants import ParseMode
from telegram.ext import ContextTypes, MessageHandler, filters

from bot.answers.buttons import answer_buttons
from bot.answers.text import answer
from bot.download import fetch_photo
from bot.filters import PICTURES, Handler
from bot.pictures.annotated import marked_photo
from bot.services import Services
from model.reader import Reading


@dataclass(frozen=True)
class Read:
    """A photo that was read, still in memory, and what the store knows it by."""

    photo: bytes
    reading: Reading
    reading_id: int
    chosen: bool  # the user picked the network herself


async def read_photo(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer one photo with its own digits; PhotoErrors are answered in `bot.errors`."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    await reply(message, user, await read(message, user, services), services)


async def read(message: Message, user: User, services: Services) -> Read:
    """Fetch what a message shows, and read it."""
    return await read_picture(await fetch_photo(message), user, services)


async def read_picture(photo: bytes, user: User, services: Services) -> Read:
    """Read a photo for this user and keep what was read; raises PhotoError."""
    chosen = services.store.user(user.id).model
    reading = await services.read(photo, chosen or services.settings.default_model)
    reading_id = await services.store.add_reading(user.id, reading)
    return Read(photo, reading, reading_id, chosen not in (None, "auto"))


async def reply(message: Message, user: User, done: Read, services: Services) -> None:
    """Answer in words; where there are several digits, under the photo with their boxes."""
    say = partial(services.say, user)
    text = answer(say, done.reading, chosen=done.chosen)
    buttons = answer_buttons(say, done.reading_id, done.reading)
    several = len(done.reading.digits) > 1
    picture = await services.draw(marked_photo, done.photo, done.reading) if several else None
    await send_answer(message, text, buttons, picture)


async def send_answer(
    message: Message, text: str, buttons: InlineKeyboardMarkup | None, picture: bytes | None
) -> None:
    """Answer a photo's message by a text in Telegram's HTML, under a picture if there is one."""
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


def handlers(services: Services) -> list[Handler]:
    """Pictures of any type in a private chat: what a file is its bytes tell, not its name."""
    what = PICTURES & filters.ChatType.PRIVATE
    return [MessageHandler(what, partial(read_photo, services=services))]
