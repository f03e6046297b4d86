"""/draw: a white canvas for Telegram's own photo editor, and a page to draw on if there is one.

The page comes back in two ways. Opened by the button of a keyboard, Telegram tells it nothing and
takes 4,096 characters from it, which arrive here as a message of their own; opened by a button
under a message, it sends to `bot.web.mini_app` who draws, signed.
https://core.telegram.org/bots/webapps#keyboard-button-mini-apps
"""

import base64
import binascii
from functools import partial
from typing import cast

from telegram import (
    Bot,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
    User,
    WebAppData,
)
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.draw_page import page_for
from bot.errors import sentence
from bot.filters import Handler
from bot.handlers.photos import read_picture, reply
from bot.pictures.examples import blank_canvas
from bot.services import Services
from bot.store.store import Asked
from preprocessing import NoDigitsFound, UnreadablePhoto


async def send_canvas(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Send the canvas, and say what to do with it."""
    message, user = cast(Message, update.effective_message), update.effective_user
    say = partial(services.say, user)
    canvas, text, keyboard = await services.draw(blank_canvas), say("draw"), None
    if page := page_for(user, message.chat, services):
        text = f"{text}\n{say('draw-page')}"
        row = [
            KeyboardButton(say("button-draw"), web_app=page),
            KeyboardButton(say("button-hide")),
        ]
        keyboard = ReplyKeyboardMarkup([row], resize_keyboard=True)
    await message.reply_photo(canvas, text, reply_markup=keyboard)


async def hide_keyboard(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Take the button that opens the page away."""
    message = cast(Message, update.effective_message)
    text = services.say(update.effective_user, "draw-hidden")
    await message.reply_text(text, reply_markup=ReplyKeyboardRemove())


async def take_drawing(
    update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Answer what the page sent; a PNG as Base64, or whatever a forged page says."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    try:
        picture = base64.b64decode(cast(WebAppData, message.web_app_data).data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadablePhoto("no Base64") from error
    await answer_drawing(context.bot, user, picture, services, message)


async def answer_drawing(
    bot: Bot, user: User, picture: bytes, services: Services, asked: Message | None = None
) -> None:
    """Put a drawing into its user's chat and answer it there; `asked`: the message it came by.

    Raises UnreadablePhoto and PhotoTooLarge before anything is sent.
    """
    say = partial(services.say, user)
    try:
        by = Asked(asked.chat_id, asked.message_id, file="") if asked else None
        done = await read_picture(picture, user, services, asked=by)
    except NoDigitsFound as error:
        key, values = sentence(error)
        drawn = await bot.send_photo(user.id, picture)
        await drawn.reply_text(say(key, **values), do_quote=True)
        return
    await reply(await bot.send_photo(user.id, picture), user, done, services)


def handlers(services: Services) -> list[Handler]:
    """The command, what the page sends, and the button beside the one that opens it."""
    hide = [services.texts.say(code, "button-hide") for code in services.texts.languages]
    return [
        CommandHandler("draw", partial(send_canvas, services=services)),
        MessageHandler(
            filters.StatusUpdate.WEB_APP_DATA, partial(take_drawing, services=services)
        ),
        MessageHandler(
            filters.Text(hide) & filters.ChatType.PRIVATE,
            partial(hide_keyboard, services=services),
        ),
    ]
