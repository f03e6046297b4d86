"""Rate limit of wrong passwords by address: above it passwords are refused without a check."""

import time
from collections.abc import Callable

FREE = 5  # wrong passwords of one address before the first wait
RECOVERY = 10.0  # s after which one more wrong password is allowed
ADDRESSES_MAX = 10_000  # addresses in memory; the one with the oldest wrong password goes first


class Guesses:
    """By address the time.monotonic() at which its wrong passwords no longer count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._forgotten_at: dict[str | None, float] = {}

    def has_room(self, address: str | None) -> bool:
        """Return whether a password from this address may be checked."""
        return self._forgotten_at.get(address, 0.0) - self._clock() <= (FREE - 1) * RECOVERY

    def add(self, address: str | None) -> None:
        """Count a wrong password."""
        former = self._forgotten_at.pop(address, 0.0)
        self._forgotten_at[address] = max(former, self._clock()) + RECOVERY
        if len(self._forgotten_at) > ADDRESSES_MAX:
            del self._forgotten_at[next(iter(self._forgotten_at))]
