"""/start and /help, and a hint for whatever else a user sends."""

from functools import partial
from typing import cast

from telegram import Message, Update
from telegram.constants import ParseMode
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.handlers import Handler
from bot.services import Services


async def say_start(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Greet and say what to do."""
    await _reply(update, services.say(update.effective_user, "start"))


async def say_help(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Say how to get a good answer, and what an admin can do to an admin."""
    user = update.effective_user
    text = services.say(user, "help")
    if services.is_admin(user):
        text += "\n\n" + services.say(user, "help-admin")
    await _reply(update, text)


async def say_hint(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Tell what to send."""
    await _reply(update, services.say(update.effective_user, "send-photo"))


def handlers(services: Services) -> list[Handler]:
    """The commands."""
    return [
        CommandHandler("start", partial(say_start, services=services)),
        CommandHandler("help", partial(say_help, services=services)),
    ]


def catch_all(services: Services) -> Handler:
    """Whatever no other handler took; its place is last."""
    return MessageHandler(~filters.StatusUpdate.ALL, partial(say_hint, services=services))


async def _reply(update: Update, text: str) -> None:
    message = cast(Message, update.effective_message)
    await message.reply_text(text, parse_mode=ParseMode.HTML)
