"""The store in SQLite or PostgreSQL: settings and readings; its attributes hold the rest."""

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
# The row of the update's user, loaded before its handler runs. No other task changes that row
# meanwhile, since a user's updates are handled one after the other.
_user: ContextVar[UserRow | None] = ContextVar("user", default=None)


class PhotoMessage(NamedTuple):
    """The message that requests a reading; `file`: Telegram's `file_unique_id` of the photo."""

    chat_id: int
    message_id: int
    file: str


class Store:
    """Opened by `open`; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.made_anew: Sequence[str] = ()  # tables that were missing
        self.unreadable: Sequence[int] = ()  # ids of updates that were damaged
        self.corrections, self.jobs = Corrections(database), Jobs(database)
        self.statistics = Statistics(database)
        self.updates, self.replicas = Updates(database), Replicas(database)
        self.sends, self.versions = Sends(database), Versions(database)
        self.rates, self.retention = Rates(database), Retention(database)
        self.on_notice: dict[str, Callable[[], None]] = {}  # callbacks by notice

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Connect to `url` (SQLAlchemy's form) and migrate its tables; raises StoreError."""
        database = open_database(url)
        made_anew = await database.run(migrate)
        store = cls(database)
        store.made_anew = made_anew
        store.unreadable = await database.run(_drop_unreadable)
        await store.updates.unblock()
        return store

    @property
    def is_shared(self) -> bool:
        """Whether other processes may use the store at the same time."""
        return self._database.shared

    async def write_back(self, path: Path) -> None:
        """Restore a deleted SQLite file at `path`, from its open connection; raises OSError."""
        try:
            await self._database.run(lambda session: write_back(session, path))
        except sqlite3.Error as error:
            raise OSError(None, str(error)) from error

    async def close(self) -> None:
        """Close the connections."""
        await self._database.close()

    async def listen(self) -> None:
        """Call `on_notice[notice]` for each notice of any process; never returns."""

        def dispatch(notice: str) -> None:
            if notice in self.on_notice:
                self.on_notice[notice]()

        await self._database.listen(dispatch)

    async def load_user(self, user_id: int) -> UserRow:
        """Load a user's settings; `user` returns them in this task and in tasks that it starts."""
        row = await self._database.run(lambda session: session.get(UserRow, user_id))
        _user.set(row)
        return self.user(user_id)

    def user(self, user_id: int) -> UserRow:
        """Return the settings of the loaded user; for any other id the defaults."""
        row = _user.get()
        return row if row and row.id == user_id else UserRow(id=user_id)

    async def choose(self, user_id: int, **choice: str | bool | None) -> None:
        """Store a user's `model`, `language` (None: the default) or `muted`."""
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
        self, user_id: int, reading: Reading, message: PhotoMessage | None = None
    ) -> ReadingRow:
        """Store a reading, without the photo, and return its row with its id.

        A second reading of the same photo in the same message replaces the first.
        """
        row = as_row(user_id, reading)

        def keep(session: Session) -> ReadingRow:
            if message:
                row.chat_id, row.message_id, row.file = message
                same = *_of_message(message), ReadingRow.file == message.file
                if former := session.scalar(select(ReadingRow.id).where(*same)):
                    row.id = former
            kept = session.merge(row)
            session.flush()
            return kept

        return await self._database.run(keep)

    async def files_read(self, message: PhotoMessage) -> list[str | None]:
        """Return the `file` of each reading for a message; None in rows older than the column."""
        files = select(ReadingRow.file).where(*_of_message(message))
        return await self._database.run(lambda session: list(session.scalars(files)))

    async def reading(self, reading_id: int) -> ReadingRow | None:
        """Return a reading with its digits; None if the id is unknown or the reading deleted."""
        return await self._database.run(lambda session: session.get(ReadingRow, reading_id))

    async def record_verdict(self, reading_id: int, *, right: bool) -> None:
        """Store whether a user says that the answer, with all corrections in it, is right."""
        judged = update(ReadingRow).where(ReadingRow.id == reading_id).values(judged_right=right)
        await self._database.run(lambda session: session.execute(judged))

    async def forget(self, user_id: int) -> None:
        """Delete all rows of a user; digits and corrections are deleted with their readings."""

        def drop(session: Session) -> None:
            for row in (ReadingRow, JobRow):
                session.execute(delete(row).where(row.user_id == user_id))
            session.execute(delete(UserRow).where(UserRow.id == user_id))
            notify(session, jobs.NOTICE)  # ends a running training that this user ordered

        await self._database.run(drop)
        _user.set(None)

    async def prune(self, days: int) -> None:
        """Delete what is too old; readings are kept for `days`."""
        await self.retention.prune(days)
        await self.updates.prune()
        await self.rates.prune()


def _of_message(message: PhotoMessage) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ReadingRow.chat_id == message.chat_id, ReadingRow.message_id == message.message_id


def as_row(user_id: int, reading: Reading) -> ReadingRow:
    """Return a reading as a row that is not stored yet."""
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
    """Finish the updates whose payload is no JSON object, in SQLite; return their ids."""
    if is_shared(session):
        return []
    # As bytes: SQLite's driver raises an error for text that is not UTF-8.
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
