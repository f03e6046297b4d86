"""Groups: a /read without a picture, and guest mode; `bot.filters` says what else is read."""

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
    """Say how /read is used, to who sent it without a picture."""
    message = cast(Message, update.effective_message)
    name = message.get_bot().name
    await message.reply_text(services.say(update.effective_user, "read-usage", bot=name))


async def answer_guest(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Answer who names the bot in a chat of which it is no member.

    Telegram takes one answer to each query, in the form of an inline result: a text, for a picture
    would have to lie at a public address. Taps below it come without a message, so its one button
    copies the digits. https://core.telegram.org/bots/api#answerguestquery
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
    """Say nothing."""


def handlers(services: Services) -> list[Handler]:
    """A /read that asks for no picture; its place is behind `photos`."""
    return [CommandHandler("read", partial(say_usage, services=services))]


def guests(services: Services) -> Handler:
    """Guest mode; its place is before `not_for_us`."""
    return MessageHandler(FROM_GUEST, partial(answer_guest, services=services))


def not_for_us() -> Handler:
    """Edited messages, channel posts and service messages; its place is first."""
    return MessageHandler(~filters.UpdateType.MESSAGE | filters.StatusUpdate.ALL, ignore)
