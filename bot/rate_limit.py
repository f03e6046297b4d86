"""Rate limits of each user: photos (from chats and the web page alike), taps and hints."""

import math
import time
from collections.abc import Callable

from bot.store.rates import Bucket, LocalTimes, Rates, take_if_free

BURST = 10  # photos at once: the most that Telegram allows in an album


class PhotoLimits:
    """A bucket of BURST photos for each user, refilled at `per_minute`; 0 means no limit.

    All processes that share the store share the buckets.
    """

    def __init__(self, rates: Rates, per_minute: int) -> None:
        self._rates, self._every = rates, 60 / per_minute if per_minute else 0.0

    async def take(self, user_id: int) -> bool:
        """Count a photo if the user may send one now; return whether."""
        bucket = Bucket(f"photos {user_id}", BURST, self._every)
        return not self._every or await self._rates.take_if_free(bucket)

    async def may_notify(self, user_id: int) -> bool:
        """Return whether to tell the user about the limit: once per refill of one photo."""
        return await self._rates.take_if_free(Bucket(f"told {user_id}", 1, self._every))

    @property
    def seconds_until_full(self) -> int:
        """Seconds until an exhausted bucket is full again, rounded up."""
        return math.ceil(BURST * self._every)


class Limits:
    """A bucket for each user, kept in this process: `burst` at once, refilled at `per_minute`."""

    def __init__(
        self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._every, self._burst, self._times = 60 / per_minute, burst, LocalTimes(clock)

    def take(self, user_id: int) -> bool:
        """Count one action if the user may do it now; return whether."""
        return take_if_free(self._times, Bucket(str(user_id), self._burst, self._every))
