"""The buttons under an answer.

Their callback data only names things, so nobody gains by forging it: whoever handles a tap looks
the reading up and asks whose it is.

    right:R     wrong:R     what was read is right, or is not
    pick:R:P    is:R:P:D    which digit is wrong, and what it is: 0 to 9, or NOT_A_DIGIT
    why:R                   the picture that explains
    show:R:M                an answer of its own for the album's photo in message M

R is the reading's id in the store, P the digit's position in it, from 0.
"""

from collections.abc import Sequence

from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup

from bot.texts import Say
from model.reader import Digit, Reading

NOT_A_DIGIT = 10  # the class of the corrections that stands beside 0 to 9
CHOICES = 2  # digits offered for one that is not sure
UNSURE_ROWS = 3  # of several digits in doubt so many, the least sure, get a row of buttons
KEYPAD_ROW = 5  # keys
DIGITS_ROW = 8  # digits to pick from
ALBUM_ROW = 5  # photos


def answer_buttons(say: Say, reading_id: int, reading: Reading) -> InlineKeyboardMarkup:
    """Return what fits the answer: in doubt the choices, else right or wrong; and why."""
    why = Button(say("button-why"), callback_data=f"why:{reading_id}")
    if len(reading.digits) == 1 and reading.unsure:
        return InlineKeyboardMarkup([_choices(say, reading_id, 0, reading.digits[0]), [why]])
    return InlineKeyboardMarkup([*_doubts(say, reading_id, reading), *_verdict(say, reading_id)])


def places_in_doubt(reading: Reading) -> list[int]:
    """Return the places, in reading order, of the digits whose choices are offered."""
    doubts = [(digit.confidence, p) for p, digit in enumerate(reading.digits) if digit.unsure]
    return sorted(place for _, place in sorted(doubts)[:UNSURE_ROWS])


def verdict_buttons(say: Say, reading_id: int) -> InlineKeyboardMarkup:
    """Return Right, Wrong and Why?."""
    return InlineKeyboardMarkup(_verdict(say, reading_id))


def keypad(say: Say, reading_id: int, position: int) -> InlineKeyboardMarkup:
    """Return the keys 0 to 9 and "not a digit" for one digit."""
    data = f"is:{reading_id}:{position}"
    keys = [Button(str(digit), callback_data=f"{data}:{digit}") for digit in range(10)]
    none = Button(say("button-not-a-digit"), callback_data=f"{data}:{NOT_A_DIGIT}")
    return InlineKeyboardMarkup([*_rows(keys, KEYPAD_ROW), [none]])


def digit_buttons(reading_id: int, digits: Sequence[int]) -> InlineKeyboardMarkup:
    """Return a button for each digit that was read, to pick the wrong one."""
    keys = [
        Button(str(digit), callback_data=f"pick:{reading_id}:{position}")
        for position, digit in enumerate(digits)
    ]
    return InlineKeyboardMarkup(_rows(keys, DIGITS_ROW))


def album_buttons(photos: Sequence[tuple[int, int, int]]) -> InlineKeyboardMarkup | None:
    """Return a button for each photo that was read: (its number, reading id, message id)."""
    keys = [
        Button(f"{number} …", callback_data=f"show:{reading_id}:{message_id}")
        for number, reading_id, message_id in photos
    ]
    return InlineKeyboardMarkup(_rows(keys, ALBUM_ROW)) if keys else None


def _verdict(say: Say, reading_id: int) -> list[list[Button]]:
    return [
        [
            Button(say("button-right"), callback_data=f"right:{reading_id}"),
            Button(say("button-wrong"), callback_data=f"wrong:{reading_id}"),
            Button(say("button-why"), callback_data=f"why:{reading_id}"),
        ]
    ]


def _doubts(say: Say, reading_id: int, reading: Reading) -> list[list[Button]]:
    return [
        _choices(say, reading_id, place, reading.digits[place], f"#{place + 1}: ")
        for place in places_in_doubt(reading)
    ]


def _choices(
    say: Say, reading_id: int, position: int, digit: Digit, name: str = ""
) -> list[Button]:
    """What the digit may be, and the way to say what else it is."""
    data = f"{reading_id}:{position}"
    labels = {choice: str(choice) for choice, _ in digit.top[:CHOICES]}
    if digit.rejected:
        labels = {digit.digit: str(digit.digit), NOT_A_DIGIT: say("button-not-a-digit")}
    row = [
        Button(f"{name}{label}", callback_data=f"is:{data}:{choice}")
        for choice, label in labels.items()
    ]
    return [*row, Button(f"{name}{say('button-else')}", callback_data=f"pick:{data}")]


def _rows(keys: Sequence[Button], length: int) -> list[Sequence[Button]]:
    return [keys[start : start + length] for start in range(0, len(keys), length)]
