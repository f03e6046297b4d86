"""Damaged databases: a broken SQLite file is kept under another name, a deleted one put back."""

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
LOCK_WAIT = 1.0  # s
DAMAGE = ("malformed", "not a database")  # in SQLite's words


def put_aside(url: str) -> Path | None:
    """Move the store at `url` aside if it is damaged; return where to, None if it is sound."""
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
    """The store cannot be used by this program; says so in a sentence."""


def write_back(session: Session, path: Path) -> None:
    """Copy an open SQLite database whose file was deleted to `path`, and go on with the copy.

    The connection is closed before another is opened: on closing, SQLite deletes by name the
    journals of the deleted file, which are the copy's from then on.
    """
    connection = session.connection().connection.driver_connection
    with closing(sqlite3.connect(path)) as copy:
        connection.backup(copy)  # type: ignore[union-attr]
    engine = session.get_bind()
    session.rollback()  # hands the connection back to the pool
    engine.engine.dispose()


def is_damage(error: BaseException | None) -> bool:
    """Say whether an error means that the store is damaged, and not only locked or full."""
    return isinstance(error, DatabaseError) and any(word in str(error.orig) for word in DAMAGE)


def stop_if_damaged(error: BaseException | None) -> None:
    """End the bot where the store turns out to be damaged: its next start puts it aside."""
    if is_damage(error):
        log.critical("the store is damaged, so the bot stops: %s", error)
        signal.raise_signal(signal.SIGTERM)


def reason(error: OSError | SQLAlchemyError | ImportError) -> str:
    """Say in a few words, without an address or a password, what is wrong with the store."""
    return str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error)


def _is_sound(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=LOCK_WAIT)) as connection:
            found: tuple[str] = connection.execute("PRAGMA quick_check(1)").fetchone()
            return found == ("ok",)
    except sqlite3.OperationalError:  # locked or unreadable is not damaged
        return True
    except sqlite3.DatabaseError:
        return False
