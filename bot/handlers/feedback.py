"""Right, Wrong and the keypad under an answer -> what the digits should have been."""

from contextlib import suppress
from functools import partial
from typing import cast

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MaybeInaccessibleMessage,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.answers.buttons import NOT_A_DIGIT, digit_buttons, keypad, verdict_buttons
from bot.answers.taps import NUMBER, numbers, own_reading
from bot.answers.text import corrected_text
from bot.filters import Handler
from bot.pictures.sheet import digits_sheet
from bot.services import Services
from bot.store.tables import ReadingRow

MOST_DIGITS = 96  # to pick from; Telegram takes no more than 100 buttons


async def right(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Note that all was right; a correction given before is taken back."""
    query = cast(CallbackQuery, update.callback_query)
    if reading := await own_reading(query, services):
        taken_back = await services.store.corrections.of_reading(reading.id)
        await services.store.record_verdict(reading.id, right=True)
        await query.answer(services.say(query.from_user, "feedback-right"))
        if taken_back:
            await _show(query, query.message, reading, services)


async def wrong(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Ask what the digit is, or of several first which one is wrong."""
    query = cast(CallbackQuery, update.callback_query)
    reading = await own_reading(query, services)
    if reading is None:
        return
    await query.answer()
    if len(reading.digits) == 1:
        await _ask(query, reading, 0, services)
    else:
        digits = reading.digits[:MOST_DIGITS]
        await _send_sheet(
            query,
            await services.draw(digits_sheet, digits),
            services.say(query.from_user, "feedback-which"),
            digit_buttons(reading.id, [digit.digit for digit in digits]),
        )


async def pick(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Ask what the picked digit is."""
    query = cast(CallbackQuery, update.callback_query)
    reading, position = await own_reading(query, services), numbers(query)[1]
    if reading is None:
        return
    await query.answer()
    if position < len(reading.digits):
        await _ask(query, reading, position, services)


async def correct(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Keep the correction, and show the answer as it should have been."""
    query = cast(CallbackQuery, update.callback_query)
    reading, (_id, position, should_be) = await own_reading(query, services), numbers(query)
    if reading is None:
        return
    if position >= len(reading.digits) or should_be > NOT_A_DIGIT:
        await query.answer()  # no button of ours says that
        return
    await services.store.corrections.correct(reading, position, should_be)
    await services.store.record_verdict(reading.id, right=False)
    await query.answer(services.say(query.from_user, "feedback-thanks"))
    answer = _answer_of(query)
    if answer is not query.message:
        with suppress(BadRequest):  # tapped twice, it is gone
            await cast(Message, query.message).delete()
    await _show(query, answer, reading, services)


def handlers(services: Services) -> list[Handler]:
    """The buttons."""
    table = {"right": (right, 1), "wrong": (wrong, 1), "pick": (pick, 2), "is": (correct, 3)}
    return [
        CallbackQueryHandler(partial(tap, services=services), f"^{name}{NUMBER * numbers}$")
        for name, (tap, numbers) in table.items()
    ]


async def _ask(
    query: CallbackQuery, reading: ReadingRow, position: int, services: Services
) -> None:
    """Show the keypad: under the answer itself, or under the digits with this one marked."""
    say = partial(services.say, query.from_user)
    keys = keypad(say, reading.id, position)
    if len(reading.digits) == 1:
        await query.edit_message_reply_markup(keys)
        return
    picture = await services.draw(digits_sheet, reading.digits[:MOST_DIGITS], position)
    text = say("feedback-what", digit=str(reading.digits[position].digit), place=position + 1)
    if _answer_of(query) is query.message:
        await _send_sheet(query, picture, text, keys)
    else:
        await query.edit_message_media(InputMediaPhoto(picture, text), keys)


async def _send_sheet(
    query: CallbackQuery, picture: bytes, text: str, keys: InlineKeyboardMarkup
) -> None:
    await cast(Message, query.message).reply_photo(picture, text, reply_markup=keys, do_quote=True)


def _answer_of(query: CallbackQuery) -> MaybeInaccessibleMessage | None:
    """Return the answer that a tap is about: its own message, or what a sheet of digits quotes."""
    tapped = query.message
    if isinstance(tapped, Message):
        quoted = tapped.reply_to_message
        # The bot's, too, may be a drawing from the page of /draw, or another's answer that /read
        # was asked to read: neither has buttons of this reading.
        if quoted and numbers(query)[0] in _readings_of(quoted):
            return quoted
    return tapped


def _readings_of(message: Message) -> set[int]:
    """Return the ids of the readings that a message's buttons name."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    data = [str(button.callback_data).split(":") for row in rows for button in row]
    return {int(words[1]) for words in data if len(words) > 1 and words[1].isdecimal()}


async def _show(
    query: CallbackQuery,
    answer: MaybeInaccessibleMessage | None,
    reading: ReadingRow,
    services: Services,
) -> None:
    """Change the answer to what the user says it should have been."""
    if not isinstance(answer, Message):
        return  # too old for Telegram to let it be changed
    say = partial(services.say, query.from_user)
    text = corrected_text(say, reading, await services.store.corrections.of_reading(reading.id))
    edit = answer.edit_text if answer.text else answer.edit_caption
    await edit(text, parse_mode=ParseMode.HTML, reply_markup=verdict_buttons(say, reading.id))
