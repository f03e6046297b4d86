"""Sheets: a cell for each glyph, ten in a row, frames where they belong."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bot.learning.lessons import Learned, Lessons
from bot.pictures.drawing import AMBER, TEAL, Colour
from bot.pictures.sheet import (
    CELL,
    COLUMNS,
    HEIGHT,
    RED,
    SHOWN,
    Cell,
    corrections_sheet,
    digits_sheet,
    learned_sheet,
    sheet,
)
from bot.store.tables import CorrectionRow, DigitRow

BLANK = bytes(28 * 28)


def decoded(png: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def framed(picture: NDArray[np.uint8], colour: Colour) -> list[int]:
    """The places of the cells that have a frame of this colour."""
    rows, columns = picture.shape[0] // HEIGHT, picture.shape[1] // CELL
    cells = [
        picture[y * HEIGHT : (y + 1) * HEIGHT, x * CELL : (x + 1) * CELL]
        for y in range(rows)
        for x in range(columns)
    ]
    return [i for i, cell in enumerate(cells) if (cell == colour).all(axis=2).sum() > 1000]


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(1, 1, 1), (10, 10, 1), (11, 10, 2), (50, 10, 5)]
)
def test_a_sheet_has_ten_cells_in_a_row(count: int, columns: int, rows: int) -> None:
    picture = decoded(sheet([Cell(np.zeros((28, 28), np.uint8), "7")] * count))
    assert picture.shape == (rows * HEIGHT, columns * CELL, 3)


def test_ink_is_dark_on_light_paper() -> None:
    glyph = np.zeros((28, 28), np.uint8)
    glyph[:14] = 255
    picture = decoded(sheet([Cell(glyph, "")]))
    assert picture[CELL // 4, CELL // 2].max() < 60
    assert picture[CELL * 3 // 4, CELL // 2].min() > 200


def test_corrections_that_were_set_aside_are_framed_red() -> None:
    rows = [
        CorrectionRow(id=n, glyph=BLANK, was=7, should_be=10, excluded=n == 2) for n in range(4)
    ]
    assert framed(decoded(corrections_sheet(rows)), RED) == [2]


def test_the_picked_digit_is_marked() -> None:
    digits = [DigitRow(position=n, digit=n, glyph=BLANK) for n in range(COLUMNS + 2)]
    assert framed(decoded(digits_sheet(digits, COLUMNS)), AMBER) == [COLUMNS]
    assert framed(decoded(digits_sheet(digits)), AMBER) == []


def test_what_was_gained_comes_before_what_is_missed_and_both_are_capped() -> None:
    count = SHOWN + 9
    rows = [
        CorrectionRow(user_id=1, glyph=BLANK, should_be=7, created=0, held_out=False)
        for _ in range(count + 2)
    ]
    after = np.arange(count + 2) < count
    everything = np.ones_like(after)
    learned = Learned(Lessons.of(rows), ~everything, after, everything)
    picture = decoded(learned_sheet(learned))
    assert framed(picture, TEAL) == list(range(SHOWN))
    assert framed(picture, RED) == [SHOWN, SHOWN + 1]
