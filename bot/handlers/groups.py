"""In groups: /read without a picture, and guest mode; `bot.filters` selects what is read."""

import logging
from functools import partial
from typing import cast

from telegram import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.answers.buttons import copy_button
from bot.answers.text import answer
from bot.errors import sentence
from bot.filters import FROM_GUEST, Handler
from bot.handlers.photos import asked_by, network_line, read
from bot.services import Services
from preprocessing import PhotoError

log = logging.getLogger(__name__)


async def say_usage(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Explain /read to a user who sent it without a picture."""
    message = cast(Message, update.effective_message)
    name = message.get_bot().name
    await message.reply_text(services.say(update.effective_user, "read-usage", bot=name))


async def answer_guest(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Answer a mention of the bot in a chat of which it is not a member.

    Telegram accepts one answer to each query, as an inline result. It is a text: a picture would
    need a public address. Taps on its buttons come without a message, so its only button copies
    the digits, which needs no handler. https://core.telegram.org/bots/api#answerguestquery
    """
    message, user = cast(Message, update.guest_message), cast(User, update.effective_user)
    if not await services.limits.take(user.id):
        return
    say, button = partial(services.say, user), None
    if asked_by(message) is None:
        text = say("guest-usage", bot=message.get_bot().name)
    else:
        try:
            row = (await read(message, user, services)).row
            text = answer(say, row, {}, network_line(user, row, services))
            button = copy_button(say, row, {})
        except PhotoError as error:
            key, values = sentence(error)
            text = say(key, **values)
    result = InlineQueryResultArticle(
        "1",
        title=message.get_bot().name,
        input_message_content=InputTextMessageContent(text, ParseMode.HTML),
        reply_markup=InlineKeyboardMarkup([[button]]) if button else None,
    )
    try:
        await message.answer_guest_query(result)
    except BadRequest as error:
        log.warning("a guest's query was not answered: %s", error)


async def ignore(_: Update, __: ContextTypes.DEFAULT_TYPE) -> None:
    """Do nothing."""


def handlers(services: Services) -> list[Handler]:
    """Return the handler of /read without a picture, to be registered after `photos`."""
    return [CommandHandler("read", partial(say_usage, services=services))]


def guests(services: Services) -> Handler:
    """Return the handler of guest mode, to be registered before `not_for_us`."""
    return MessageHandler(FROM_GUEST, partial(answer_guest, services=services))


def not_for_us() -> Handler:
    """Return the handler that drops edits, channel posts and service messages, to come first."""
    return MessageHandler(~filters.UpdateType.MESSAGE | filters.StatusUpdate.ALL, ignore)
