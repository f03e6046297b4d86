"""A reading -> the sentences that answer its photo, as Telegram's HTML, the digits first."""

from collections.abc import Mapping, Sequence
from html import escape

from fluent.runtime.types import FluentNone, FluentNumber
from telegram.constants import MessageLimit

from bot.answers.buttons import NOT_A_DIGIT
from bot.store.tables import ReadingRow
from bot.texts import Say, number
from model.reader import Digit, Reading

NEVER_SURER = 0.999  # a network is never certain, so an answer never says 100 %
SURE_BY_NUMBER = (
    0.9  # of a lone digit's confidence: a doubt that shows so much would contradict itself
)
NAME_BELOW = 0.95  # the least sure of several digits is named if it is less sure than this
CAPTION_DIGITS = MessageLimit.CAPTION_LENGTH - 124  # characters; the rest is for the sentences
ALBUM_DIGITS = 300  # characters of one of ten photos


def answer(say: Say, reading: Reading, *, chosen: bool, digits: int = CAPTION_DIGITS) -> str:
    """Return the answer to one photo; a text of more characters than `digits` is cut.

    `chosen`: the user picked the network herself, so the last line names it.
    """
    one = len(reading.digits) == 1
    lines = [_one(say, reading)] if one else _several(say, reading, digits)
    if reading.page.turns:
        lines.append(say("answer-turned"))
    if reading.looks_turned:
        lines.append(say("answer-looks-turned"))
    if chosen:
        lines.append(read_by(say, reading))
    return "\n".join(lines)


def read_by(say: Say, reading: Reading) -> str:
    """Return the small print: which network read, in which version."""
    return say("answer-read-by", model=reading.model, version=escape(reading.version))


def numbered(answers: Sequence[str]) -> str:
    """Return one answer for an album: a line for each photo's answer, by number."""
    lines = [answer.replace("\n", " / ") for answer in answers]
    return "\n".join(f"{place}. {line}" for place, line in enumerate(lines, start=1))


def laid_out(digits: str, most: int = CAPTION_DIGITS) -> str:
    """Return digits, a space between lines, as lines of at most `most` characters together."""
    cut = digits if len(digits) <= most else f"{digits[:most]}…"
    return cut.replace(" ", "\n")


def percent(confidence: float, *, decimals: int = 0) -> FluentNumber | FluentNone:
    """Return a confidence of 0 to 1 as a percentage, to be written as the language does."""
    return number(100 * min(confidence, NEVER_SURER), decimals)


def _one(say: Say, reading: Reading) -> str:
    (digit,) = reading.digits
    if not reading.unsure:
        sure = percent(digit.confidence, decimals=1)
        return say("answer-one", digit=str(digit.digit), percent=sure)
    # So sure of which digit, the doubt is whether it is one.
    if digit.rejected or digit.confidence >= SURE_BY_NUMBER:
        return say("answer-rejected", digit=str(digit.digit))
    other, other_confidence = digit.top[1]
    return say(
        "answer-unsure",
        digit=str(digit.digit),
        percent=percent(digit.confidence),
        other=str(other),
        other_percent=percent(other_confidence),
    )


def _several(say: Say, reading: Reading, most: int) -> list[str]:
    key = "answer-several-unsure" if reading.unsure else "answer-several"
    lines = [say(key, digits=laid_out(reading.text, most))]
    least = least_sure(reading)
    if least.confidence < NAME_BELOW:
        # A number, not a word: the article before it may depend on how it is spoken.
        lines.append(
            say("answer-least-sure", digit=least.digit, percent=percent(least.confidence))
        )
    return lines


def least_sure(reading: Reading) -> Digit:
    """Return the digit that a reading is least sure of."""
    return min(reading.digits, key=lambda digit: digit.confidence)


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
