"""Transactions in SQLite or PostgreSQL, and one kind of error for a database that is away.

A transaction is a function of a session and runs whole. SQLite's are in a thread of their own:
were the event loop to take part in each statement, a loop that is busy with photos would hold the
one connection for 30 times as long as SQLite needs it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from sqlalchemy import URL, Dialect, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

SQLITE_PRAGMAS = (
    "journal_mode=WAL",  # other programs' readers and the writer go side by side
    "synchronous=NORMAL",
    "busy_timeout=5000",  # ms
    "foreign_keys=ON",
)
Result = TypeVar("Result")


class Database(Protocol):
    """What the store is kept in."""

    async def run(self, work: Callable[[Session], Result]) -> Result:
        """Do all of `work` or, if it raises, nothing of it; its rows can be read afterwards."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...


def open_database(url: str) -> Database:
    """Return the database at SQLAlchemy's `url`; it connects when it is needed."""
    address = make_url(url)
    return _Sqlite(address) if address.get_backend_name() == "sqlite" else _Served(address)


def is_away(error: BaseException | None) -> bool:
    """Say whether the database is locked, full, read-only or not reached: all of it may heal."""
    broken = isinstance(error, DBAPIError) and error.connection_invalidated
    return broken or isinstance(error, OperationalError | InterfaceError)


class _Sqlite:
    """One thread and so one connection: of more, one waits for another's lock and gives up."""

    def __init__(self, address: URL) -> None:
        self._engine = create_engine(
            address.set(drivername="sqlite"),
            hide_parameters=True,  # they hold what people sent
            pool_reset_on_return=None,  # it comes back after commit or rollback
        )
        event.listen(self._engine, "connect", _prepare_sqlite)
        self._begin = sessionmaker(self._engine, expire_on_commit=False).begin
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def run(self, work: Callable[[Session], Result]) -> Result:
        def transaction() -> Result:
            with self._begin() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._thread, transaction)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()


class _Served:
    """A server, which takes several transactions at once."""

    def __init__(self, address: URL) -> None:
        self._engine = create_async_engine(address, hide_parameters=True)
        event.listen(self._engine.sync_engine, "do_connect", _connect)
        self._begin = async_sessionmaker(self._engine, expire_on_commit=False).begin

    async def run(self, work: Callable[[Session], Result]) -> Result:
        async with self._begin() as session:
            return await session.run_sync(work)

    async def close(self) -> None:
        await self._engine.dispose()


def _connect(dialect: Dialect, _: object, args: Any, settings: Any) -> Any:
    """Connect; PostgreSQL's driver lets the network's own errors through."""
    try:
        return dialect.connect(*args, **settings)
    except OSError as error:
        raise OperationalError("connect", None, error) from error


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    """Set up a new connection of the driver."""
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
