"""Exceptions of handlers -> a message to the user and, if unexpected, one to the admins."""

import contextlib
import logging
import time

from sqlalchemy.exc import SQLAlchemyError
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError
from telegram.ext import ContextTypes

from bot.download import PhotoNotReceived
from bot.pictures.examples import good_photo
from bot.services import Services, UnexpectedPhotoError
from bot.store.engine import is_away
from bot.store.outbox import ClaimLost
from bot.store.recovery import is_damage, stop_if_damaged
from bot.update_context import UpdateContext, current
from preprocessing import NoDigitsFound, PhotoError, PhotoTooLarge

log = logging.getLogger(__name__)
REPORT_EVERY = 3600.0  # s between two messages to the admins about one class of exception
# Refusals of Telegram that are no fault of the bot, by parts of their texts in lower case.
# After a second tap on a button, or one under a deleted message: there is nothing left to do.
DONE = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
)
# The user blocked the bot or left, or the admins of a group do not let the bot write there.
SILENCED = (
    "blocked by the user",
    "user is deactivated",
    "was kicked",
    "is not a member",
    "was deleted",
    "can't initiate conversation",
    "chat not found",
    "not enough rights to send",
    "have no rights to send",
    "no write access",
    "need administrator rights",
    "chat_restricted",
    "chat_admin_required",
    "_forbidden",
    "user_banned_in_channel",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
)


async def answer_error(
    update: object, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Send the user a message; log faults of the bot and report them to the admins.

    With a failing store the update is handled again later instead.
    """
    work = current.get() or UpdateContext(0)
    try:
        await _answer(context.error, work, update, context, services)
    except SQLAlchemyError as error:
        _wait_for_store(error, work)


async def _answer(
    error: Exception | None,
    work: UpdateContext,
    update: object,
    context: ContextTypes.DEFAULT_TYPE,
    services: Services,
) -> None:
    if isinstance(error, PhotoError):
        key, values = sentence(error)
        work.outcome = key.removeprefix("error-")
        example = isinstance(error, NoDigitsFound)
        await _reply(update, services, key, example=example, **values)
        if isinstance(error, UnexpectedPhotoError):
            log.error("photo %s could not be handled", work.name, exc_info=error)
            await _report_to_admins(error.__cause__, work, context, services)
    elif is_store_fault(error):
        _wait_for_store(error, work)
    elif _says(error, *DONE, *SILENCED) or isinstance(error, ChatMigrated | ClaimLost):
        if _says(error, *SILENCED):
            work.outcome = "silenced"
            log.warning("answer %s has no place: %s", work.name, error)
        if isinstance(update, Update) and update.callback_query:
            with contextlib.suppress(TelegramError):  # it ends the button's loading sign
                await update.callback_query.answer()
    else:
        # Log before anything else can fail; a traceback names no user.
        log.error("error %s", work.name, exc_info=error)
        work.outcome = "failed"
        work.unreached = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        await _reply(update, services, "error-unknown", id=work.name)
        await _report_to_admins(error, work, context, services)


def _wait_for_store(error: Exception | None, work: UpdateContext) -> None:
    """Mark the update to be handled again, without a message.

    It may have been answered already, and an apology would be a second answer.
    """
    stop_if_damaged(error)
    log.error("the store fails: %s", error)
    work.store_failed = True


async def _report_to_admins(
    error: BaseException | None,
    work: UpdateContext,
    context: ContextTypes.DEFAULT_TYPE,
    services: Services,
) -> None:
    """Report an exception to each admin, at most once per REPORT_EVERY and class of exception."""
    kind, now = type(error).__name__, time.monotonic()
    if now - services.errors_reported.get(kind, -REPORT_EVERY) < REPORT_EVERY:
        return
    services.errors_reported[kind] = now
    for admin in services.settings.admin_ids:
        with contextlib.suppress(TelegramError):  # an admin who never wrote to the bot
            text = services.say(None, "error-for-admin", id=work.name, kind=kind)
            await context.bot.send_message(admin, text)


def is_store_fault(error: Exception | None) -> bool:
    """Whether the database is locked, read-only, full, unreachable or damaged.

    The first four can pass without a restart; a damaged one is moved aside at the next start.
    """
    return is_away(error) or is_damage(error)


def _says(error: Exception | None, *parts: str) -> bool:
    """Whether Telegram refused a call with a text that contains one of `parts`."""
    is_refusal = isinstance(error, BadRequest | Forbidden)
    return is_refusal and any(part in str(error).lower() for part in parts)


def sentence(error: PhotoError) -> tuple[str, dict[str, str]]:
    """Return the key of the message to the sender of a photo, and the values in it."""
    if isinstance(error, NoDigitsFound):
        return "error-no-digits", {"cause": error.cause}
    if isinstance(error, PhotoTooLarge):
        return "error-too-large", {}
    if isinstance(error, PhotoNotReceived):
        return "error-not-received", {}
    return "error-unreadable", {}


async def _reply(
    update: object, services: Services, key: str, *, example: bool = False, **values: str
) -> None:
    if isinstance(update, Update) and (message := update.effective_message):
        text = services.say(update.effective_user, key, **values)
        with contextlib.suppress(TelegramError):  # it may be Telegram that failed
            if example:
                picture = await services.draw(good_photo)
                await message.reply_photo(picture, text, do_quote=True)
            else:
                await message.reply_text(text, do_quote=True)
