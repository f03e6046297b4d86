"""Rate limits that all processes keep together, by the generic cell rate algorithm.

Of each bucket one time is kept: when it will be empty. A call that takes a place puts it off, and
so one row hands out the times of all calls, in turn. An empty bucket needs no row.
https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm

One process keeps the times itself; several keep them in PostgreSQL, by its clock. While that is
not reached, each keeps its own.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.store.engine import Database

KEPT = 1000  # buckets of one process; above that, those that are empty are forgotten at times
AT_ONCE = 0.001  # s; clocks and floating point say no shorter wait
NOW = "extract(epoch FROM statement_timestamp())::float8"
AHEAD = text(f"SELECT empty_at - {NOW} FROM rates WHERE key = :key")  # noqa: S608
ADD = text(f"""
    INSERT INTO rates (key, empty_at) VALUES (:key, {NOW} + :seconds)
    ON CONFLICT (key) DO UPDATE SET empty_at = greatest(rates.empty_at, {NOW}) + :seconds
    RETURNING empty_at - {NOW}
""")  # noqa: S608
HOLD = text(f"""
    INSERT INTO rates (key, empty_at) VALUES (:key, {NOW} + :seconds)
    ON CONFLICT (key) DO UPDATE SET empty_at = greatest(rates.empty_at, excluded.empty_at)
""")  # noqa: S608
PRUNE = text(f"DELETE FROM rates WHERE empty_at < {NOW}")  # noqa: S608
Result = TypeVar("Result")


class Bucket(NamedTuple):
    """It lets `burst` calls go at once, and then one every so many seconds."""

    key: str
    burst: int
    every: float  # s


class Times(Protocol):
    """When buckets will be empty."""

    def ahead(self, key: str) -> float:
        """Return in how many seconds a bucket is empty; not above 0 if it is."""
        ...

    def add(self, key: str, seconds: float) -> float:
        """Put that off by so many seconds, and return the same as `ahead`."""
        ...

    def hold(self, key: str, seconds: float) -> None:
        """Let a bucket not be empty for so many seconds."""
        ...


def take(times: Times, held: str, stages: Sequence[Sequence[Bucket]]) -> tuple[float, int]:
    """Take places in the buckets of each stage, as far as there is nothing to wait for.

    Return the seconds to wait and in how many stages places were taken: none while `held` is held.
    """
    if (wait := times.ahead(held)) > AT_ONCE:
        return wait, 0
    for number, stage in enumerate(stages, start=1):
        waits = [times.add(one.key, one.every) - one.burst * one.every for one in stage]
        if (wait := max(waits)) > AT_ONCE:
            return wait, number
    return 0.0, len(stages)


def take_if_free(times: Times, bucket: Bucket, empty: Sequence[str] = ()) -> bool:
    """Take a place that is free at once, while the `empty` buckets are empty; say whether."""
    if any(times.ahead(key) > AT_ONCE for key in empty):
        return False
    if times.add(bucket.key, bucket.every) - bucket.burst * bucket.every > AT_ONCE:
        times.add(bucket.key, -bucket.every)
        return False
    return True


class LocalTimes:
    """Those of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._empty_at: dict[str, float] = {}
        self._most = KEPT

    def ahead(self, key: str) -> float:
        """See `Times`."""
        return self._empty_at.get(key, 0.0) - self._clock()

    def add(self, key: str, seconds: float) -> float:
        """See `Times`."""
        now = self._clock()
        if len(self._empty_at) > self._most:
            self._empty_at = {one: at for one, at in self._empty_at.items() if at > now}
            self._most = max(KEPT, 2 * len(self._empty_at))
        self._empty_at[key] = max(self._empty_at.get(key, now), now) + seconds
        return self._empty_at[key] - now

    def hold(self, key: str, seconds: float) -> None:
        """See `Times`."""
        self._empty_at[key] = max(self._empty_at.get(key, 0.0), self._clock() + seconds)


class _SharedTimes:
    """Those in PostgreSQL; a row that a transaction has changed is its own until the end."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ahead(self, key: str) -> float:
        return self._session.scalar(AHEAD, {"key": key}) or 0.0

    def add(self, key: str, seconds: float) -> float:
        return float(self._session.scalar(ADD, {"key": key, "seconds": seconds}) or 0.0)

    def hold(self, key: str, seconds: float) -> None:
        self._session.execute(HOLD, {"key": key, "seconds": seconds})


class Rates:
    """The store's part for rate limits; every method is one transaction where there are several
    processes, and raises nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database, self._here = database, LocalTimes()

    async def take(self, held: str, stages: Sequence[Sequence[Bucket]]) -> tuple[float, int]:
        """See `take`."""
        return await self._do(partial(take, held=held, stages=stages))

    async def take_if_free(self, bucket: Bucket, empty: Sequence[str] = ()) -> bool:
        """See `take_if_free`."""
        return await self._do(partial(take_if_free, bucket=bucket, empty=empty))

    async def hold(self, key: str, seconds: float) -> None:
        """Let a bucket not be empty for so many seconds, for all processes."""
        await self._do(lambda times: times.hold(key, seconds))

    async def prune(self) -> None:
        """Forget the buckets that are empty."""
        if self._database.shared:
            await self._database.run(lambda session: session.execute(PRUNE))

    async def _do(self, work: Callable[[Times], Result]) -> Result:
        if self._database.shared:
            with suppress(SQLAlchemyError):
                return await self._database.run(lambda session: work(_SharedTimes(session)))
        return work(self._here)
