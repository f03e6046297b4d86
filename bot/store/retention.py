"""Deletes readings and glyphs that are too old, in batches that do not delay answers."""

import asyncio
import time
from functools import partial

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from bot.store.engine import Database
from bot.store.tables import DAY, DigitRow, ReadingRow

GLYPHS_DAYS = 30  # days for which glyphs are kept; corrections keep theirs with the reading
BATCH = 200  # readings in one transaction
BATCH_PAUSE = 0.05  # s between two of them


def glyph_days(days: int) -> int:
    """Return for how many days glyphs are kept if readings are kept for `days`."""
    return min(days, GLYPHS_DAYS)


class Retention:
    """Deletes readings and glyphs that are too old."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, days: int) -> None:
        """Delete readings older than `days`, and glyphs older than `glyph_days`."""
        now = time.time()
        for drop, kept in ((_drop_readings, days), (_drop_glyphs, glyph_days(days))):
            while await self._database.run(partial(drop, before=int(now - kept * DAY))):
                await asyncio.sleep(BATCH_PAUSE)


def _drop_readings(session: Session, before: int) -> int:
    """Delete a batch of readings with their digits and corrections; return how many."""
    old = select(ReadingRow.id).where(ReadingRow.created < before)
    ids = session.scalars(_batch(old)).all()
    session.execute(delete(ReadingRow).where(ReadingRow.id.in_(ids)))
    return len(ids)


def _drop_glyphs(session: Session, before: int) -> int:
    """Delete the glyphs of a batch of readings; return of how many."""
    old = select(ReadingRow.id).where(ReadingRow.has_glyphs, ReadingRow.created < before)
    ids = session.scalars(_batch(old)).all()
    session.execute(update(DigitRow).where(DigitRow.reading_id.in_(ids)).values(glyph=b""))
    session.execute(update(ReadingRow).where(ReadingRow.id.in_(ids)).values(has_glyphs=False))
    return len(ids)


def _batch(old: Select[int]) -> Select[int]:
    """The oldest BATCH of these readings, without those that another process is deleting."""
    return old.order_by(ReadingRow.created).limit(BATCH).with_for_update(skip_locked=True)
