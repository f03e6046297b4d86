"""So many photos of one user a minute, by whichever way they come; and so many taps and hints."""

import math
import time
from collections.abc import Callable

from bot.store.rates import Bucket, LocalTimes, Rates, take_if_free

BURST = 10  # photos at once: an album


class PhotoLimits:
    """A bucket of photos for each user, filled by `per_minute`; 0 means no limit.

    All processes that share the store count together.
    """

    def __init__(self, rates: Rates, per_minute: int) -> None:
        self._rates, self._every = rates, 60 / per_minute if per_minute else 0.0

    async def take(self, user_id: int) -> bool:
        """Say whether the user may send this photo."""
        bucket = Bucket(f"photos {user_id}", BURST, self._every)
        return not self._every or await self._rates.take_if_free(bucket)

    async def must_tell(self, user_id: int) -> bool:
        """Say, once in the time in which one more photo may come, that she is to be told."""
        return await self._rates.take_if_free(Bucket(f"told {user_id}", 1, self._every))

    @property
    def seconds_until_full(self) -> int:
        """How long a user who sent too many waits until a full burst is read again."""
        return math.ceil(BURST * self._every)


class Limits:
    """So many of anything that one user does in this process: `burst` at once, then by minute."""

    def __init__(
        self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._every, self._burst, self._times = 60 / per_minute, burst, LocalTimes(clock)

    def take(self, user_id: int) -> bool:
        """Say whether the user may do this."""
        return take_if_free(self._times, Bucket(str(user_id), self._burst, self._every))
