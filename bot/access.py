"""Who gets through: so many photos of one user a minute, and no tap on a button that is not ours.

The buttons themselves check in `bot.answers.taps` and `bot.admins` whose they are, at every tap.
"""

import re
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import TypeAlias, cast

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ParseMode
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.filters import ALBUM, FOR_US, Handler
from bot.services import Services
from bot.update_context import current

# The command that reads what it replies to; commands are told in any case.
READ = filters.Regex(re.compile(r"^/read\b", re.IGNORECASE))
# Taps that need no message: what they say is kept, though the answer can't be changed any more.
KEPT_ANYWAY = "right|is|why"
Handle: TypeAlias = Callable[..., Coroutine[None, None, None]]


async def limit_photos(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Let a photo through to the handlers, or stop it here."""
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    if not await is_within_limit(message, user, services):
        raise ApplicationHandlerStop


async def is_within_limit(message: Message, user: User, services: Services) -> bool:
    """Count a photo; if it is one too many, say so once."""
    if services.limits.take(user.id):
        return True
    if work := current.get():
        work.outcome = "limited"
    if services.limits.must_tell(user.id):
        count, seconds = services.settings.photos_per_minute, services.limits.seconds_until_full
        text = services.say(user, "error-too-many", count=count, seconds=seconds)
        await message.reply_text(text, ParseMode.HTML, do_quote=True)
    return False


def guard(services: Services) -> Handler:
    """What goes before all other handlers; the photos of an album are counted by its own."""
    drawn = filters.StatusUpdate.WEB_APP_DATA
    what = (FOR_US | READ | drawn) & filters.UpdateType.MESSAGE & ~ALBUM
    return MessageHandler(what, partial(limit_photos, services=services))


async def refuse_old_tap(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Stop a tap under a message that Telegram no longer lets bots change or quote."""
    query = cast(CallbackQuery, update.callback_query)
    if isinstance(query.message, Message):
        return
    await query.answer(services.say(query.from_user, "button-too-old"), show_alert=True)
    raise ApplicationHandlerStop


def guard_of_taps(services: Services) -> Handler:
    """What goes before all buttons."""
    pattern = f"^(?!({KEPT_ANYWAY}):)"
    return CallbackQueryHandler(partial(refuse_old_tap, services=services), pattern)


async def refuse_tap(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer a tap that no button of the bot makes: a forged one, or one of a former bot."""
    query = cast(CallbackQuery, update.callback_query)
    await query.answer(services.say(query.from_user, "answer-gone"), show_alert=True)


def last_of_taps(services: Services) -> Handler:
    """What goes after all other buttons."""
    return CallbackQueryHandler(partial(refuse_tap, services=services))


def admins_only(handle: Handle) -> Handle:
    """Call a handler for admins; tell anybody else that it is not theirs."""

    @wraps(handle)
    async def guarded(
        update: Update, context: ContextTypes.DEFAULT_TYPE, *, services: Services
    ) -> None:
        user, query = update.effective_user, update.callback_query
        if services.is_admin(user):
            await handle(update, context, services=services)
        elif query:
            await query.answer(services.say(user, "only-admins"), show_alert=True)
        elif update.effective_message:
            await update.effective_message.reply_text(services.say(user, "only-admins"))

    return guarded
