"""Users' choices and readings, kept in SQLite or PostgreSQL; the store's parts keep the rest."""

import time
from pathlib import Path

import numpy as np
from alembic import command
from alembic.config import Config
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.store.corrections import Corrections
from bot.store.engine import Database, open_database
from bot.store.inbox import Updates
from bot.store.jobs import Jobs
from bot.store.outbox import Sends
from bot.store.statistics import Statistics
from bot.store.tables import CorrectionRow, DigitRow, JobRow, ReadingRow, UpdateRow, UserRow
from model.reader import Reading

MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """Opened once by `open`; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._users: dict[int, UserRow] = {}  # who chose something: every photo asks for it
        self.corrections, self.jobs = Corrections(database), Jobs(database)
        self.statistics = Statistics(database)
        self.sends, self.updates = Sends(database), Updates(database)

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Connect to `url` (SQLAlchemy) and bring its tables up to date."""
        database = open_database(url)
        await database.run(_migrate)
        store = cls(database)
        users = await database.run(lambda session: session.scalars(select(UserRow)).all())
        store._users = {row.id: row for row in users}
        return store

    async def close(self) -> None:
        """Let go of the connections."""
        await self._database.close()

    def user(self, user_id: int) -> UserRow:
        """Return what the user chose; a stranger has chosen nothing."""
        return self._users.get(user_id) or UserRow(id=user_id)

    async def choose(self, user_id: int, **choice: str | None) -> None:
        """Remember the `model` that reads for this user, or her `language`; None: the default."""
        row = UserRow(id=user_id, **choice)
        self._users[user_id] = await self._database.run(lambda session: session.merge(row))

    async def counts(self) -> tuple[int, int]:
        """Return how many updates are not finished and how many corrections are kept."""
        unfinished = select(func.count()).where(UpdateRow.payload.is_not(None))
        corrections = select(func.count()).select_from(CorrectionRow)
        return await self._database.run(
            lambda session: (session.scalar(unfinished) or 0, session.scalar(corrections) or 0)
        )

    async def add_reading(self, user_id: int, reading: Reading) -> int:
        """Keep what was read (never the photo) and return its id."""
        row = ReadingRow(
            user_id=user_id,
            model=reading.model,
            version=reading.version,
            text=reading.text,
            unsure=reading.unsure,
            ms=reading.ms,
            created=_now(),
            digits=[
                DigitRow(
                    position=position,
                    digit=digit.digit,
                    confidence=digit.confidence,
                    glyph=np.rint(digit.glyph * 255).astype(np.uint8).tobytes(),
                )
                for position, digit in enumerate(reading.digits)
            ],
        )
        await self._database.run(lambda session: session.add(row))
        return row.id

    async def reading(self, reading_id: int) -> ReadingRow | None:
        """Return what was read once, with its digits; None if it is unknown or forgotten."""
        return await self._database.run(lambda session: session.get(ReadingRow, reading_id))

    async def record_verdict(self, reading_id: int, *, right: bool) -> None:
        """Remember a user's verdict on her reading; "right" takes corrections of it back.

        Of those that an admin set aside the row stays: said again, it still does not train.
        """

        def note(session: Session) -> None:
            judged = update(ReadingRow).where(ReadingRow.id == reading_id)
            session.execute(judged.values(judged_right=right))
            if right:
                of_it = CorrectionRow.reading_id == reading_id
                as_read = update(CorrectionRow).where(of_it, CorrectionRow.excluded)
                session.execute(as_read.values(should_be=CorrectionRow.was))
                session.execute(delete(CorrectionRow).where(of_it, ~CorrectionRow.excluded))

        await self._database.run(note)

    async def forget(self, user_id: int) -> None:
        """Delete all that is kept about a user; digits and corrections go with their readings."""

        def drop(session: Session) -> None:
            for row in (ReadingRow, JobRow):
                session.execute(delete(row).where(row.user_id == user_id))
            session.execute(delete(UserRow).where(UserRow.id == user_id))

        await self._database.run(drop)
        self._users.pop(user_id, None)


def _now() -> int:
    return int(time.time())


def _migrate(session: Session) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = session.connection()
    command.upgrade(config, "head")
