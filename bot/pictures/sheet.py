"""Contact sheets of glyphs: of corrections, of a training's result, of one answer's digits."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.answers.buttons import DIGITS_ROW
from bot.pictures.drawing import AMBER, MUTED, Colour, Picture, canvas, png, write
from bot.store.tables import CorrectionRow, DigitRow
from model.classes import NOT_A_DIGIT
from model.datasets.corrections import Use

# In px; a phone shows the picture at about 40 % of this width.
CELL, GLYPH = 120, 112  # sides of a cell and of the glyph in it, which is enlarged four times
COLUMNS_MIN = 4  # cells in a row at least: chats enlarge narrower pictures
FRAME = 6
TITLE, TITLE_ROOM = 30, 38  # size of the letters below a glyph, and height of their line
NOTE, NOTE_ROOM = 24, 32
SHOWN = 50  # glyphs at most that a training gained, and that it missed: the latest
# Signs of the corrections that the last training left out, by reason.
LEFT_OUT: dict[int, str] = {Use.CONTRADICTED: "≠", Use.HARMFUL: "!", Use.TOO_MANY: "+"}
RED: Colour = (66, 66, 235)  # blue, green, red


@dataclass(frozen=True)
class Cell:
    """One glyph of a sheet: uint8 (28, 28), ink 255 on 0, with two short lines under it."""

    glyph: NDArray[np.uint8]
    title: str
    note: str = ""
    frame: Colour | None = None


def sheet(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Draw rows of cells as a PNG."""
    noted = any(cell.note for row in rows for cell in row)
    height = CELL + TITLE_ROOM + NOTE_ROOM * noted
    columns = max(COLUMNS_MIN, *map(len, rows))
    picture = canvas(columns * CELL, len(rows) * height)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            _draw(picture, cell, place * CELL, number * height)
    return png(picture)


def in_rows(cells: Sequence[Cell]) -> list[Sequence[Cell]]:
    """Return cells in rows of DIGITS_ROW, as the buttons below a sheet are."""
    return [cells[start : start + DIGITS_ROW] for start in range(0, len(cells), DIGITS_ROW)]


def _draw(picture: Picture, cell: Cell, x: int, y: int) -> None:
    left, top = x + (CELL - GLYPH) // 2, y + (CELL - GLYPH) // 2
    paper = cv2.resize(255 - cell.glyph, dsize=(GLYPH, GLYPH), interpolation=cv2.INTER_CUBIC)
    picture[top : top + GLYPH, left : left + GLYPH] = paper[..., np.newaxis]
    if cell.frame:
        inside = (left + 2, top + 2, GLYPH - 4, GLYPH - 4)
        cv2.rectangle(picture, inside, color=cell.frame, thickness=FRAME)
    middle, line = x + CELL // 2, y + CELL + TITLE
    write(picture, cell.title, (middle, line - 4), TITLE, align="middle")
    write(picture, cell.note, (middle, line + NOTE_ROOM), NOTE, colour=MUTED, align="middle")


def corrections_sheet(rows: Sequence[CorrectionRow]) -> bytes:
    """Return a PNG of corrections, each with "was → should be" and its number.

    Red frames: an admin set them aside. Amber: the last training left them out.
    """
    return sheet(
        in_rows(
            [
                Cell(
                    np.frombuffer(row.glyph, np.uint8).reshape(28, 28),
                    f"{row.was} → {_label(row.should_be)}",
                    f"#{row.id}{sign_of(row)}",
                    RED if row.excluded else AMBER if sign_of(row) else None,
                )
                for row in rows
            ]
        )
    )


def sign_of(row: CorrectionRow) -> str:
    """Return the sign of the reason why the last training left a correction out, else ""."""
    return "" if row.use is None else LEFT_OUT.get(row.use, "")


def digits_sheet(
    digits: Sequence[DigitRow], rows: Sequence[Sequence[int]], picked: int | None = None
) -> bytes:
    """Return a PNG of the digits at these positions with their labels; the picked one marked."""
    return sheet([[_cell(digits[position], picked) for position in row] for row in rows])


def _cell(digit: DigitRow, picked: int | None) -> Cell:
    glyph = np.frombuffer(digit.glyph, np.uint8).reshape(28, 28)
    return Cell(glyph, str(digit.digit), frame=AMBER if digit.position == picked else None)


def _label(should_be: int) -> str:
    return "×" if should_be == NOT_A_DIGIT else str(should_be)
