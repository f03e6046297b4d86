"""So many photos of one user a minute, by whichever way they come; and so many taps and hints."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

BURST = 10  # photos at once: an album
FORGET_ABOVE = 10_000  # users remembered; those who may send a full burst again are forgotten


@dataclass
class _Bucket:
    photos: float
    filled: float
    told: bool = False


class Limits:
    """A bucket of photos for each user, filled by `per_minute`; 0 means no limit."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic, burst: int = BURST
    ) -> None:
        self._rate, self._clock, self._burst = per_minute / 60, clock, burst
        self._buckets: dict[int, _Bucket] = {}

    def take(self, user_id: int) -> bool:
        """Say whether the user may send this photo."""
        if not self._rate:
            return True
        bucket = self._filled(user_id)
        if bucket.photos < 1:
            return False
        bucket.photos -= 1
        bucket.told = False
        return True

    def must_tell(self, user_id: int) -> bool:
        """Say, once until the next photo that gets through, that the user is to be told."""
        bucket = self._filled(user_id)
        told, bucket.told = bucket.told, True
        return not told

    @property
    def seconds_until_full(self) -> int:
        """How long a user who sent too many waits until a full burst is read again."""
        return math.ceil(BURST / self._rate)

    def _filled(self, user_id: int) -> _Bucket:
        now = self._clock()
        if len(self._buckets) > FORGET_ABOVE:
            full = self._burst / self._rate  # s
            self._buckets = {k: b for k, b in self._buckets.items() if now - b.filled < full}
        bucket = self._buckets.setdefault(user_id, _Bucket(self._burst, now))
        bucket.photos = min(self._burst, bucket.photos + self._rate * (now - bucket.filled))
        bucket.filled = now
        return bucket
