"""Errors -> sentences: known ones their own, unknown ones an apology, and a word to the admins."""

import contextlib
import logging
import secrets

from telegram import Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot.examples import good_photo
from bot.services import Services
from preprocessing import NoDigitsFound, PhotoError, PhotoTooLarge

log = logging.getLogger(__name__)

# A button tapped twice, a tap that waited too long: the user already has what she asked for.
HARMLESS = ("message is not modified", "query is too old")


async def answer_error(
    update: object, context: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Tell the user what to do about an error, and the log and the admins what is ours."""
    if isinstance(context.error, PhotoError):
        key, values = sentence(context.error)
        example = isinstance(context.error, NoDigitsFound)
        await _reply(update, services, key, example=example, **values)
        return
    if _is_harmless(context.error):
        return
    error_id = secrets.token_hex(4)
    # Log before anything else can fail; a traceback names no person.
    log.error("error %s", error_id, exc_info=context.error)
    await _reply(update, services, "error-unknown", id=error_id)
    kind = type(context.error).__name__
    for admin in services.settings.admin_ids:
        with contextlib.suppress(TelegramError):  # an admin who never wrote to the bot
            text = services.say(None, "error-for-admin", id=error_id, kind=kind)
            await context.bot.send_message(admin, text)


def _is_harmless(error: Exception | None) -> bool:
    if isinstance(error, BadRequest):
        return error.message.lower().startswith(HARMLESS)
    return isinstance(error, Forbidden)  # the user blocked the bot


def sentence(error: PhotoError) -> tuple[str, dict[str, str]]:
    """Return the key of what to tell the sender of a photo, and its values."""
    if isinstance(error, NoDigitsFound):
        return "error-no-digits", {"cause": error.cause}
    if isinstance(error, PhotoTooLarge):
        return "error-too-large", {}
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
