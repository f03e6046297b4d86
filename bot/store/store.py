"""Users' choices and readings, kept in SQLite or PostgreSQL; the store's parts keep the rest."""

import json
import logging
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, LargeBinary, cast, delete, func, select, update
from sqlalchemy.orm import Session

from bot.store import jobs
from bot.store.corrections import Corrections
from bot.store.engine import Database, is_shared, notify, open_database
from bot.store.inbox import Updates
from bot.store.jobs import Jobs
from bot.store.migration import migrate
from bot.store.outbox import Sends
from bot.store.rates import Rates
from bot.store.recovery import write_back
from bot.store.replicas import Replicas
from bot.store.retention import Retention
from bot.store.statistics import Statistics
from bot.store.tables import CorrectionRow, DigitRow, JobRow, ReadingRow, UpdateRow, UserRow
from bot.store.versions import Versions
from model.classes import NOT_A_DIGIT
from model.reader import Reading

log = logging.getLogger(__name__)
# The user of the update in work, as it was when the update's turn came. Nobody else changes that
# row meanwhile, for a user's updates are handled one after the other.
_user: ContextVar[UserRow | None] = ContextVar("user", default=None)


class Asked(NamedTuple):
    """The message that asks for a reading, and the photo, by Telegram's `file_unique_id`."""

    chat_id: int
    message_id: int
    file: str


class Store:
    """Opened once by `open`; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.made_anew: Sequence[str] = ()  # tables that were missing
        self.unreadable: Sequence[int] = ()  # ids of updates that were damaged
        self.corrections, self.jobs = Corrections(database), Jobs(database)
        self.statistics = Statistics(database)
        self.updates, self.replicas = Updates(database), Replicas(database)
        self.sends, self.versions = Sends(database), Versions(database)
        self.rates, self.retention = Rates(database), Retention(database)
        self.on_notice: dict[str, Callable[[], None]] = {}  # what each notice calls

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Connect to `url` (SQLAlchemy) and bring its tables up to date; raises StoreError."""
        database = open_database(url)
        made_anew = await database.run(migrate)
        store = cls(database)
        store.made_anew = made_anew
        store.unreadable = await database.run(_drop_unreadable)
        await store.updates.unblock()
        return store

    @property
    def is_shared(self) -> bool:
        """Whether other processes may use it at the same time."""
        return self._database.shared

    async def write_back(self, path: Path) -> None:
        """Put a database file that was deleted back to `path`; raises OSError."""
        try:
            await self._database.run(lambda session: write_back(session, path))
        except sqlite3.Error as error:
            raise OSError(None, str(error)) from error

    async def close(self) -> None:
        """Let go of the connections."""
        await self._database.close()

    async def listen(self) -> None:
        """Do what `on_notice` names for the notices of all processes; never returns."""

        def hear(notice: str) -> None:
            if notice in self.on_notice:
                self.on_notice[notice]()

        await self._database.listen(hear)

    async def load_user(self, user_id: int) -> UserRow:
        """Read what a user chose, for `user` in this task and in those that it starts."""
        row = await self._database.run(lambda session: session.get(UserRow, user_id))
        _user.set(row)
        return self.user(user_id)

    def user(self, user_id: int) -> UserRow:
        """Return what a loaded user chose; for a stranger nothing is chosen."""
        row = _user.get()
        return row if row and row.id == user_id else UserRow(id=user_id)

    async def choose(self, user_id: int, **choice: str | bool | None) -> None:
        """Remember a user's `model`, `language` (None: the default) or whether she is `muted`."""
        row = UserRow(id=user_id, **choice)
        _user.set(await self._database.run(lambda session: session.merge(row)))

    async def counts(self) -> tuple[int, int]:
        """Return how many updates are not finished and how many corrections are kept."""
        unfinished = select(func.count()).where(UpdateRow.payload.is_not(None))
        corrections = select(func.count()).select_from(CorrectionRow)
        return await self._database.run(
            lambda session: (session.scalar(unfinished) or 0, session.scalar(corrections) or 0)
        )

    async def add_reading(
        self, user_id: int, reading: Reading, asked: Asked | None = None
    ) -> ReadingRow:
        """Keep what was read (never the photo) and return it with its id.

        Read once more for the same message, a photo's reading takes the place of the former one.
        """
        row = as_row(user_id, reading)

        def keep(session: Session) -> ReadingRow:
            if asked:
                row.chat_id, row.message_id, row.file = asked
                same = *_of_message(asked), ReadingRow.file == asked.file
                if former := session.scalar(select(ReadingRow.id).where(*same)):
                    row.id = former
            kept = session.merge(row)
            session.flush()
            return kept

        return await self._database.run(keep)

    async def files_read(self, asked: Asked) -> list[str | None]:
        """Return the photos that were read for a message; None where it was not noted yet."""
        files = select(ReadingRow.file).where(*_of_message(asked))
        return await self._database.run(lambda session: list(session.scalars(files)))

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
            notify(session, jobs.NOTICE)  # a training that she ordered ends

        await self._database.run(drop)
        _user.set(None)

    async def prune(self, days: int) -> None:
        """Drop what is too old to be kept; readings are kept for `days`."""
        await self.retention.prune(days)
        await self.updates.prune()
        await self.rates.prune()


def _of_message(asked: Asked) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ReadingRow.chat_id == asked.chat_id, ReadingRow.message_id == asked.message_id


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
    if is_shared(session):
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
