"""The update in work: what its handlers, its messages and its log lines share."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class UpdateContext:
    """One update from its turn until it is finished."""

    update_id: int
    replies: int = 0  # messages sent that quote the user's
    others: int = 0  # messages sent that quote none
    outcome: str = "answered"
    unreached: bool = False  # Telegram was tried for long; now it gets one more try
    store_failed: bool = False  # then it is taken up again
    finished: bool = False  # a task that goes on after it, a training, answers it no more
    leave_place: Callable[[], None] = lambda: None  # for a long wait: a photo takes the place
    album: asyncio.Lock | None = None  # of an album: its photos are read one at a time

    @property
    def name(self) -> str:
        """A short id for log lines and apologies: it tells when, and not who."""
        return f"{self.update_id:x}"


current: ContextVar[UpdateContext | None] = ContextVar("current", default=None)
