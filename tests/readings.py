"""Readings made up for tests of the bot's side."""

import numpy as np

from model.reader import Digit, Reading
from preprocessing import Box


def reading(*digits: tuple[int, float], unsure_below: float = 0.7) -> Reading:
    """A reading of one line of (digit, confidence); the next digit is each one's second choice."""
    return Reading(
        digits=tuple(
            Digit(
                digit=digit,
                confidence=confidence,
                box=Box(20 * i, 0, 16, 20),
                line=0,
                top=((digit, confidence), ((digit + 1) % 10, 1 - confidence), (0, 0.0)),
                is_digit=1.0,
                glyph=np.zeros((28, 28), np.float32),
                unsure=confidence < unsure_below,
            )
            for i, (digit, confidence) in enumerate(digits)
        ),
        model="noisy",
        version="v1",
        ms=1.0,
    )
