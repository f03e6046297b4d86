"""Groups: only a photo whose caption mentions the bot is read, or one that /read replies to."""

from functools import partial
from typing import cast

from telegram import Message, Update, User
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.download import still_picture
from bot.filters import FOR_US, Handler
from bot.handlers.photos import read, read_photo, reply
from bot.services import Services


async def read_replied(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Read the photo that a /read replies to, for the one who asked."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    shown = message.reply_to_message
    if shown is None or still_picture(shown) is None:
        await message.reply_text(services.say(user, "read-usage"))
        return
    await reply(shown, user, await read(shown, user, services, asked=message), services)


async def ignore(_: Update, __: ContextTypes.DEFAULT_TYPE) -> None:
    """Say nothing."""


def handlers(services: Services) -> list[Handler]:
    """/read, anywhere, and in groups the mentions; no other handler takes a group's pictures."""
    mentions = FOR_US & filters.ChatType.GROUPS
    return [
        CommandHandler("read", partial(read_replied, services=services)),
        MessageHandler(mentions, partial(read_photo, services=services)),
    ]


def not_for_us() -> Handler:
    """Edited messages, channel posts and service messages but drawings; its place is first."""
    service = filters.StatusUpdate.ALL & ~filters.StatusUpdate.WEB_APP_DATA
    return MessageHandler(~filters.UpdateType.MESSAGE | service, ignore)
