"""Right, Wrong and the keypad under an answer -> what the digits should have been.

Each question stands in the place of the answer until it is answered or left by "back".
"""

from collections.abc import Mapping
from functools import partial
from typing import cast

from telegram import (
    CallbackQuery,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    Update,
)
from telegram.constants import ParseMode
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.answers.buttons import (
    answer_buttons,
    back_button,
    digit_buttons,
    keypad,
    places_asked,
    sheet_rows,
)
from bot.answers.state import place_of
from bot.answers.taps import NUMBER, numbers, own_reading, photo_of, tapped_message
from bot.answers.text import answer
from bot.filters import Handler
from bot.handlers.photos import is_marked, network_line
from bot.pictures.annotated import marked_photo, marks_of
from bot.pictures.sheet import digits_sheet
from bot.services import Services
from bot.store.tables import ReadingRow
from model.classes import NOT_A_DIGIT


async def right(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Note that all is right as it is shown, corrections included."""
    query = cast(CallbackQuery, update.callback_query)
    if row := await own_reading(query, services):
        await services.store.record_verdict(row.id, right=True)
        row.judged_right = True
        await query.answer(services.say(query.from_user, "feedback-right"))
        await _show(query, row, services)


async def wrong(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Ask what the digit is, or of several first which one is wrong."""
    query = cast(CallbackQuery, update.callback_query)
    row = await own_reading(query, services)
    if row is None:
        return
    await query.answer()
    if len(row.digits) == 1:
        await _ask(query, row, 0, services)
        return
    say = partial(services.say, query.from_user)
    picture = await services.draw(digits_sheet, row.digits, sheet_rows(row))
    buttons = digit_buttons(row, "pick", back_button(say, row.id))
    await _ask_with_picture(query, picture, say("feedback-which"), buttons)


async def pick(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Ask what the picked digit is."""
    query = cast(CallbackQuery, update.callback_query)
    row, position = await own_reading(query, services), numbers(query)[1]
    if row is None:
        return
    await query.answer()
    if position < len(row.digits):
        await _ask(query, row, position, services)


async def back(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Show the answer in the place of the question."""
    query = cast(CallbackQuery, update.callback_query)
    if row := await own_reading(query, services):
        await query.answer()
        await _show(query, row, services)


async def correct(update: Update, _: ContextTypes.DEFAULT_TYPE, *, services: Services) -> None:
    """Keep the correction, and show the answer as it should have been."""
    query = cast(CallbackQuery, update.callback_query)
    row, (_id, position, should_be) = await own_reading(query, services), numbers(query)
    if row is None:
        return
    if position >= len(row.digits) or should_be > NOT_A_DIGIT:
        await query.answer()  # no button of ours says that
        return
    await services.store.corrections.correct(row, position, should_be)
    await services.store.record_verdict(row.id, right=False)
    row.judged_right = False
    await query.answer(services.say(query.from_user, "feedback-thanks"))
    await _show(query, row, services)


def handlers(services: Services) -> list[Handler]:
    """The buttons."""
    table = {
        "right": (right, 1),
        "wrong": (wrong, 1),
        "back": (back, 1),
        "pick": (pick, 2),
        "is": (correct, 3),
    }
    return [
        CallbackQueryHandler(partial(tap, services=services), f"^{name}{NUMBER * numbers}$")
        for name, (tap, numbers) in table.items()
    ]


async def _ask(query: CallbackQuery, row: ReadingRow, position: int, services: Services) -> None:
    """Ask what one digit is; of several with a picture of the row in which it stands."""
    say, digit = partial(services.say, query.from_user), row.digits[position].digit
    if len(row.digits) == 1 and cast(Message, query.message).text:
        keys = keypad(say, row.id, position, f"back:{row.id}")
        await query.edit_message_text(say("feedback-what-one", digit=digit), reply_markup=keys)
        return
    line, nth = place_of(row.text, position)
    places = next((places for places in sheet_rows(row) if position in places), [position])
    picture = await services.draw(digits_sheet, row.digits, [places], position)
    text = say("feedback-what", digit=digit, line=line, place=nth)
    keys = keypad(say, row.id, position, f"wrong:{row.id}")
    await _ask_with_picture(query, picture, text, keys)


async def _ask_with_picture(
    query: CallbackQuery, picture: bytes, text: str, keys: InlineKeyboardMarkup
) -> None:
    await query.edit_message_media(InputMediaPhoto(picture, text), keys)


async def _show(query: CallbackQuery, row: ReadingRow, services: Services) -> None:
    """Change the answer to what its user says it should have been."""
    if (shown := tapped_message(query)) is None:
        return  # it can't be changed any more; what was tapped is kept
    say, user = partial(services.say, query.from_user), query.from_user
    should_be = await services.store.corrections.of_reading(row.id)
    text = answer(say, row, should_be, network_line(user, row, services))
    buttons = answer_buttons(say, row, should_be)
    picture = await _marked(query, row, should_be, services) if is_marked(row) else None
    if picture is not None:
        media = InputMediaPhoto(picture, text, parse_mode=ParseMode.HTML)
        await query.edit_message_media(media, buttons)
    elif shown.text:
        await query.edit_message_text(text, ParseMode.HTML, reply_markup=buttons)
    else:
        await query.edit_message_caption(text, buttons, ParseMode.HTML)


async def _marked(
    query: CallbackQuery, row: ReadingRow, should_be: Mapping[int, int], services: Services
) -> bytes | None:
    """Return the photo with its digits as corrected.

    None where it is gone, or where the networks of now see other digits in it.
    """
    found = await photo_of(query, services)
    if found is None:
        return None
    _, photo = found
    again = await services.read(photo, row.model, row.turns)
    if again.text != row.text:
        return None
    marks = marks_of(again, row, should_be, places_asked(row, should_be))
    return await services.draw_on(marked_photo, photo, again.page, marks)
