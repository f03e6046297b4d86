"""Who gets through: so many photos of one user a minute, and no tap on a button that is not ours.

The buttons themselves check at every tap whose they are: `bot.answers.taps`, `for_admins`.
"""

import re
from collections.abc import Callable, Coroutine, Mapping
from functools import partial, wraps
from typing import TypeAlias, cast

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ParseMode
from telegram.ext import (
    ApplicationHandlerStop,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.answers.taps import tapped_message
from bot.filters import ALBUM, FOR_US, Handler
from bot.rate_limit import Limits
from bot.services import Services
from bot.update_context import current

# The command that reads the photo it replies to.
READ = filters.Regex(re.compile(r"^/read\b", re.IGNORECASE))
# Taps that need no message: what they say is kept, though the answer can't be changed any more.
KEPT_ANYWAY = re.compile("(right|is|why):")
READS = re.compile("(why|turn|try):")  # taps for which a photo is read
TAPS_AT_ONCE, TAPS_A_MINUTE = 30, 120
HINTS_A_MINUTE = 6  # to one user's texts
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
    if await services.limits.take(user.id):
        return True
    if work := current.get():
        work.outcome = "limited"
    if await services.limits.must_tell(user.id):
        await message.reply_text(_too_many(user, services), ParseMode.HTML, do_quote=True)
    return False


def _too_many(user: User, services: Services) -> str:
    count, seconds = services.settings.photos_per_minute, services.limits.seconds_until_full
    return services.say(user, "error-too-many", count=count, seconds=seconds)


def guard(services: Services) -> Handler:
    """What goes before all other handlers; the photos of an album are counted by its own."""
    what = (FOR_US | READ) & filters.UpdateType.MESSAGE & ~ALBUM
    return MessageHandler(what, partial(limit_photos, services=services))


async def limit_taps(
    update: Update,
    context: ContextTypes.DEFAULT_TYPE,
    *,
    services: Services,
    taps: Limits,
) -> None:
    """Let a tap through to the buttons, or stop it here; one that reads a photo counts as one."""
    query = cast(CallbackQuery, update.callback_query)
    user_id, is_photo = query.from_user.id, READS.match(query.data or "")
    if not taps.take(user_id):
        await query.answer()  # only ends the button's turning
        raise ApplicationHandlerStop
    if is_photo and not await services.limits.take(user_id):
        await query.answer(_too_many(query.from_user, services), show_alert=True)
        raise ApplicationHandlerStop
    await refuse_old_tap(update, context, services=services)


class Hinted(filters.MessageFilter):
    """A text of a user who got a hint a moment ago and needs no other one."""

    def __init__(self) -> None:
        super().__init__()
        self._hints = Limits(HINTS_A_MINUTE, burst=1)

    def filter(self, message: Message) -> bool:
        """Count a hint, if there is to be one."""
        return not self._hints.take(message.chat.id)


async def refuse_old_tap(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Stop a tap under a message that Telegram no longer lets bots change or quote."""
    query = cast(CallbackQuery, update.callback_query)
    if tapped_message(query) or KEPT_ANYWAY.match(query.data or ""):
        return
    await query.answer(services.say(query.from_user, "button-too-old"), show_alert=True)
    raise ApplicationHandlerStop


def guard_of_taps(services: Services) -> Handler:
    """What goes before all buttons."""
    taps = Limits(TAPS_A_MINUTE, burst=TAPS_AT_ONCE)
    return CallbackQueryHandler(partial(limit_taps, services=services, taps=taps))


async def refuse_tap(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer a tap that no button of the bot makes: a forged one, or one of a former bot."""
    query = cast(CallbackQuery, update.callback_query)
    await query.answer(services.say(query.from_user, "answer-gone"), show_alert=True)


def last_of_taps(services: Services) -> Handler:
    """What goes after all other buttons."""
    return CallbackQueryHandler(partial(refuse_tap, services=services))


def for_admins(
    services: Services,
    commands: Mapping[str, Handle],
    buttons: Mapping[str, Handle] | None = None,
) -> list[Handler]:
    """Return the handlers of commands, and of buttons by the pattern of their data.

    They are called for admins; anybody else is refused in a sentence.
    """
    taps = {f"^({pattern})$": handle for pattern, handle in (buttons or {}).items()}
    return [
        *(CommandHandler(name, _for_admins(commands[name], services)) for name in commands),
        *(CallbackQueryHandler(_for_admins(taps[data], services), data) for data in taps),
    ]


def _for_admins(handle: Handle, services: Services) -> Handle:
    """Return a handler that calls `handle` for admins and refuses anybody else."""

    @wraps(handle)
    async def guarded(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        user, query = update.effective_user, update.callback_query
        if services.is_admin(user):
            await handle(update, context, services=services)
        elif query:
            await query.answer(services.say(user, "only-admins"), show_alert=True)
        elif update.effective_message:
            await update.effective_message.reply_text(services.say(user, "only-admins"))

    return guarded
