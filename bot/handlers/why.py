"""The button Why?: a picture that explains one digit of an answer, and buttons for the others."""

from telegram import InlineKeyboardMarkup, InputMediaPhoto
from telegram.constants import ParseMode

from bot.answers.buttons import digit_buttons
from bot.answers.state import place_of
from bot.answers.taps import NUMBER, Tap, on_tap, photo_of
from bot.answers.text import least_sure, percent
from bot.filters import Handler
from bot.pictures.explanation import why_picture
from bot.pictures.occlusion import Explanation, explain
from bot.services import Services
from bot.store.tables import ReadingRow
from bot.texts import Say
from model.reader import Reader


async def explain_answer(tap: Tap) -> None:
    """Explain the least sure digit in a reply to the photo, or the tapped one by an edit of it."""
    services, row = tap.services, tap.row
    found = await photo_of(tap.query, services)
    if found is None:
        await tap.query.answer(tap.say("photo-gone"), show_alert=True)
        return
    shown, photo = found
    position = tap.numbers[0] if tap.numbers else least_sure(row, {}) or 0
    explained = await services.draw_on(_explained, photo, services.reader, row, position, tap.say)
    if explained is None:
        await tap.query.answer(tap.say("why-changed"), show_alert=True)
        return
    await tap.query.answer()
    explanation, picture = explained
    text, keys = _caption(explanation, row, position, tap.say), _digit_keys(row)
    if tap.numbers:
        media = InputMediaPhoto(picture, text, parse_mode=ParseMode.HTML)
        await tap.query.edit_message_media(media, keys)
    else:
        # A reply to the photo and not to the answer: taps below it look for the photo there.
        await shown.reply_photo(
            picture,
            text,
            parse_mode=ParseMode.HTML,
            reply_markup=keys,
            do_quote=True,
            allow_sending_without_reply=True,
        )


def handlers(services: Services) -> list[Handler]:
    """Return the handler of Why? and of the buttons of single digits."""
    return [on_tap("why", explain_answer, services, f"({NUMBER})?")]


def _explained(
    photo: bytes, reader: Reader, row: ReadingRow, position: int, say: Say
) -> tuple[Explanation, bytes] | None:
    """Read the photo again and explain a digit; None if another version finds other digits."""
    reading = reader.read(photo, row.model, row.turns)
    if len(reading.digits) != len(row.digits) or position >= len(row.digits):
        return None
    explanation = explain(reader, photo, reading, position)
    return explanation, why_picture(explanation, say)


def _digit_keys(row: ReadingRow) -> InlineKeyboardMarkup | None:
    return digit_buttons(row, "why") if len(row.digits) > 1 else None


def _caption(explanation: Explanation, row: ReadingRow, position: int, say: Say) -> str:
    """Return the caption: the content of the picture in words, and the version that read."""
    clean, noisy, digit = explanation.clean, explanation.noisy, explanation.digit
    line, nth = place_of(row.text, position)
    several = len(row.digits) > 1
    return say(
        "why-caption",
        digit=digit.digit,
        line=line,
        place=nth if several else 0,
        percent=percent(digit.confidence),
        clean=str(clean.digit),
        clean_percent=percent(clean.confidence),
        noisy=str(noisy.digit),
        noisy_percent=percent(noisy.confidence),
        version=explanation.version,
    )
