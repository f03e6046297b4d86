"""Why?: a picture of what lies behind an answer, from the photo that it replied to."""

from functools import partial
from typing import cast

from telegram import CallbackQuery, MaybeInaccessibleMessage, Message, Update, User
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.answers.taps import NUMBER, own_reading
from bot.answers.text import percent
from bot.download import fetch_photo
from bot.filters import Handler
from bot.pictures.explanation import why_picture
from bot.pictures.occlusion import Explanation, explain
from bot.services import Services
from bot.texts import Say
from model.reader import Reader
from preprocessing import PhotoError


async def explain_answer(
    update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services
) -> None:
    """Send the picture; the photo was never kept, so it is fetched from Telegram once more."""
    query, user = cast(CallbackQuery, update.callback_query), cast(User, update.effective_user)
    row = await own_reading(query, services)
    if row is None:
        return
    say = partial(services.say, user)
    photo = await _photo_of(query.message)
    if photo is None:
        await query.answer(say("photo-gone"), show_alert=True)
        return
    await query.answer()
    explanation, picture = await services.draw(_explained, services.reader, photo, row.model, say)
    await cast(Message, query.message).reply_photo(
        picture, _caption(explanation, say), parse_mode=ParseMode.HTML, do_quote=True
    )


def handlers(services: Services) -> list[Handler]:
    """The button."""
    return [CallbackQueryHandler(partial(explain_answer, services=services), f"^why{NUMBER}$")]


async def _photo_of(answer: MaybeInaccessibleMessage | None) -> bytes | None:
    """Fetch the photo that an answer replies to; None if it, or the answer, is gone."""
    shown = answer.reply_to_message if isinstance(answer, Message) else None
    if shown is None:
        return None
    try:
        return await fetch_photo(shown)
    except (BadRequest, PhotoError):
        return None


def _explained(reader: Reader, photo: bytes, model: str, say: Say) -> tuple[Explanation, bytes]:
    explanation = explain(reader, photo, reader.read(photo, model))
    return explanation, why_picture(explanation, say)


def _caption(explanation: Explanation, say: Say) -> str:
    """The picture in words, for those who don't see it."""
    clean, noisy, digit = explanation.clean, explanation.noisy, explanation.digit
    return say(
        "why-caption",
        digit=str(digit.digit),
        percent=percent(digit.confidence, decimals=1),
        clean=str(clean.digit),
        clean_percent=percent(clean.confidence, decimals=1),
        noisy=str(noisy.digit),
        noisy_percent=percent(noisy.confidence, decimals=1),
    )
