"""Readings made up for tests of the bot's side."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import numpy as np

from bot.store.store import as_row
from bot.store.tables import ReadingRow
from model.reader import Digit, Reading
from preprocessing import Box, Page


def reading(
    *digits: tuple[int, float],
    confidence_threshold: float = 0.7,
    lines: Sequence[int] = (),
    rejected: bool = False,
) -> Reading:
    """A reading of (digit, confidence), in one line or in `lines` by digit.

    The next digit is each one's second choice.
    """
    width, height = 20 * len(digits), 20
    blank = SimpleNamespace(
        width=width, height=height, turns=0, gray=np.full((height, width), 255, np.uint8)
    )
    return Reading(
        digits=tuple(
            Digit(
                digit=digit,
                confidence=confidence,
                box=Box(20 * i, 0, 16, 20),
                line=lines[i] if lines else 0,
                top=((digit, confidence), ((digit + 1) % 10, 1 - confidence), (0, 0.0)),
                is_digit=0.2 if rejected else 1.0,
                rejected=rejected,
                glyph=np.zeros((28, 28), np.float32),
                unsure=rejected or confidence < confidence_threshold,
            )
            for i, (digit, confidence) in enumerate(digits)
        ),
        model="noisy",
        version="v1",
        ms=1.0,
        page=cast(Page, blank),
    )


def row_of(
    *digits: tuple[int, float],
    lines: Sequence[int] = (),
    rejected: bool = False,
    turns: int = 0,
    looks_turned: bool = False,
    row_id: int = 5,
) -> ReadingRow:
    """What the store keeps of such a reading."""
    row = as_row(1, reading(*digits, lines=lines, rejected=rejected))
    row.id, row.turns, row.looks_turned = row_id, turns, looks_turned
    return row
