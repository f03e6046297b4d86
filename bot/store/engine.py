"""The connections to SQLite or PostgreSQL, and one kind of error for a database that is away."""

from typing import Any

from sqlalchemy import Dialect, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

SQLITE_PRAGMAS = (
    "journal_mode=WAL",  # other programs' readers and the writer go side by side
    "synchronous=NORMAL",
    "busy_timeout=5000",  # ms
    "foreign_keys=ON",
)
# With more connections to SQLite one waits for the other's lock until it gives up. Each is given
# back after commit or rollback, and needs no other rollback then.
SQLITE_POOL = {
    "pool_size": 1,
    "max_overflow": 0,
    "pool_timeout": 60,  # s
    "pool_reset_on_return": None,
}


def open_engine(url: str) -> AsyncEngine:
    """Return the engine for SQLAlchemy's async `url`; it connects when it is needed."""
    pool: dict[str, Any] = SQLITE_POOL if url.startswith("sqlite") else {}
    engine = create_async_engine(url, hide_parameters=True, **pool)  # they hold what people sent
    event.listen(engine.sync_engine, "do_connect", _connect)
    if pool:
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def is_away(error: BaseException | None) -> bool:
    """Say whether the database is locked, full, read-only or not reached: all of it may heal."""
    broken = isinstance(error, DBAPIError) and error.connection_invalidated
    return broken or isinstance(error, OperationalError | InterfaceError)


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
