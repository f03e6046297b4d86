"""Glyphs -> pictures: contact sheets of corrections, what a training gained, a digit marked."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.answers.buttons import NOT_A_DIGIT
from bot.learning.lessons import Learned
from bot.pictures.drawing import AMBER, MUTED, TEAL, WHITE, Colour, canvas, png, write
from bot.store.tables import CorrectionRow, DigitRow

COLUMNS = 10
CELL, HEIGHT = 96, 142  # px of a cell; ten of them fill a phone's screen
GLYPH = 84  # px, three times its 28
FRAME = 5  # px
TITLE, TITLE_AT = 19, 112  # px: size of the letters, their baseline from the top of the cell
NOTE, NOTE_AT = 15, 132
SHOWN = 50  # glyphs at most of what was gained, and of what is still missed: the latest
RED: Colour = (66, 66, 235)  # blue, green, red


@dataclass(frozen=True)
class Cell:
    """One glyph of a sheet: uint8 (28, 28), ink 255 on 0, with two short lines under it."""

    glyph: NDArray[np.uint8]
    title: str
    note: str = ""
    frame: Colour | None = None


def sheet(cells: Sequence[Cell]) -> bytes:
    """Draw the cells as a PNG, ten in a row."""
    rows = -(-len(cells) // COLUMNS)
    picture = canvas(min(len(cells), COLUMNS) * CELL, rows * HEIGHT)
    for place, cell in enumerate(cells):
        x, y = place % COLUMNS * CELL, place // COLUMNS * HEIGHT
        margin = (CELL - GLYPH) // 2
        left, top = x + margin, y + margin
        paper = cv2.resize(255 - cell.glyph, dsize=(GLYPH, GLYPH), interpolation=cv2.INTER_CUBIC)
        picture[top : top + GLYPH, left : left + GLYPH] = paper[..., np.newaxis]
        if cell.frame:
            inside = (left + 2, top + 2, GLYPH - 4, GLYPH - 4)
            cv2.rectangle(picture, inside, color=cell.frame, thickness=FRAME)
        middle = x + CELL // 2
        write(picture, cell.title, (middle, y + TITLE_AT), TITLE, colour=WHITE, align="middle")
        write(picture, cell.note, (middle, y + NOTE_AT), NOTE, colour=MUTED, align="middle")
    return png(picture)


def corrections_sheet(rows: Sequence[CorrectionRow]) -> bytes:
    """Draw corrections as "number: was > should be", those set aside framed; a PNG."""
    return sheet(
        [
            Cell(
                np.frombuffer(row.glyph, np.uint8).reshape(28, 28),
                f"{row.was} → {_label(row.should_be)}",
                f"#{row.id}",
                RED if row.excluded else None,
            )
            for row in rows
        ]
    )


def learned_sheet(learned: Learned) -> bytes:
    """Draw what a new version reads right at last, and what it still misses; a PNG."""
    gained, missed = (
        [
            Cell(lessons.glyphs[place], _label(int(lessons.should_be[place])), frame=colour)
            for place in places[-SHOWN:]
        ]
        for lessons, places, colour in (
            (learned.lessons, learned.gained, TEAL),
            (learned.lessons, learned.missed, RED),
        )
    )
    return sheet(gained + missed)


def digits_sheet(digits: Sequence[DigitRow], picked: int | None = None) -> bytes:
    """Draw the digits of a reading with what was read, the picked one marked; a PNG."""
    return sheet(
        [
            Cell(
                np.frombuffer(digit.glyph, np.uint8).reshape(28, 28),
                str(digit.digit),
                frame=AMBER if digit.position == picked else None,
            )
            for digit in digits
        ]
    )


def _label(should_be: int) -> str:
    return "×" if should_be == NOT_A_DIGIT else str(should_be)
