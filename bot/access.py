"""Rate limits on users' photos and taps, and access control for admin commands and buttons.

Whether the user may press the button of one answer is checked in `bot.answers.taps`.
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
# Callback data of buttons that only write to the store: they work too where Telegram no longer
# lets the bot edit the message.
STORE_ONLY = re.compile("(right|is|why):")
READS_PHOTO = re.compile("(why|turn|try):")  # callback data of buttons that read the photo again
TAPS_AT_ONCE, TAPS_A_MINUTE = 30, 120  # of one user
HINTS_A_MINUTE = 6  # answers in one chat to texts, which the bot does not read
Handle: TypeAlias = Callable[..., Coroutine[None, None, None]]


async def limit_photos(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Count a photo against its user's limit.

    Raises ApplicationHandlerStop above the limit, so that no later handler gets the photo.
    """
    message, user = cast(Message, update.effective_message), cast(User, update.effective_user)
    if not await is_within_limit(message, user, services):
        raise ApplicationHandlerStop


async def is_within_limit(message: Message, user: User, services: Services) -> bool:
    """Count a photo; above the limit return False and send the user one message about it."""
    if await services.limits.take(user.id):
        return True
    if work := current.get():
        work.outcome = "limited"
    if await services.limits.may_notify(user.id):
        await message.reply_text(_too_many(user, services), ParseMode.HTML, do_quote=True)
    return False


def _too_many(user: User, services: Services) -> str:
    count, seconds = services.settings.photos_per_minute, services.limits.seconds_until_full
    return services.say(user, "error-too-many", count=count, seconds=seconds)


def guard(services: Services) -> Handler:
    """Return the handler that limits photos, to be registered before all others.

    Photos of an album are counted in `bot.handlers.albums`.
    """
    what = (FOR_US | READ) & filters.UpdateType.MESSAGE & ~ALBUM
    return MessageHandler(what, partial(limit_photos, services=services))


async def limit_taps(
    update: Update,
    context: ContextTypes.DEFAULT_TYPE,
    *,
    services: Services,
    taps: Limits,
) -> None:
    """Count a tap against its user's limit; one that reads a photo also counts as a photo.

    Raises ApplicationHandlerStop above a limit, so that no later handler gets the tap.
    """
    query = cast(CallbackQuery, update.callback_query)
    user_id, is_photo = query.from_user.id, READS_PHOTO.match(query.data or "")
    if not taps.take(user_id):
        await query.answer()  # ends the button's loading animation, without a text
        raise ApplicationHandlerStop
    if is_photo and not await services.limits.take(user_id):
        await query.answer(_too_many(query.from_user, services), show_alert=True)
        raise ApplicationHandlerStop
    await refuse_old_tap(update, context, services=services)


class Hinted(filters.MessageFilter):
    """A text in a chat that got a hint less than 60 / HINTS_A_MINUTE s ago: it gets no other."""

    def __init__(self) -> None:
        super().__init__()
        self._hints = Limits(HINTS_A_MINUTE, burst=1)

    def filter(self, message: Message) -> bool:
        """Return False and count a hint if one may be sent, else True."""
        return not self._hints.take(message.chat.id)


async def refuse_old_tap(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Refuse a tap under a message that Telegram no longer lets bots edit or quote.

    Raises ApplicationHandlerStop after a message to the user. Buttons of STORE_ONLY still work.
    """
    query = cast(CallbackQuery, update.callback_query)
    if tapped_message(query) or STORE_ONLY.match(query.data or ""):
        return
    await query.answer(services.say(query.from_user, "button-too-old"), show_alert=True)
    raise ApplicationHandlerStop


def guard_of_taps(services: Services) -> Handler:
    """Return the handler that limits taps, to be registered before those of the buttons."""
    taps = Limits(TAPS_A_MINUTE, burst=TAPS_AT_ONCE)
    return CallbackQueryHandler(partial(limit_taps, services=services, taps=taps))


async def refuse_tap(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Answer a tap with unknown callback data: forged, or from an older version of the bot."""
    query = cast(CallbackQuery, update.callback_query)
    await query.answer(services.say(query.from_user, "answer-gone"), show_alert=True)


def last_of_taps(services: Services) -> Handler:
    """Return the handler of unknown taps, to be registered after those of the buttons."""
    return CallbackQueryHandler(partial(refuse_tap, services=services))


def for_admins(
    services: Services,
    commands: Mapping[str, Handle],
    buttons: Mapping[str, Handle] | None = None,
) -> list[Handler]:
    """Return the handlers of commands and of buttons that only admins may use.

    `commands`: by name; `buttons`: by the regular expression of their callback data. Other users
    get a message that the command is for admins.
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
