"""The text of an answer, from a stored reading, as Telegram's HTML; the digits come first."""

from collections.abc import Mapping, Sequence
from html import escape

from fluent.runtime.types import FluentNone, FluentNumber
from telegram.constants import MessageLimit

from bot.answers.state import (
    doubts,
    is_open,
    is_refused,
    looks_turned,
    marked_digits,
    place_of,
)
from bot.store.tables import ReadingRow
from bot.texts import Say, number
from model.calibration import SHOWN_MAX

NAME_BELOW = 0.95  # confidence below which the least sure of several digits is named
TENTHS_ABOVE = 0.99  # confidence above which a percentage has one decimal
CAPTION_DIGITS = MessageLimit.CAPTION_LENGTH - 224  # characters of digits; the rest is for words
REFUSED_DIGITS = 12  # characters of a reading that is probably of no digits
ALBUM_DIGITS = 250  # characters of one of ten photos, with ALBUM_LINE between its lines
ALBUM_LINE = " / "  # between the lines of one photo's answer


def answer(
    say: Say,
    row: ReadingRow,
    should_be: Mapping[int, int],
    network: str = "",
    *,
    in_album: bool = False,
) -> str:
    """Return the answer to one photo, cut to the length of a caption or of a part of an album's.

    `network`: the last line, which names the network for a user who chose one.
    """
    if looks_turned(row, should_be):
        return say("answer-looks-turned")
    if is_refused(row, should_be):
        perhaps = laid_out(row.text, REFUSED_DIGITS)
        return say("answer-refused", digits=perhaps.replace("\n", " "))
    if _is_one(row, should_be):
        lines = [_one(say, row)]
    else:
        lines = _several(say, row, should_be, in_album=in_album)
    if row.turns:
        lines.append(say("answer-turned"))
    return "\n".join([*lines, *([network] if network else [])])


def read_by(say: Say, row: ReadingRow, *, version: bool) -> str:
    """Return the line that names the network and, for an admin, its version."""
    name = say("answer-read-by", model=row.model)
    return f"<i>{name}{f', {escape(row.version)}' if version else ''}</i>"


def numbered(answers: Sequence[str]) -> str:
    """Return one answer for an album: the photos' answers, each with its number."""
    lines = [answer.replace("\n", ALBUM_LINE) for answer in answers]
    return "\n".join(f"{place}. {line}" for place, line in enumerate(lines, start=1))


def laid_out(digits: str, most: int = CAPTION_DIGITS, between: str = "\n") -> str:
    """Return digits, with a space between lines, as lines of at most `most` characters in all."""
    text = digits.replace(" ", between)
    return text if len(text) <= most else f"{text[:most].rstrip(between)}…"


def percent(confidence: float) -> FluentNumber | FluentNone:
    """Return a confidence (0 to 1) as a percentage, formatted by the language's rules."""
    return number(100 * min(confidence, SHOWN_MAX), int(confidence > TENTHS_ABOVE))


def least_sure(row: ReadingRow, should_be: Mapping[int, int]) -> int | None:
    """Return the position of the least sure digit that is neither corrected nor confirmed."""
    left = [p for p in range(len(row.digits)) if p not in should_be]
    return min(left, key=lambda p: row.digits[p].confidence, default=None)


def _is_one(row: ReadingRow, should_be: Mapping[int, int]) -> bool:
    return len(row.digits) == 1 and is_open(row, should_be)


def _one(say: Say, row: ReadingRow) -> str:
    (digit,) = row.digits
    sure = percent(digit.confidence)
    if not digit.unsure:
        return say("answer-one", digit=str(digit.digit), percent=sure)
    return say(
        "answer-unsure",
        digit=str(digit.digit),
        percent=sure,
        other=str(digit.other),
        other_percent=percent(digit.other_confidence or 0),
    )


def _several(
    say: Say, row: ReadingRow, should_be: Mapping[int, int], *, in_album: bool
) -> list[str]:
    marked = marked_digits(row, should_be)
    digits = laid_out(marked, ALBUM_DIGITS, ALBUM_LINE) if in_album else laid_out(marked)
    if not digits:
        return [say("feedback-nothing")]
    key = "feedback-noted" if should_be else "answer-several"
    if row.judged_right:
        return [say("feedback-confirmed", digits=digits)]
    lines = [say(key, digits=digits)]
    least = least_sure(row, should_be)
    if least is None or len(row.digits) == 1:
        return lines
    digit = row.digits[least]
    if digit.confidence < NAME_BELOW and (is_open(row, should_be) or doubts(row, should_be)):
        line, nth = place_of(row.text, least)
        said = percent(digit.confidence)
        # A number and not a word: Hungarian's article before it depends on its pronunciation.
        values = {"digit": digit.digit, "line": line, "place": nth, "percent": said}
        lines.append(say("answer-least-sure", **values))
    return lines
