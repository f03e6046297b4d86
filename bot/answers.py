"""A reading -> the sentences that answer its photo."""

from html import escape

from fluent.runtime.types import FluentNumber, fluent_number
from model.reader import Digit, Reading

from bot.texts import Texts

NEVER_SURER = 0.999  # a network is never certain, so an answer never says 100 %
NAME_BELOW = 0.95  # the least sure of several digits is named if it is less sure than this


def answer(texts: Texts, language: str, reading: Reading, *, chosen: bool) -> str:
    """Return the answer as Telegram's HTML, the digits first.

    `chosen`: the user picked the network herself, so the last line names it.
    """
    if len(reading.digits) == 1:
        lines = [_one(texts, language, reading)]
    else:
        lines = _several(texts, language, reading)
    if chosen:
        version = escape(reading.version)
        lines.append(texts.say(language, "answer-read-by", model=reading.model, version=version))
    return "\n".join(lines)


def percent(confidence: float, *, decimals: int = 0) -> FluentNumber:
    """Return a confidence of 0 to 1 as a percentage, to be written as the language does."""
    value = 100 * min(confidence, NEVER_SURER)
    return fluent_number(
        round(value, decimals), minimumFractionDigits=decimals, maximumFractionDigits=decimals
    )


def _one(texts: Texts, language: str, reading: Reading) -> str:
    (digit,) = reading.digits
    if not reading.unsure:
        sure = percent(digit.confidence, decimals=1)
        return texts.say(language, "answer-one", digit=str(digit.digit), percent=sure)
    other, other_confidence = digit.top[1]
    return texts.say(
        language,
        "answer-unsure",
        digit=str(digit.digit),
        percent=percent(digit.confidence),
        other=str(other),
        other_percent=percent(other_confidence),
    )


def _several(texts: Texts, language: str, reading: Reading) -> list[str]:
    key = "answer-several-unsure" if reading.unsure else "answer-several"
    lines = [texts.say(language, key, digits=reading.text.replace(" ", "\n"))]
    least = min(reading.digits, key=_confidence)
    if least.confidence < NAME_BELOW:
        sure = percent(least.confidence)
        lines.append(
            texts.say(language, "answer-least-sure", digit=str(least.digit), percent=sure)
        )
    return lines


def _confidence(digit: Digit) -> float:
    return digit.confidence
