"""A reading and what its user says of it -> the answer as it should have been."""

from collections.abc import Mapping

from bot.answers.buttons import NOT_A_DIGIT
from bot.answers.text import laid_out
from bot.store.tables import ReadingRow
from bot.texts import Say


def corrected_text(say: Say, reading: ReadingRow, should_be: Mapping[int, int]) -> str:
    """Return the answer as Telegram's HTML, digits first; `should_be` is by position."""
    digits = corrected_digits(reading.text, should_be)
    if not digits:
        return say("feedback-nothing")
    return say("feedback-noted" if should_be else "answer-several", digits=laid_out(digits))


def corrected_digits(text: str, should_be: Mapping[int, int]) -> str:
    """Put the right digits in place; what is no digit goes, and a line of it alone too.

    `text`: digits in reading order, a space between lines.
    """
    position, lines = 0, []
    for line in text.split(" "):
        digits = ""
        for digit in line:
            right = should_be.get(position, int(digit))
            digits += "" if right == NOT_A_DIGIT else str(right)
            position += 1
        lines.append(digits)
    return " ".join(filter(None, lines))
