"""Telegram's "too many requests" -> silence until the time that it asks for is over.

PTB waits with what was refused, too, but as soon as any other call ends it lets all the rest go.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram.error import RetryAfter

MARGIN = 0.1  # s, as PTB adds

Answer = TypeVar("Answer")


class Silence:
    """Holds up calls while it lasts."""

    def __init__(self) -> None:
        self._until = 0.0  # by the loop's clock

    async def keep(
        self, call: Callable[..., Awaitable[Answer]], *args: Any, **kwargs: Any
    ) -> Answer:
        """Make a call when it is over; RetryAfter, which is raised on, begins it."""
        clock = asyncio.get_running_loop().time
        while (rest := self._until - clock()) > 0:
            await asyncio.sleep(rest)
        try:
            return await call(*args, **kwargs)
        except RetryAfter as error:
            asked = error._retry_after.total_seconds()  # the public name is about to change
            self._until = max(self._until, clock() + asked + MARGIN)
            raise
