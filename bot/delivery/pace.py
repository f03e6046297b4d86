"""Rate limits of calls to Telegram, and the waits that it asks for (RetryAfter).

Telegram accepts about 30 messages a second from one bot, one a second in one chat (short bursts
are accepted) and 20 a minute in one group. It answers more with HTTP status 429 and the seconds to
wait.
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
Requests of files send no message. Telegram delays too many of them
(https://github.com/tdlib/telegram-bot-api/issues/755), so they have a limit of their own.

Processes that share one bot share these limits (`bot.store.rates`).
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar, cast

from telegram.error import RetryAfter

from bot.store.rates import Bucket, Rates

PER_SECOND = 28  # calls in all chats, at even distances: the bucket has one place
OVERALL = Bucket("calls", 1, 1 / PER_SECOND)
FILE = "getFile"  # the method that asks for a file
FILES = Bucket("files", 1, 1 / PER_SECOND)
# (calls at once, s until each further one)
PRIVATE = ((20, 1.0),)
GROUP = ((1, 1.0), (5, 4.0))  # the second allows at most 20 in any minute
MARGIN = 0.1  # s beyond what Telegram asks for
TRIES = 6  # of one call that Telegram answers with RetryAfter
ACTIONS_PER_SECOND = 5  # chat actions and reactions in all chats; they count as calls too
ACTIONS = Bucket("actions", ACTIONS_PER_SECOND, 1 / ACTIONS_PER_SECOND)
Answer = TypeVar("Answer")
Chat = int | str  # a chat's id; for calls that name no chat, the method


class Pace:
    """Delays calls to keep the limits; RetryAfter in one chat delays no other chat."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates

    async def keep(self, chat: Chat, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Make a call when the limits allow it, and again after RetryAfter.

        Raises RetryAfter after TRIES.
        """
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
        """Return whether a chat action may be sent at once; if so, it is counted as sent."""
        return await self._rates.take_if_free(ACTIONS, (_silenced(chat), OVERALL.key))

    async def _turn(self, chat: Chat) -> None:
        """Wait for a place in the chat's buckets, then in that of all chats or of all files.

        After RetryAfter in the chat meanwhile, wait for its end and begin again.
        """
        overall = FILES if chat == FILE else OVERALL
        stages = [stage for stage in (_buckets(chat), [overall]) if stage]
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
