"""Transactions in SQLite or PostgreSQL, and notices between the processes that share PostgreSQL.

A transaction is a function of a session and runs whole. SQLite's run in a thread of their own:
with each statement on the event loop, a loop that is busy with photos held the one connection 30
times as long as SQLite needed it.
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
    "journal_mode=WAL",  # other programs' readers and the writer go side by side
    "synchronous=NORMAL",
    "busy_timeout=5000",  # ms
    "foreign_keys=ON",
)
CHANNEL = "digit_bot"  # of NOTIFY
LISTEN_AGAIN = 1.0  # s between a lost connection and the next try to listen
LISTEN_CHECKED = 10.0  # s between two signs that a connection which only listens is alive
Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Database(Protocol):
    """What the store is kept in; `shared`: other processes may use it at the same time."""

    shared: bool

    async def run(self, work: Callable[[Session], Result]) -> Result:
        """Do all of `work` or, if it raises, nothing of it; its rows can be read afterwards."""
        ...

    async def listen(self, hear: Callable[[str], None]) -> None:
        """Call `hear` with each notice of any process; never returns. A lost one is possible."""
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


def notify(session: Session, notice: str) -> None:
    """Send a notice to all processes, this one too, when this transaction is committed."""
    if is_shared(session):
        session.execute(select(func.pg_notify(CHANNEL, notice)))
    else:
        session.info[CHANNEL].append(notice)


def is_shared(session: Session) -> bool:
    """Whether other processes may work on the same tables."""
    return session.get_bind().dialect.name == "postgresql"


class _Sqlite:
    """One thread and so one connection: of more, one waits for another's lock and gives up."""

    shared = False

    def __init__(self, address: URL) -> None:
        self._engine = create_engine(
            address.set(drivername="sqlite"),
            hide_parameters=True,  # they hold what people sent
            pool_reset_on_return=None,  # it comes back after commit or rollback
        )
        event.listen(self._engine, "connect", _prepare_sqlite)
        self._begin = sessionmaker(self._engine, expire_on_commit=False).begin
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._hear: Callable[[str], None] = lambda notice: None

    async def run(self, work: Callable[[Session], Result]) -> Result:
        notices: list[str] = []

        def transaction() -> Result:
            with self._begin() as session:
                session.info[CHANNEL] = notices
                return work(session)

        result = await asyncio.get_running_loop().run_in_executor(self._thread, transaction)
        for notice in notices:
            self._hear(notice)
        return result

    async def listen(self, hear: Callable[[str], None]) -> None:
        self._hear = hear
        await asyncio.Event().wait()

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()


class _Served:
    """A server, which takes several transactions at once."""

    shared = True

    def __init__(self, address: URL) -> None:
        self._engine = create_async_engine(address, hide_parameters=True)
        event.listen(self._engine.sync_engine, "do_connect", _connect)
        self._begin = async_sessionmaker(self._engine, expire_on_commit=False).begin

    async def run(self, work: Callable[[Session], Result]) -> Result:
        async with self._begin() as session:
            return await session.run_sync(work)

    async def listen(self, hear: Callable[[str], None]) -> None:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while True:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                connection = await asyncpg.connect(url, timeout=LISTEN_CHECKED)
                try:
                    await connection.add_listener(CHANNEL, lambda *heard: hear(str(heard[-1])))
                    while True:
                        await asyncio.sleep(LISTEN_CHECKED)
                        await connection.execute("SELECT 1", timeout=LISTEN_CHECKED)
                finally:
                    connection.terminate()
            log.warning("no notices from the database, listening again")
            await asyncio.sleep(LISTEN_AGAIN)

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
