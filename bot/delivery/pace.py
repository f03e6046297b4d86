"""The pace of calls to Telegram: under its limits, and where it still asks to wait, in that chat.

Telegram takes about 30 messages a second of one bot, one a second in one chat (short bursts are
let through), and 20 a minute in one group; more is answered by status 429 and the seconds to wait.
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar, cast

from aiolimiter import AsyncLimiter
from telegram.error import RetryAfter

OVERALL = 28  # calls a second, evenly: a bucket of more would let that many go at once
# Calls and seconds: each bucket lets so many go at once, and then as many in so many seconds.
PRIVATE = ((20, 20.0),)
GROUP = ((1, 1.0), (5, 20.0))  # the second lets at most 20 go in any minute
BUCKETS_KEPT = 1000  # chats; above that, those whose buckets are empty are forgotten
MARGIN = 0.1  # s beyond what Telegram asks for
TRIES = 6  # of one call, where Telegram asks for patience each time
SIGNS = 5  # "typing" a second of all chats: it would take places from answers
Answer = TypeVar("Answer")
Chat = int | str  # a chat's id; for calls that name no chat, the method


class Pace:
    """Lets calls go when it is their turn; a chat that Telegram silences holds up no other."""

    def __init__(self) -> None:
        self._overall = AsyncLimiter(1, 1 / OVERALL)
        self._signs = AsyncLimiter(SIGNS, 1)
        self._buckets: dict[Chat, list[AsyncLimiter]] = {}
        self._silent_until: dict[Chat, float] = {}  # by the loop's clock

    async def keep(self, chat: Chat, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Make a call in its turn, and again when Telegram asked to wait; raises RetryAfter."""
        for left in reversed(range(TRIES)):
            await self._turn(chat)
            try:
                return await call()
            except RetryAfter as error:
                # A timedelta, as `bot.__main__` asks PTB for.
                asked = cast(timedelta, error.retry_after).total_seconds()
                self._silent_until[chat] = asyncio.get_running_loop().time() + asked + MARGIN
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    async def has_room(self, chat: Chat) -> bool:
        """Whether a sign of life may go at once; if so, it counts as gone."""
        if self._rest(chat) or not (self._overall.has_capacity() and self._signs.has_capacity()):
            return False
        await self._signs.acquire()
        return True

    async def _turn(self, chat: Chat) -> None:
        while True:
            while rest := self._rest(chat):
                await asyncio.sleep(rest)
            for bucket in self._buckets_of(chat):
                await bucket.acquire()
            await self._overall.acquire()
            if not self._rest(chat):  # else another call of this chat was refused meanwhile
                return

    def _rest(self, chat: Chat) -> float:
        """Return how many seconds Telegram still asks this chat to be silent."""
        rest = self._silent_until.get(chat, 0.0) - asyncio.get_running_loop().time()
        if rest <= 0:
            self._silent_until.pop(chat, None)
        return max(rest, 0.0)

    def _buckets_of(self, chat: Chat) -> list[AsyncLimiter]:
        if isinstance(chat, str):
            return []
        if len(self._buckets) > BUCKETS_KEPT:
            self._buckets = {
                kept: buckets
                for kept, buckets in self._buckets.items()
                if not all(bucket.has_capacity(bucket.max_rate) for bucket in buckets)
            }
        if chat not in self._buckets:
            sizes = PRIVATE if chat > 0 else GROUP
            self._buckets[chat] = [AsyncLimiter(size, seconds) for size, seconds in sizes]
        return self._buckets[chat]
