"""Transactions in SQLite or PostgreSQL, and notices between processes (NOTIFY of PostgreSQL).

A transaction is a function of a SQLAlchemy session. SQLite's transactions run in one thread: with
each statement awaited on the event loop, a loop busy with photos kept the one connection 30 times
as long as SQLite needed it.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import asyncpg
from sqlalchemy import URL, Dialect, create_engine, event, func, make_url, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

SQLITE_PRAGMAS = (
    "journal_mode=WAL",  # other programs can read while the bot writes
    "synchronous=NORMAL",
    "busy_timeout=5000",  # ms
    "foreign_keys=ON",
)
CHANNEL = "digit_bot"  # of NOTIFY in PostgreSQL
LISTEN_RETRY = 1.0  # s from the loss of the connection that listens to the next try
LISTEN_CHECK = 10.0  # s between tests of that connection, and the timeout of each
Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Database(Protocol):
    """A database of the store; `shared`: other processes may use it at the same time."""

    shared: bool

    async def run(self, work: Callable[[Session], Result]) -> Result:
        """Run `work` as one transaction, rolled back if it raises; its rows stay readable."""
        ...

    async def listen(self, on_notice: Callable[[str], None]) -> None:
        """Call `on_notice` with each notice of any process; never returns. Some may get lost."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


def open_database(url: str) -> Database:
    """Return the database at `url` (SQLAlchemy's form); it connects at the first transaction."""
    address = make_url(url)
    return _Sqlite(address) if address.get_backend_name() == "sqlite" else _Served(address)


def is_away(error: BaseException | None) -> bool:
    """Whether an error means a database locked, full, read-only or unreachable: it may pass."""
    broken = isinstance(error, DBAPIError) and error.connection_invalidated
    return broken or isinstance(error, OperationalError | InterfaceError)


def notify(session: Session, notice: str) -> None:
    """Send a notice to all processes, this one too, when this transaction is committed."""
    if is_shared(session):
        session.execute(select(func.pg_notify(CHANNEL, notice)))
    else:
        session.info[CHANNEL].append(notice)


def is_shared(session: Session) -> bool:
    """Whether other processes may use the same tables."""
    return session.get_bind().dialect.name == "postgresql"


class _Sqlite:
    """SQLite, with one thread and so one connection: several could time out at its write lock."""

    shared = False

    def __init__(self, address: URL) -> None:
        self._engine = create_engine(
            address.set(drivername="sqlite"),
            hide_parameters=True,  # they hold what users sent, and would be logged
            pool_reset_on_return=None,  # every transaction ends with commit or rollback
        )
        event.listen(self._engine, "connect", _prepare_sqlite)
        self._begin = sessionmaker(self._engine, expire_on_commit=False).begin
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._on_notice: Callable[[str], None] = lambda notice: None

    async def run(self, work: Callable[[Session], Result]) -> Result:
        notices: list[str] = []

        def transaction() -> Result:
            with self._begin() as session:
                session.info[CHANNEL] = notices
                return work(session)

        result = await asyncio.get_running_loop().run_in_executor(self._thread, transaction)
        for notice in notices:
            self._on_notice(notice)
        return result

    async def listen(self, on_notice: Callable[[str], None]) -> None:
        self._on_notice = on_notice
        await asyncio.Event().wait()

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()


class _Served:
    """A database server (PostgreSQL), which runs several transactions at once."""

    shared = True

    def __init__(self, address: URL) -> None:
        self._engine = create_async_engine(address, hide_parameters=True)
        event.listen(self._engine.sync_engine, "do_connect", _connect)
        self._begin = async_sessionmaker(self._engine, expire_on_commit=False).begin

    async def run(self, work: Callable[[Session], Result]) -> Result:
        async with self._begin() as session:
            return await session.run_sync(work)

    async def listen(self, on_notice: Callable[[str], None]) -> None:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                connection = await asyncpg.connect(url, timeout=LISTEN_CHECK)
                try:
                    await connection.add_listener(CHANNEL, lambda *args: on_notice(str(args[-1])))
                    while True:
                        await asyncio.sleep(LISTEN_CHECK)
                        await connection.execute("SELECT 1", timeout=LISTEN_CHECK)
                finally:
                    connection.terminate()
            log.warning("no notices from the database, listening again")
            await asyncio.sleep(LISTEN_RETRY)

    async def close(self) -> None:
        await self._engine.dispose()


def _connect(dialect: Dialect, _: object, args: Any, settings: Any) -> Any:
    """Connect; raises OperationalError also for OSError, which asyncpg does not wrap."""
    try:
        return dialect.connect(*args, **settings)
    except OSError as error:
        raise OperationalError("connect", None, error) from error


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    """Set SQLITE_PRAGMAS on a new connection."""
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
