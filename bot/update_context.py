"""The update in work: what its handlers, its messages and its log lines share."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field

from telegram import Update


async def _none() -> Sequence[Update]:
    return ()


@dataclass
class UpdateContext:
    """One update, or the photos of one album, from the claim until they are finished.

    `updates`: all that is answered together; `late`: claims photos of the album that came since.
    """

    update_id: int
    owner: str = ""  # the token of the claim
    updates: list[Update] = field(default_factory=list)
    late: Callable[[], Awaitable[Sequence[Update]]] = _none
    replies: int = 0  # messages sent that quote the user's
    others: int = 0  # messages sent that quote none
    outcome: str = "answered"
    unreached: bool = False  # Telegram was tried for long; now it gets one more try
    store_failed: bool = False  # then it is handled again
    finished: bool = False  # a task that goes on after it, a training, answers it no more
    leave_place: Callable[[], None] = lambda: None  # for a long wait: a photo takes the place
    album: asyncio.Lock | None = None  # of an album: its photos are read one at a time

    @property
    def name(self) -> str:
        """A short id for log lines and apologies: it tells when, and not who."""
        return f"{self.update_id:x}"


current: ContextVar[UpdateContext | None] = ContextVar("current", default=None)
