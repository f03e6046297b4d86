"""Recovery of SQLite files: a damaged one is renamed, a deleted one that is open is restored."""

import logging
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)
COMPANIONS = ("", "-wal", "-shm")  # SQLite's files beside the database
LOCK_WAIT = 1.0  # s that the check waits for another process's lock
DAMAGE = ("malformed", "not a database")  # in the texts of SQLite's errors


def put_aside(url: str) -> Path | None:
    """Rename a damaged SQLite file; return its new path, None if it is intact or no SQLite."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    path = Path(address.database)
    if not path.is_file() or _is_sound(path):
        return None
    aside = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
    for companion in COMPANIONS:
        part = path.with_name(path.name + companion)
        if part.exists():
            part.rename(aside.with_name(aside.name + companion))
    log.critical("the store was damaged: it is kept as %s, and a new one is begun", aside)
    return aside


class StoreError(Exception):
    """The store cannot be used by this program; the message says why."""


def write_back(session: Session, path: Path) -> None:
    """Copy an open SQLite database whose file was deleted to `path`, and use the copy from now on.

    The old connection is closed before the copy is opened: at closing SQLite deletes the journals
    of its file by name, which are those of the copy by then.
    """
    connection = session.connection().connection.driver_connection
    with closing(sqlite3.connect(path)) as copy:
        connection.backup(copy)  # type: ignore[union-attr]
    engine = session.get_bind()
    session.rollback()  # hands the connection back to the pool
    engine.engine.dispose()


def is_damage(error: BaseException | None) -> bool:
    """Whether an error means that the SQLite file is damaged, not only locked or full."""
    return isinstance(error, DatabaseError) and any(word in str(error.orig) for word in DAMAGE)


def stop_if_damaged(error: BaseException | None) -> None:
    """Send SIGTERM to this process if the store is damaged: the next start renames the file."""
    if is_damage(error):
        log.critical("the store is damaged, so the bot stops: %s", error)
        signal.raise_signal(signal.SIGTERM)


def reason(error: OSError | SQLAlchemyError | ImportError) -> str:
    """Return the driver's text of an error, which holds neither address nor password."""
    return str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=LOCK_WAIT)) as connection:
            found: tuple[str] = connection.execute("PRAGMA quick_check(1)").fetchone()
            return found == ("ok",)
    except sqlite3.OperationalError:  # locked or without permission: not damaged
        return True
    except sqlite3.DatabaseError:
        return False
