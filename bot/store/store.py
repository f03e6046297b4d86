"""Users' choices and readings, kept in SQLite or PostgreSQL; the store's parts keep the rest."""

import json
import logging
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import LargeBinary, cast, delete, func, inspect, select, update
from sqlalchemy.orm import Session

from bot.store.corrections import Corrections
from bot.store.engine import Database, open_database
from bot.store.inbox import Updates
from bot.store.jobs import Jobs
from bot.store.outbox import Sends
from bot.store.recovery import StoreError, write_back
from bot.store.statistics import Statistics
from bot.store.tables import Base, CorrectionRow, DigitRow, JobRow, ReadingRow, UpdateRow, UserRow
from model.classes import NOT_A_DIGIT
from model.reader import Reading

log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """Opened once by `open`; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.made_anew: Sequence[str] = ()  # tables that were missing
        self.unreadable: Sequence[int] = ()  # ids of updates that were damaged
        self._users: dict[int, UserRow] = {}  # who chose something: every photo asks for it
        self.corrections, self.jobs = Corrections(database), Jobs(database)
        self.statistics = Statistics(database)
        self.sends, self.updates = Sends(database), Updates(database)

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Connect to `url` (SQLAlchemy) and bring its tables up to date; raises StoreError."""
        database = open_database(url)
        made_anew = await database.run(_migrate)
        store = cls(database)
        store.made_anew = made_anew
        store.unreadable = await database.run(_drop_unreadable)
        users = await database.run(lambda session: session.scalars(select(UserRow)).all())
        store._users = {row.id: row for row in users}
        return store

    async def write_back(self, path: Path) -> None:
        """Put a database file that was deleted back to `path`; raises OSError."""
        try:
            await self._database.run(lambda session: write_back(session, path))
        except sqlite3.Error as error:
            raise OSError(None, str(error)) from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._database.close()

    def user(self, user_id: int) -> UserRow:
        """Return what the user chose; a stranger has chosen nothing."""
        return self._users.get(user_id) or UserRow(id=user_id)

    async def choose(self, user_id: int, **choice: str | bool | None) -> None:
        """Remember a user's `model`, `language` (None: the default) or whether she is `muted`."""
        row = UserRow(id=user_id, **choice)
        self._users[user_id] = await self._database.run(lambda session: session.merge(row))

    async def counts(self) -> tuple[int, int]:
        """Return how many updates are not finished and how many corrections are kept."""
        unfinished = select(func.count()).where(UpdateRow.payload.is_not(None))
        corrections = select(func.count()).select_from(CorrectionRow)
        return await self._database.run(
            lambda session: (session.scalar(unfinished) or 0, session.scalar(corrections) or 0)
        )

    async def add_reading(self, user_id: int, reading: Reading) -> ReadingRow:
        """Keep what was read (never the photo) and return it with its id."""
        row = as_row(user_id, reading)
        await self._database.run(lambda session: session.add(row))
        return row

    async def reading(self, reading_id: int) -> ReadingRow | None:
        """Return what was read once, with its digits; None if it is unknown or forgotten."""
        return await self._database.run(lambda session: session.get(ReadingRow, reading_id))

    async def record_verdict(self, reading_id: int, *, right: bool) -> None:
        """Remember a user's verdict on what her answer shows, her corrections included."""
        judged = update(ReadingRow).where(ReadingRow.id == reading_id).values(judged_right=right)
        await self._database.run(lambda session: session.execute(judged))

    async def forget(self, user_id: int) -> None:
        """Delete all that is kept about a user; digits and corrections go with their readings."""

        def drop(session: Session) -> None:
            for row in (ReadingRow, JobRow):
                session.execute(delete(row).where(row.user_id == user_id))
            session.execute(delete(UserRow).where(UserRow.id == user_id))

        await self._database.run(drop)
        self._users.pop(user_id, None)


def as_row(user_id: int, reading: Reading) -> ReadingRow:
    """Return what is kept of a reading, not yet stored."""
    return ReadingRow(
        user_id=user_id,
        model=reading.model,
        version=reading.version,
        text=reading.text,
        unsure=reading.unsure,
        ms=reading.ms,
        created=_now(),
        turns=reading.page.turns,
        looks_turned=reading.looks_turned,
        digits=[
            DigitRow(
                position=position,
                digit=digit.digit,
                confidence=digit.confidence,
                glyph=np.rint(digit.glyph * 255).astype(np.uint8).tobytes(),
                unsure=digit.unsure,
                other=NOT_A_DIGIT if digit.rejected else digit.top[1][0],
                other_confidence=digit.top[1][1],
            )
            for position, digit in enumerate(reading.digits)
        ],
    )


def _now() -> int:
    return int(time.time())


def _drop_unreadable(session: Session) -> Sequence[int]:
    """Finish the updates whose stored text is damaged, in SQLite; return their ids."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    # As bytes: SQLite's driver raises where text is no UTF-8.
    stored = select(UpdateRow.id, cast(UpdateRow.payload, LargeBinary))
    unfinished = session.execute(stored.where(UpdateRow.payload.is_not(None))).all()
    damaged = [id for id, payload in unfinished if not _is_json_object(payload)]
    if damaged:
        log.critical("updates %s were damaged in the store and are not answered", damaged)
        session.execute(update(UpdateRow).where(UpdateRow.id.in_(damaged)).values(payload=None))
    return damaged


def _is_json_object(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _migrate(session: Session) -> Sequence[str]:
    """Bring the tables up to date; return those that had gone missing and are empty now.

    Raises StoreError where a newer program has changed them.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    connection = session.connection()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            "A newer version of this program wrote the database: start that version, or restore "
            f"an older backup ({error})"
        ) from error
    missing = sorted(set(Base.metadata.tables) - set(inspect(connection).get_table_names()))
    if missing:
        log.critical("tables were missing and are made anew, empty: %s", ", ".join(missing))
        Base.metadata.create_all(connection)
    return missing
