"""/draw: a white canvas for Telegram's photo editor and, with a webhook, a page to draw on.

The page is opened by an inline button and not by one of a keyboard: only then does Telegram sign
the user's identity for it (https://core.telegram.org/bots/webapps#webappinitdata). Its drawings
are received by `bot.web.mini_app`.
"""

from functools import partial
from typing import cast

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update, User
from telegram.ext import CommandHandler, ContextTypes

from bot.draw_page import page_for
from bot.errors import sentence
from bot.filters import Handler
from bot.handlers.photos import read_picture, reply
from bot.pictures.examples import blank_canvas
from bot.services import Services
from preprocessing import NoDigitsFound


async def send_canvas(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Send the canvas with an instruction."""
    message, user = cast(Message, update.effective_message), update.effective_user
    say = partial(services.say, user)
    canvas, text, buttons = await services.draw(blank_canvas), say("draw"), None
    if page := page_for(user, message.chat, services):
        text = f"{text}\n{say('draw-page')}"
        button = InlineKeyboardButton(say("button-draw"), web_app=page)
        buttons = InlineKeyboardMarkup([[button]])
    await message.reply_photo(canvas, text, reply_markup=buttons)


async def answer_drawing(bot: Bot, user: User, picture: bytes, services: Services) -> None:
    """Send a drawing to the user's chat, and the answer as a reply to it.

    Raises UnreadablePhoto or PhotoTooLarge before anything is sent.
    """
    say = partial(services.say, user)
    try:
        done = await read_picture(picture, user, services)
    except NoDigitsFound as error:
        key, values = sentence(error)
        drawn = await bot.send_photo(user.id, picture)
        await drawn.reply_text(say(key, **values), do_quote=True)
        return
    await reply(await bot.send_photo(user.id, picture), user, done, services)


def handlers(services: Services) -> list[Handler]:
    """The command."""
    return [CommandHandler("draw", partial(send_canvas, services=services))]
