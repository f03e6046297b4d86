"""Flood: once Telegram asks for silence, no call is made until it is over."""

import asyncio
import time

import pytest
from telegram.error import RetryAfter

from bot.delivery.flood import MARGIN, Silence

ASKED = 1  # s


async def refuse() -> None:
    raise RetryAfter(ASKED)


async def say(word: str, *, after: float = 0) -> str:
    await asyncio.sleep(after)
    return word


async def test_a_call_is_made_as_it_is() -> None:
    assert await Silence().keep(say, "one", after=0.01) == "one"


async def test_all_calls_wait_until_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # or PTB warns that it will be so
    silence = Silence()
    on_its_way = asyncio.create_task(silence.keep(say, "two", after=0.1))
    await asyncio.sleep(0)
    with pytest.raises(RetryAfter):
        await silence.keep(refuse)
    refused = time.monotonic()
    later = [asyncio.create_task(silence.keep(say, word)) for word in ("three", "four")]
    assert await on_its_way == "two"
    assert time.monotonic() - refused < ASKED
    assert await asyncio.gather(*later) == ["three", "four"]
    assert time.monotonic() - refused >= ASKED + MARGIN - 0.01
