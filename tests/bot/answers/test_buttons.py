"""Buttons: the right ones for each answer, with callback data of at most 64 bytes."""

from collections.abc import Mapping
from functools import partial

from telegram import InlineKeyboardMarkup

from bot.answers.buttons import (
    album_buttons,
    answer_buttons,
    back_button,
    digit_buttons,
    keypad,
    sheet_rows,
)
from bot.store.tables import ReadingRow
from bot.texts import Texts
from model.classes import NOT_A_DIGIT
from tests.readings import row_of

ENGLISH = partial(Texts().say, "en")
LONG_ID = 2**63 - 1


def rows(keyboard: InlineKeyboardMarkup) -> list[list[tuple[str, object]]]:
    return [[(key.text, key.callback_data) for key in row] for row in keyboard.inline_keyboard]


def buttons(
    row: ReadingRow, should_be: Mapping[int, int] | None = None
) -> list[list[tuple[str, object]]]:
    return rows(answer_buttons(ENGLISH, row, should_be or {}))


def test_a_sure_digit_is_right_or_wrong() -> None:
    (row,) = buttons(row_of((7, 0.99)))
    assert [data for _, data in row] == ["right:5", "wrong:5", "why:5"]


def test_a_digit_in_doubt_offers_its_choices() -> None:
    choices, why = buttons(row_of((7, 0.5)))
    assert choices == [("7", "is:5:0:7"), ("8", "is:5:0:8"), ("something else", "pick:5:0")]
    assert why == [("Why?", "why:5")]


def test_what_is_most_likely_no_digit_gets_one_row() -> None:
    (one,) = buttons(row_of((7, 0.99), rejected=True))
    assert [data for _, data in one] == ["right:5", "wrong:5", "why:5"]
    assert one[0][0] == "7", "the button does not say what right means"
    (several,) = buttons(row_of((7, 0.99), (1, 0.9), rejected=True))
    assert [data for _, data in several] == ["right:5", "wrong:5", "why:5"]


def test_of_several_digits_the_three_least_sure_offer_theirs_in_reading_order() -> None:
    digits = row_of((1, 0.4), (2, 0.99), (3, 0.3), (4, 0.2), (5, 0.6))
    *doubts, _verdict, _uses = buttons(digits)
    assert [row[0] for row in doubts] == [
        ("#1: 1", "is:5:0:1"),
        ("#3: 3", "is:5:2:3"),
        ("#4: 4", "is:5:3:4"),
    ]


def test_a_corrected_digit_loses_its_buttons_and_the_others_keep_theirs() -> None:
    digits = row_of((1, 0.4), (2, 0.99), (3, 0.3))
    first, *_ = buttons(digits, {2: 8})
    assert first[0] == ("#1: 1", "is:5:0:1")
    verdict, _uses = buttons(digits, {0: 1, 2: 8})
    assert [data for _, data in verdict] == ["right:5", "wrong:5", "why:5"]


def test_what_is_confirmed_asks_for_no_verdict() -> None:
    digits = row_of((1, 0.4), (2, 0.99))
    digits.judged_right = True
    verdict, _uses = buttons(digits)
    assert [data for _, data in verdict] == ["wrong:5", "why:5"]


def test_a_turned_sheet_asks_which_way_to_turn_it() -> None:
    ways, as_sent = buttons(row_of((6, 0.3), (9, 0.3), looks_turned=True))
    assert [data for _, data in ways] == ["turn:5:1", "turn:5:3", "turn:5:2"]
    assert [data for _, data in as_sent] == ["turn:5:0"]


def test_digits_can_be_copied_as_corrected_and_lines_summed_up() -> None:
    lines = row_of((1, 0.99), (2, 0.99), (3, 0.99), lines=(0, 0, 1))
    copy, table, total = answer_buttons(ENGLISH, lines, {0: 7}).inline_keyboard[-1]
    assert copy.copy_text and copy.copy_text.text == "72\n3"
    assert (table.callback_data, total.callback_data) == ("table:5", "sum:5")
    long = answer_buttons(ENGLISH, row_of(*[(1, 0.99)] * 257), {}).inline_keyboard
    assert not any(key.copy_text for row in long for key in row), "Telegram takes 256 characters"


def test_the_keypad_has_ten_digits_not_a_digit_and_back() -> None:
    keys = [key for row in rows(keypad(ENGLISH, 5, 2, "wrong:5")) for key in row]
    assert keys[:10] == [(str(digit), f"is:5:2:{digit}") for digit in range(10)]
    none, back = keys[10:]
    assert none == ("not a digit", f"is:5:2:{NOT_A_DIGIT}")
    assert back[1] == "wrong:5"


def test_every_digit_can_be_picked_in_rows_that_break_as_the_lines_do() -> None:
    row = row_of((4, 0.9), (0, 0.9), (7, 0.9), lines=(0, 1, 1))
    first, second, back = rows(digit_buttons(row, "pick", back_button(ENGLISH, 5)))
    assert first == [("4", "pick:5:0")]
    assert second == [("0", "pick:5:1"), ("7", "pick:5:2")]
    assert [data for _, data in back] == ["back:5"]


def test_a_page_full_of_digits_has_no_more_buttons_than_telegram_takes() -> None:
    page = row_of(*[(1, 0.9)] * 300, lines=[place // 10 for place in range(300)])
    assert sum(map(len, sheet_rows(page))) == 96
    assert {len(row) for row in sheet_rows(page)} <= {2, 6, 8}


def test_an_album_has_a_button_for_each_photo_that_was_read() -> None:
    keyboard = album_buttons(ENGLISH, [(1, 5, 70), (3, 6, 72)])
    assert keyboard and rows(keyboard) == [
        [("Check photo 1", "show:5:70"), ("Check photo 3", "show:6:72")]
    ]
    assert album_buttons(ENGLISH, []) is None


def test_the_longest_data_fits() -> None:
    keyboards = [
        answer_buttons(ENGLISH, row_of((7, 0.5), (7, 0.5), row_id=LONG_ID), {}),
        keypad(ENGLISH, LONG_ID, 9999, f"wrong:{LONG_ID}"),
        album_buttons(ENGLISH, [(10, LONG_ID, 2**31)]),
    ]
    for keyboard in keyboards:
        assert keyboard
        for row in rows(keyboard):
            assert all(len(str(data)) <= 64 for _, data in row)
