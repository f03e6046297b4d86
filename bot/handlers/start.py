"""/start, /help, and a hint for whatever else a user sends."""

from functools import partial
from typing import cast

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.draw_page import page_for
from bot.filters import Handler
from bot.pictures.examples import good_and_bad_photo
from bot.services import Services

MOST_TYPED = 30  # characters of typed digits that are repeated in the hint


async def say_start(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Greet and say what to do."""
    message, user = cast(Message, update.effective_message), update.effective_user
    button = None
    if page := page_for(user, message.chat, services):
        draw = InlineKeyboardButton(services.say(user, "button-draw"), web_app=page)
        button = InlineKeyboardMarkup([[draw]])
    await message.reply_text(
        services.say(user, "start"), parse_mode=ParseMode.HTML, reply_markup=button
    )


async def say_help(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Show a good and a bad photo, and say how it works; to an admin, what an admin can do."""
    message, user = cast(Message, update.effective_message), update.effective_user
    picture = await services.draw(good_and_bad_photo)
    await message.reply_photo(picture, services.say(user, "help"), parse_mode=ParseMode.HTML)
    if services.is_admin(user):
        await _reply(update, services.say(user, "help-admin"))


async def say_hint(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Greet whoever greets, and tell others what to send."""
    message, user = cast(Message, update.effective_message), update.effective_user
    text = (message.text or "").strip()
    if services.texts.is_greeting(text):
        await say_start(update, _, services=services)
    elif text.isdecimal() and len(text) <= MOST_TYPED:
        await _reply(update, services.say(user, "hint-typed", digits=text))
    else:
        await _reply(update, services.say(user, "send-photo"))


def handlers(services: Services) -> list[Handler]:
    """The commands."""
    return [
        CommandHandler("start", partial(say_start, services=services)),
        CommandHandler("help", partial(say_help, services=services)),
    ]


def catch_all(services: Services) -> Handler:
    """Whatever no other handler took in a private chat; its place is last."""
    return MessageHandler(filters.ChatType.PRIVATE, partial(say_hint, services=services))


async def _reply(update: Update, text: str) -> None:
    message = cast(Message, update.effective_message)
    await message.reply_text(text, parse_mode=ParseMode.HTML)
