"""The buttons under an answer.

Their callback data holds only ids, so forging it gains nothing: the handler of a tap looks the
reading up and checks its owner.

    right:R     wrong:R     the answer is right, or it is not: show the digits or the keypad
    pick:R:P    is:R:P:D    the digit that is wrong, and its label: 0 to 9, or NOT_A_DIGIT
    back:R                  from a keypad or a sheet back to the answer
    why:R       why:R:P     the picture that explains the least sure digit, or this one
    turn:R:T                read the photo after T quarter turns anticlockwise
    table:R     sum:R       the digits as a CSV file, and the sum of the lines
    show:R:M                an answer of its own for the album's photo in message M

R is the reading's id in the store, P the digit's position in it, from 0.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TypeVar

from telegram import CopyTextButton, InlineKeyboardMarkup
from telegram import InlineKeyboardButton as Button
from telegram.constants import InlineKeyboardButtonLimit
from telegram.constants import KeyboardButtonStyle as Style

from bot.answers.state import corrected_digits, doubts, is_refused, looks_turned
from bot.store.tables import ReadingRow
from bot.texts import Say
from model.classes import NOT_A_DIGIT

T = TypeVar("T")
UNSURE_ROWS = 3  # doubtful digits, the least sure ones, that get a row of buttons
KEYPAD_ROW = 5  # keys in a row
DIGITS_ROW = 8  # digits in a row of the sheet
DIGITS_MAX = 96  # digits in the sheet: Telegram allows at most 100 buttons
ALBUM_ROW = 2  # buttons of photos in a row
LEFT, HALF, RIGHT = 1, 2, 3  # quarter turns anticlockwise


def answer_buttons(
    say: Say, row: ReadingRow, should_be: Mapping[int, int]
) -> InlineKeyboardMarkup:
    """Return the buttons to turn the photo, or those of doubtful digits, verdict and uses."""
    if looks_turned(row, should_be):
        return _turn_buttons(say, row.id)
    if is_refused(row, should_be):
        return InlineKeyboardMarkup([_refusal(say, row)])
    why = Button(say("button-why"), callback_data=f"why:{row.id}")
    if len(row.digits) == 1 and doubts(row, should_be):
        return InlineKeyboardMarkup([_choices(say, row, 0), [why]])
    questions = [
        _choices(say, row, place, f"#{place + 1}: ") for place in places_asked(row, should_be)
    ]
    wrong = Button(say("button-wrong"), callback_data=f"wrong:{row.id}", style=Style.DANGER)
    right = Button(say("button-right"), callback_data=f"right:{row.id}", style=Style.SUCCESS)
    verdict = [wrong, why] if row.judged_right else [right, wrong, why]
    return InlineKeyboardMarkup([*questions, verdict, *_uses(say, row, should_be)])


def places_asked(row: ReadingRow, should_be: Mapping[int, int]) -> list[int]:
    """Return the places, in reading order, of the doubtful digits whose choices are offered."""
    by_confidence = sorted(doubts(row, should_be), key=lambda p: row.digits[p].confidence)
    return sorted(by_confidence[:UNSURE_ROWS])


def keypad(say: Say, reading_id: int, position: int, back: str) -> InlineKeyboardMarkup:
    """Return the keys 0 to 9, "not a digit" and a back button with the callback data `back`."""
    data = f"is:{reading_id}:{position}"
    keys = [Button(str(digit), callback_data=f"{data}:{digit}") for digit in range(10)]
    none = Button(say("button-not-a-digit"), callback_data=f"{data}:{NOT_A_DIGIT}")
    way_back = Button(say("button-back"), callback_data=back)
    return InlineKeyboardMarkup([*_rows(keys, KEYPAD_ROW), [none, way_back]])


def digit_buttons(row: ReadingRow, action: str, *last: Button) -> InlineKeyboardMarkup:
    """Return a button for each digit, in the rows of the sheet, and below them the `last` ones.

    `action`: "pick" or "why".
    """
    rows = [
        [Button(str(row.digits[p].digit), callback_data=f"{action}:{row.id}:{p}") for p in places]
        for places in sheet_rows(row)
    ]
    return InlineKeyboardMarkup([*rows, list(last)] if last else rows)


def back_button(say: Say, reading_id: int) -> Button:
    """Return the button from a sheet of digits back to the answer."""
    return Button(say("button-back"), callback_data=f"back:{reading_id}")


def sheet_rows(row: ReadingRow) -> list[list[int]]:
    """Return the first DIGITS_MAX positions in rows; each line of the photo begins a row."""
    line, lines = 0, []
    for character in row.text:
        if character == " ":
            line += 1
        else:
            lines.append(line)
    by_line = groupby(range(min(len(lines), DIGITS_MAX)), key=lambda position: lines[position])
    return [part for _, places in by_line for part in _rows(list(places), DIGITS_ROW)]


def album_buttons(say: Say, photos: Sequence[tuple[int, int, int]]) -> InlineKeyboardMarkup | None:
    """Return a button for each photo that was read.

    `photos`: number in the album, reading id and message id of each.
    """
    keys = [
        Button(say("button-show", number=number), callback_data=f"show:{reading_id}:{message_id}")
        for number, reading_id, message_id in photos
    ]
    return InlineKeyboardMarkup(_rows(keys, ALBUM_ROW)) if keys else None


def marked(label: str, is_chosen: bool) -> str:
    """Return the label of a choice, with a mark if it is the current one."""
    return f"● {label}" if is_chosen else label


def _turn_buttons(say: Say, reading_id: int) -> InlineKeyboardMarkup:
    turns = {"button-turn-left": LEFT, "button-turn-right": RIGHT, "button-turn-half": HALF}
    row = [Button(say(key), callback_data=f"turn:{reading_id}:{n}") for key, n in turns.items()]
    as_sent = Button(say("button-turn-none"), callback_data=f"turn:{reading_id}:0")
    return InlineKeyboardMarkup([row, [as_sent]])


def _refusal(say: Say, row: ReadingRow) -> list[Button]:
    perhaps = row.text if len(row.digits) == 1 else say("button-right")
    return [
        Button(perhaps, callback_data=f"right:{row.id}"),
        Button(say("button-else"), callback_data=f"wrong:{row.id}"),
        Button(say("button-why"), callback_data=f"why:{row.id}"),
    ]


def _choices(say: Say, row: ReadingRow, position: int, name: str = "") -> list[Button]:
    """Return buttons for both likely labels of a digit, and one that opens the keypad."""
    data = f"{row.id}:{position}"
    digit = row.digits[position]
    labels = {digit.digit: str(digit.digit)}
    if digit.other is not None:
        none = say("button-not-a-digit")
        labels[digit.other] = none if digit.other == NOT_A_DIGIT else str(digit.other)
    keys = [
        Button(f"{name}{label}", callback_data=f"is:{data}:{choice}")
        for choice, label in labels.items()
    ]
    return [*keys, Button(f"{name}{say('button-else')}", callback_data=f"pick:{data}")]


def _uses(say: Say, row: ReadingRow, should_be: Mapping[int, int]) -> list[list[Button]]:
    """Return the buttons that copy the digits and, for several lines, make a table or a sum."""
    text = corrected_digits(row.text, should_be)
    copy = copy_button(say, row, should_be)
    uses = [copy] if copy else []
    if " " in text:
        uses.append(Button(say("button-table"), callback_data=f"table:{row.id}"))
        uses.append(Button(say("button-sum"), callback_data=f"sum:{row.id}"))
    return [uses] if uses else []


def copy_button(say: Say, row: ReadingRow, should_be: Mapping[int, int]) -> Button | None:
    """Return the button that copies the digits; None where one digit or too many were read."""
    text = corrected_digits(row.text, should_be)
    if not 1 < len(text) <= InlineKeyboardButtonLimit.MAX_COPY_TEXT:
        return None
    return Button(say("button-copy"), copy_text=CopyTextButton(text.replace(" ", "\n")))


def _rows(keys: Sequence[T], length: int) -> list[list[T]]:
    return [list(keys[start : start + length]) for start in range(0, len(keys), length)]
