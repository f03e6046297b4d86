"""The state of an answer, from the stored reading and its user's corrections.

`should_be`: the labels that the user gave, by position of the digit from 0.
"""

from collections.abc import Mapping

from bot.store.tables import ReadingRow
from model.classes import NOT_A_DIGIT

# Confidence: a single unsure digit above it is doubted as a digit at all, not as this label.
SURE_BY_NUMBER = 0.9


def doubts(row: ReadingRow, should_be: Mapping[int, int]) -> list[int]:
    """Return the positions of the unsure digits that the user neither corrected nor confirmed."""
    if row.judged_right:
        return []
    return [
        digit.position for digit in row.digits if digit.unsure and digit.position not in should_be
    ]


def is_open(row: ReadingRow, should_be: Mapping[int, int]) -> bool:
    """Return whether the user has neither corrected nor confirmed anything yet."""
    return not should_be and not row.judged_right


def is_refused(row: ReadingRow, should_be: Mapping[int, int]) -> bool:
    """Return whether no glyph is enough like a digit for an answer."""
    rejected = all(digit.unsure and digit.other == NOT_A_DIGIT for digit in row.digits)
    first = row.digits[0]
    alone = len(row.digits) == 1 and first.unsure and first.confidence >= SURE_BY_NUMBER
    return (rejected or alone) and is_open(row, should_be)


def looks_turned(row: ReadingRow, should_be: Mapping[int, int]) -> bool:
    """Return whether to ask how the photo must be turned instead of showing its digits."""
    return row.looks_turned and is_open(row, should_be)


def corrected_digits(text: str, should_be: Mapping[int, int]) -> str:
    """Return `text` with the corrected labels; what is no digit is removed, empty lines too.

    `text`: digits in reading order, a space between lines.
    """
    return _filled(text, should_be, ())


def marked_digits(row: ReadingRow, should_be: Mapping[int, int]) -> str:
    """Return the corrected digits with "?" after each doubtful one."""
    return _filled(row.text, should_be, doubts(row, should_be))


def place_of(text: str, position: int) -> tuple[int, int]:
    """Return a digit's line (from 1; 0 if there is only one) and its place in it (from 1)."""
    lines, before = text.split(" "), 0
    for number, line in enumerate(lines, start=1):
        if position < before + len(line):
            return number if len(lines) > 1 else 0, position - before + 1
        before += len(line)
    raise IndexError(position)


def _filled(text: str, should_be: Mapping[int, int], doubtful: list[int] | tuple[()]) -> str:
    position, lines = 0, []
    for line in text.split(" "):
        digits = ""
        for digit in line:
            right = should_be.get(position, int(digit))
            digits += "" if right == NOT_A_DIGIT else str(right)
            digits += "?" if position in doubtful else ""
            position += 1
        lines.append(digits)
    return " ".join(filter(None, lines))
