"""Groups: `bot.filters` says what is read; here, what is said of a /read without a picture."""

from functools import partial
from typing import cast

from telegram import Message, Update
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.filters import Handler
from bot.services import Services


async def say_usage(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Say how /read is used, to who sent it without a picture."""
    message = cast(Message, update.effective_message)
    name = message.get_bot().name
    await message.reply_text(services.say(update.effective_user, "read-usage", bot=name))


async def ignore(_: Update, __: ContextTypes.DEFAULT_TYPE) -> None:
    """Say nothing."""


def handlers(services: Services) -> list[Handler]:
    """A /read that asks for no picture; its place is behind `photos`."""
    return [CommandHandler("read", partial(say_usage, services=services))]


def not_for_us() -> Handler:
    """Edited messages, channel posts and service messages but drawings; its place is first."""
    service = filters.StatusUpdate.ALL & ~filters.StatusUpdate.WEB_APP_DATA
    return MessageHandler(~filters.UpdateType.MESSAGE | service, ignore)
