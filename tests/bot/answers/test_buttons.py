"""Buttons name what they are for, fit the answer, and stay within Telegram's 64 bytes."""

from functools import partial

from telegram import InlineKeyboardMarkup

from bot.answers.buttons import NOT_A_DIGIT, album_buttons, answer_buttons, digit_buttons, keypad
from bot.texts import Texts
from tests.readings import reading

ENGLISH = partial(Texts().say, "en")
LONG_ID = 2**63 - 1


def rows(keyboard: InlineKeyboardMarkup) -> list[list[tuple[str, object]]]:
    return [[(key.text, key.callback_data) for key in row] for row in keyboard.inline_keyboard]


def test_a_sure_digit_is_right_or_wrong() -> None:
    (row,) = rows(answer_buttons(ENGLISH, 5, reading((7, 0.99))))
    assert [data for _, data in row] == ["right:5", "wrong:5", "why:5"]


def test_a_digit_in_doubt_offers_its_choices() -> None:
    choices, why = rows(answer_buttons(ENGLISH, 5, reading((7, 0.5))))
    assert choices == [("7", "is:5:0:7"), ("8", "is:5:0:8"), ("something else", "pick:5:0")]
    assert why == [("Why?", "why:5")]


def test_what_hardly_looks_like_a_digit_may_be_called_none() -> None:
    choices, _ = rows(answer_buttons(ENGLISH, 5, reading((7, 0.99), rejected=True)))
    assert choices[:2] == [("7", "is:5:0:7"), ("not a digit", f"is:5:0:{NOT_A_DIGIT}")]


def test_of_several_digits_the_three_least_sure_offer_theirs_in_reading_order() -> None:
    digits = reading((1, 0.4), (2, 0.99), (3, 0.3), (4, 0.2), (5, 0.6))
    *doubts, _ = rows(answer_buttons(ENGLISH, 5, digits))
    assert [row[0] for row in doubts] == [
        ("#1: 1", "is:5:0:1"),
        ("#3: 3", "is:5:2:3"),
        ("#4: 4", "is:5:3:4"),
    ]


def test_the_keypad_has_ten_digits_and_one_way_to_say_none() -> None:
    keys = [key for row in rows(keypad(ENGLISH, 5, 2)) for key in row]
    assert keys[:10] == [(str(digit), f"is:5:2:{digit}") for digit in range(10)]
    assert keys[10:] == [("not a digit", f"is:5:2:{NOT_A_DIGIT}")]


def test_every_digit_can_be_picked() -> None:
    keys = [key for row in rows(digit_buttons(5, [4, 0, 7])) for key in row]
    assert keys == [("4", "pick:5:0"), ("0", "pick:5:1"), ("7", "pick:5:2")]


def test_an_album_has_a_button_for_each_photo_that_was_read() -> None:
    keyboard = album_buttons([(1, 5, 70), (3, 6, 72)])
    assert keyboard and rows(keyboard) == [[("1 …", "show:5:70"), ("3 …", "show:6:72")]]
    assert album_buttons([]) is None


def test_the_longest_data_fits() -> None:
    keyboards = [
        answer_buttons(ENGLISH, LONG_ID, reading((7, 0.5), (7, 0.5))),
        keypad(ENGLISH, LONG_ID, 9999),
        album_buttons([(10, LONG_ID, 2**31)]),
    ]
    for keyboard in keyboards:
        assert keyboard
        for row in rows(keyboard):
            assert all(len(str(data)) <= 64 for _, data in row)
