"""The context of the update in work, shared by its handlers, messages and log lines."""

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

    `updates`: those that are answered together. `late`: claims photos of the album that arrived
    since.
    """

    update_id: int
    owner: str = ""  # the token of the claim
    updates: list[Update] = field(default_factory=list)
    late: Callable[[], Awaitable[Sequence[Update]]] = _none
    replies: int = 0  # messages sent as replies
    others: int = 0  # other messages sent
    outcome: str = "answered"
    unreached: bool = False  # calls failed for long: the next ones are made once, not repeated
    store_failed: bool = False  # the update will be handled again
    finished: bool = False  # messages of tasks that go on, such as a training, are no answers
    leave_place: Callable[[], None] = lambda: None  # stop counting it in IN_WORK, for a long wait
    album: asyncio.Lock | None = None  # held while one photo of the album is read

    @property
    def name(self) -> str:
        """The update's id in hexadecimal, for log lines and error messages."""
        return f"{self.update_id:x}"


current: ContextVar[UpdateContext | None] = ContextVar("current", default=None)
