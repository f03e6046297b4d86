"""Wrong passwords by address: after a few, further ones are refused unread for a while."""

import time
from collections.abc import Callable

FREE = 5  # wrong passwords of one address that cost no wait
RECOVERY = 10.0  # s after which an address may be wrong once more
ADDRESSES_MAX = 10_000  # remembered; the least recently wrong go first


class Guesses:
    """For each address the time (s, monotonic) at which all its wrong passwords are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._forgotten_at: dict[str | None, float] = {}

    def has_room(self, address: str | None) -> bool:
        """Say whether a password from this address may be compared."""
        return self._forgotten_at.get(address, 0.0) - self._clock() <= (FREE - 1) * RECOVERY

    def add(self, address: str | None) -> None:
        """Note a wrong password."""
        former = self._forgotten_at.pop(address, 0.0)
        self._forgotten_at[address] = max(former, self._clock()) + RECOVERY
        if len(self._forgotten_at) > ADDRESSES_MAX:
            del self._forgotten_at[next(iter(self._forgotten_at))]
