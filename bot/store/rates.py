"""Rate limits shared by all processes: leaky buckets by the generic cell rate algorithm.

A bucket is one time: when it will be empty (GCRA's theoretical arrival time). Each call adds its
`every` to it, and waits for what exceeds `burst` * `every`. An empty bucket needs no row.
https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm

With SQLite the times are in memory; with PostgreSQL in a table, by the server's clock. While that
is not reached, each process uses its own memory.
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

KEPT = 1000  # buckets in memory, above which empty ones are removed
AT_ONCE = 0.001  # s; shorter waits are rounding errors and count as none
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
    """It allows `burst` calls at once, then one each `every` seconds."""

    key: str
    burst: int
    every: float  # s


class Times(Protocol):
    """The times at which buckets will be empty, by their key."""

    def ahead(self, key: str) -> float:
        """Return the seconds until a bucket is empty; 0 or less if it is."""
        ...

    def add(self, key: str, seconds: float) -> float:
        """Add seconds to the time, at least from now on; return the seconds until it."""
        ...

    def hold(self, key: str, seconds: float) -> None:
        """Set the time to at least `seconds` from now."""
        ...


def take(times: Times, held: str, stages: Sequence[Sequence[Bucket]]) -> tuple[float, int]:
    """Count a call in all buckets of the first stage, then of the next, until one has to wait.

    Return the seconds to wait (0.0: the call may go), and in how many stages it was counted: those
    are not to be passed again. While the bucket `held` is not empty it is counted in none.
    """
    if (wait := times.ahead(held)) > AT_ONCE:
        return wait, 0
    for number, stage in enumerate(stages, start=1):
        waits = [times.add(one.key, one.every) - one.burst * one.every for one in stage]
        if (wait := max(waits)) > AT_ONCE:
            return wait, number
    return 0.0, len(stages)


def take_if_free(times: Times, bucket: Bucket, empty: Sequence[str] = ()) -> bool:
    """Count a call if it need not wait and all buckets `empty` are empty; return whether."""
    if any(times.ahead(key) > AT_ONCE for key in empty):
        return False
    if times.add(bucket.key, bucket.every) - bucket.burst * bucket.every > AT_ONCE:
        times.add(bucket.key, -bucket.every)
        return False
    return True


class LocalTimes:
    """Times in the memory of this process."""

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
    """Times in PostgreSQL; a changed row stays locked until its transaction ends."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ahead(self, key: str) -> float:
        return self._session.scalar(AHEAD, {"key": key}) or 0.0

    def add(self, key: str, seconds: float) -> float:
        return float(self._session.scalar(ADD, {"key": key, "seconds": seconds}) or 0.0)

    def hold(self, key: str, seconds: float) -> None:
        self._session.execute(HOLD, {"key": key, "seconds": seconds})


class Rates:
    """Rate limits of this process or, with PostgreSQL, of all.

    Methods are one transaction in PostgreSQL. Only `prune` raises errors of the database.
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
        """Keep a bucket from being empty for `seconds`, in all processes."""
        await self._do(lambda times: times.hold(key, seconds))

    async def prune(self) -> None:
        """Delete the rows of empty buckets."""
        if self._database.shared:
            await self._database.run(lambda session: session.execute(PRUNE))

    async def _do(self, work: Callable[[Times], Result]) -> Result:
        if self._database.shared:
            with suppress(SQLAlchemyError):
                return await self._database.run(lambda session: work(_SharedTimes(session)))
        return work(self._here)
