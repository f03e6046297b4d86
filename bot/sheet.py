"""Glyphs -> pictures: contact sheets of corrections, what a training gained, a digit marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from bot.buttons import NOT_A_DIGIT
from bot.lessons import Learned
from bot.tables import CorrectionRow, DigitRow

COLUMNS = 10
CELL = 96  # px, width of a cell; ten of them fill a phone's screen
GLYPH = 84  # px, three times its 28
LINE = 22  # px, height of a line of text
FONT_SIZE = 17  # px
PAPER, INK, PALE = "#ffffff", "#202124", "#9aa0a6"
GOOD, BAD, PICKED = "#188038", "#d93025", "#e8710a"
FRAME = 4  # px
SHOWN = 50  # glyphs at most of what was gained, and of what is still missed: the latest


@dataclass(frozen=True)
class Cell:
    """One glyph of a sheet: uint8 (28, 28), ink 255 on 0, with two short lines under it."""

    glyph: NDArray[np.uint8]
    title: str
    note: str = ""
    frame: str | None = None  # a colour


def sheet(cells: Sequence[Cell]) -> bytes:
    """Draw the cells as a PNG, ten in a row."""
    rows = -(-len(cells) // COLUMNS)
    height = GLYPH + 2 * LINE + FRAME
    columns = min(len(cells), COLUMNS)
    picture = Image.new("RGB", (columns * CELL, rows * height), PAPER)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(FONT_SIZE)
    for place, cell in enumerate(cells):
        x, y = place % COLUMNS * CELL, place // COLUMNS * height
        glyph = Image.fromarray(255 - cell.glyph).resize((GLYPH, GLYPH))
        left, top = x + (CELL - GLYPH) // 2, y + FRAME
        picture.paste(glyph, (left, top))
        if cell.frame:
            corners = (left, top, left + GLYPH - 1, top + GLYPH - 1)
            draw.rectangle(corners, outline=cell.frame, width=FRAME)
        middle, foot = x + CELL // 2, top + GLYPH
        draw.text((middle, foot), cell.title, fill=INK, font=font, anchor="ma")
        draw.text((middle, foot + LINE), cell.note, fill=PALE, font=font, anchor="ma")
    with BytesIO() as file:
        picture.save(file, "PNG")
        return file.getvalue()


def corrections_sheet(rows: Sequence[CorrectionRow]) -> bytes:
    """Draw corrections as "number: was > should be", those set aside framed; a PNG."""
    return sheet(
        [
            Cell(
                np.frombuffer(row.glyph, np.uint8).reshape(28, 28),
                f"{row.was} > {_label(row.should_be)}",
                f"#{row.id}",
                BAD if row.excluded else None,
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
            (learned.lessons, learned.gained, GOOD),
            (learned.lessons, learned.missed, BAD),
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
                frame=PICKED if digit.position == picked else None,
            )
            for digit in digits
        ]
    )


def _label(should_be: int) -> str:
    return "x" if should_be == NOT_A_DIGIT else str(should_be)
