"""The buttons Right and Wrong and the keypad under an answer, which store corrections.

A question replaces the answer until the user answers it or taps "back".
"""

from collections.abc import Mapping

from telegram import InlineKeyboardMarkup, InputMediaPhoto
from telegram.constants import ParseMode

from bot.answers.buttons import (
    answer_buttons,
    back_button,
    digit_buttons,
    keypad,
    places_asked,
    sheet_rows,
)
from bot.answers.state import place_of
from bot.answers.taps import NUMBER, Tap, on_tap, photo_of, tapped_message
from bot.answers.text import answer
from bot.filters import Handler
from bot.handlers.photos import is_marked, network_line
from bot.pictures.annotated import marked_photo, marks_of
from bot.pictures.sheet import digits_sheet
from bot.services import Services
from model.classes import NOT_A_DIGIT


async def right(tap: Tap) -> None:
    """Store that the answer is right as it is shown, with its corrections."""
    await tap.services.store.record_verdict(tap.row.id, right=True)
    tap.row.judged_right = True
    await tap.query.answer(tap.say("feedback-right"))
    await _show(tap)


async def wrong(tap: Tap) -> None:
    """Ask for the label of the digit; if there are several, first which one is wrong."""
    await tap.query.answer()
    row = tap.row
    if len(row.digits) == 1:
        await _ask(tap, 0)
        return
    picture = await tap.services.draw(digits_sheet, row.digits, sheet_rows(row))
    buttons = digit_buttons(row, "pick", back_button(tap.say, row.id))
    await _ask_with_picture(tap, picture, tap.say("feedback-which"), buttons)


async def pick(tap: Tap) -> None:
    """Ask for the label of the picked digit."""
    (position,) = tap.numbers
    await tap.query.answer()
    if position < len(tap.row.digits):
        await _ask(tap, position)


async def back(tap: Tap) -> None:
    """Replace the question by the answer."""
    await tap.query.answer()
    await _show(tap)


async def correct(tap: Tap) -> None:
    """Store the correction and show the corrected answer."""
    position, should_be = tap.numbers
    if position >= len(tap.row.digits) or should_be > NOT_A_DIGIT:
        await tap.query.answer()  # forged: no button has this data
        return
    await tap.services.store.corrections.correct(tap.row, position, should_be)
    await tap.services.store.record_verdict(tap.row.id, right=False)
    tap.row.judged_right = False
    await tap.query.answer(tap.say("feedback-thanks"))
    await _show(tap)


def handlers(services: Services) -> list[Handler]:
    """The buttons."""
    return [
        on_tap("right", right, services),
        on_tap("wrong", wrong, services),
        on_tap("back", back, services),
        on_tap("pick", pick, services, NUMBER),
        on_tap("is", correct, services, NUMBER * 2),
    ]


async def _ask(tap: Tap, position: int) -> None:
    """Ask for the label of one digit; of several digits with a picture of its row."""
    row, digit = tap.row, tap.row.digits[position].digit
    if len(row.digits) == 1 and tap.message.text:
        keys = keypad(tap.say, row.id, position, f"back:{row.id}")
        text = tap.say("feedback-what-one", digit=digit)
        await tap.query.edit_message_text(text, reply_markup=keys)
        return
    line, nth = place_of(row.text, position)
    places = next((places for places in sheet_rows(row) if position in places), [position])
    picture = await tap.services.draw(digits_sheet, row.digits, [places], position)
    text = tap.say("feedback-what", digit=digit, line=line, place=nth)
    keys = keypad(tap.say, row.id, position, f"wrong:{row.id}")
    await _ask_with_picture(tap, picture, text, keys)


async def _ask_with_picture(
    tap: Tap, picture: bytes, text: str, keys: InlineKeyboardMarkup
) -> None:
    await tap.query.edit_message_media(InputMediaPhoto(picture, text), keys)


async def _show(tap: Tap) -> None:
    """Replace the message by the answer with its corrections."""
    if (shown := tapped_message(tap.query)) is None:
        return  # the message cannot be edited any more; the tap is stored all the same
    should_be = await tap.should_be()
    text = answer(tap.say, tap.row, should_be, network_line(tap.user, tap.row, tap.services))
    buttons = answer_buttons(tap.say, tap.row, should_be)
    picture = await _marked(tap, should_be) if is_marked(tap.row) else None
    if picture is not None:
        media = InputMediaPhoto(picture, text, parse_mode=ParseMode.HTML)
        await tap.query.edit_message_media(media, buttons)
    elif shown.text:
        await tap.query.edit_message_text(text, ParseMode.HTML, reply_markup=buttons)
    else:
        await tap.query.edit_message_caption(text, buttons, ParseMode.HTML)


async def _marked(tap: Tap, should_be: Mapping[int, int]) -> bytes | None:
    """Return the photo with its digits as corrected.

    None if it was deleted, or if another version now reads other digits in it.
    """
    found = await photo_of(tap.query, tap.services)
    if found is None:
        return None
    _, photo = found
    again = await tap.services.read(photo, tap.row.model, tap.row.turns)
    if again.text != tap.row.text:
        return None
    marks = marks_of(again, tap.row, should_be, places_asked(tap.row, should_be))
    return await tap.services.draw_on(marked_photo, photo, again.page, marks)
