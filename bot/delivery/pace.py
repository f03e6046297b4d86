"""The pace of calls to Telegram: under its limits, and where it still asks to wait, in that chat.

Telegram takes about 30 messages a second of one bot, one a second in one chat (short bursts are
let through), and 20 a minute in one group; more is answered by status 429 and the seconds to wait.
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this

Processes that share one bot keep the pace together (`bot.store.rates`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar, cast

from telegram.error import RetryAfter

from bot.store.rates import Bucket, Rates

PER_SECOND = 28  # calls of all chats, evenly: a bucket of more would let that many go at once
OVERALL = Bucket("calls", 1, 1 / PER_SECOND)
# Calls at once, and the seconds in which each further one may follow.
PRIVATE = ((20, 1.0),)
GROUP = ((1, 1.0), (5, 4.0))  # the second lets at most 20 go in any minute
MARGIN = 0.1  # s beyond what Telegram asks for
TRIES = 6  # of one call, where Telegram asks for patience each time
SIGNS_PER_SECOND = 5  # "typing" in all chats: it would take places from answers
SIGNS = Bucket("signs", SIGNS_PER_SECOND, 1 / SIGNS_PER_SECOND)
Answer = TypeVar("Answer")
Chat = int | str  # a chat's id; for calls that name no chat, the method


class Pace:
    """Lets calls go when it is their turn; a chat that Telegram silences holds up no other."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates

    async def keep(self, chat: Chat, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Make a call in its turn, and again when Telegram asked to wait; raises RetryAfter."""
        for left in reversed(range(TRIES)):
            await self._turn(chat)
            try:
                return await call()
            except RetryAfter as error:
                # A timedelta, as `bot.__main__` asks PTB for.
                asked = cast(timedelta, error.retry_after).total_seconds()
                await self._rates.hold(_silenced(chat), asked + MARGIN)
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def has_room(self, chat: Chat) -> bool:
        """Whether a sign of life may go at once; if so, it counts as gone."""
        return await self._rates.take_if_free(SIGNS, (_silenced(chat), OVERALL.key))

    async def _turn(self, chat: Chat) -> None:
        """Wait for a place in the chat, then for one in all; and again while it is silenced."""
        stages = [stage for stage in (_buckets(chat), [OVERALL]) if stage]
        left = stages
        while True:
            wait, taken = await self._rates.take(_silenced(chat), left)
            if not wait:
                return
            left = left[taken:] if taken else stages
            await asyncio.sleep(wait)


def _silenced(chat: Chat) -> str:
    return f"silenced {chat}"


def _buckets(chat: Chat) -> list[Bucket]:
    if isinstance(chat, str):
        return []
    sizes = PRIVATE if chat > 0 else GROUP
    return [Bucket(f"chat {chat} {every:.0f}", burst, every) for burst, every in sizes]
