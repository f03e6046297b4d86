"""Sheets: a cell for each glyph, as many in a row as buttons, frames of the right colour."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answers.buttons import DIGITS_ROW
from bot.learning.corrections import Learned, from_rows
from bot.learning.report import learned_sheet
from bot.pictures.drawing import AMBER, TEAL, Colour
from bot.pictures.sheet import (
    CELL,
    COLUMNS_MIN,
    NOTE_ROOM,
    RED,
    SHOWN,
    TITLE_ROOM,
    Cell,
    corrections_sheet,
    digits_sheet,
    in_rows,
    sheet,
    sign_of,
)
from bot.store.tables import CorrectionRow, DigitRow
from model.datasets.corrections import Use

BLANK = bytes(28 * 28)
PLAIN = CELL + TITLE_ROOM  # px, the height of a cell without a note


def decoded(png: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def framed(picture: NDArray[np.uint8], colour: Colour, height: int = PLAIN) -> list[int]:
    """Return the indices of the cells, `height` px high, with a frame of this colour."""
    rows, columns = picture.shape[0] // height, picture.shape[1] // CELL
    cells = [
        picture[y * height : (y + 1) * height, x * CELL : (x + 1) * CELL]
        for y in range(rows)
        for x in range(columns)
    ]
    return [i for i, cell in enumerate(cells) if (cell == colour).all(axis=2).sum() > 1000]


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(1, COLUMNS_MIN, 1), (8, 8, 1), (9, 8, 2), (50, 8, 7)]
)
def test_a_sheet_has_four_to_eight_cells_in_a_row(count: int, columns: int, rows: int) -> None:
    blank = np.zeros((28, 28), np.uint8)
    assert decoded(sheet(in_rows([Cell(blank, "7")] * count))).shape == (
        rows * PLAIN,
        columns * CELL,
        3,
    )
    noted = decoded(sheet(in_rows([Cell(blank, "7", "#1")] * count)))
    assert noted.shape[0] == rows * (PLAIN + NOTE_ROOM)


def test_ink_is_dark_on_light_paper() -> None:
    glyph = np.zeros((28, 28), np.uint8)
    glyph[:14] = 255
    picture = decoded(sheet([[Cell(glyph, "")]]))
    assert picture[CELL // 4, CELL // 2].max() < 60
    assert picture[CELL * 3 // 4, CELL // 2].min() > 200


def test_corrections_set_aside_are_framed_red_and_those_left_out_amber() -> None:
    uses = [None, Use.TRAINS, Use.MEASURES, Use.TOO_MANY, Use.CONTRADICTED, Use.HARMFUL]
    rows = [
        CorrectionRow(id=n, glyph=BLANK, was=7, should_be=10, excluded=n == 2, use=use)
        for n, use in enumerate(uses)
    ]
    picture = decoded(corrections_sheet(rows))
    assert framed(picture, RED, PLAIN + NOTE_ROOM) == [2]
    assert framed(picture, AMBER, PLAIN + NOTE_ROOM) == [3, 4, 5]
    assert [sign_of(row) for row in rows] == ["", "", "", "+", "≠", "!"]


def test_the_picked_digit_is_marked() -> None:
    digits = [DigitRow(position=n, digit=n, glyph=BLANK) for n in range(DIGITS_ROW + 2)]
    rows = [list(range(DIGITS_ROW)), [DIGITS_ROW, DIGITS_ROW + 1]]
    assert framed(decoded(digits_sheet(digits, rows, DIGITS_ROW)), AMBER) == [DIGITS_ROW]
    assert framed(decoded(digits_sheet(digits, rows[1:], DIGITS_ROW)), AMBER) == [0]
    assert framed(decoded(digits_sheet(digits, rows)), AMBER) == []


def test_what_was_gained_comes_before_what_is_missed_and_both_are_capped() -> None:
    count = SHOWN + 9
    rows = [
        CorrectionRow(user_id=1, glyph=BLANK, should_be=7, created=0, held_out=False)
        for _ in range(count + 2)
    ]
    after = np.arange(count + 2) < count
    everything = np.ones_like(after)
    use = np.full(len(after), Use.TRAINS, np.uint8)
    learned = Learned(from_rows(rows), ~everything, after, use)
    picture = decoded(learned_sheet(learned))
    assert framed(picture, TEAL) == list(range(SHOWN))
    assert framed(picture, RED) == [SHOWN, SHOWN + 1]
