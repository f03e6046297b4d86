"""How long the store keeps things: deleted in small batches, so that nothing waits for it."""

import asyncio
import time
from functools import partial

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from bot.store.engine import Database
from bot.store.tables import DAY, DigitRow, ReadingRow

GLYPHS_DAYS = 30  # that glyphs are kept; a correction has its own, and goes with its reading
BATCH = 200  # readings of one transaction
BREATH = 0.05  # s between two


def glyph_days(days: int) -> int:
    """Return how many days glyphs are kept, where readings are kept for `days`."""
    return min(days, GLYPHS_DAYS)


class Retention:
    """The store's part for deleting readings that are too old."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, days: int) -> None:
        """Delete readings older than `days`, and of those that stay the old ones' glyphs."""
        now = time.time()
        for drop, kept in ((_drop_readings, days), (_drop_glyphs, glyph_days(days))):
            while await self._database.run(partial(drop, before=int(now - kept * DAY))):
                await asyncio.sleep(BREATH)


def _drop_readings(session: Session, before: int) -> int:
    """Delete the oldest readings; digits and corrections go with them. Return how many."""
    old = select(ReadingRow.id).where(ReadingRow.created < before)
    ids = session.scalars(_batch(old)).all()
    session.execute(delete(ReadingRow).where(ReadingRow.id.in_(ids)))
    return len(ids)


def _drop_glyphs(session: Session, before: int) -> int:
    """Delete the glyphs of the oldest readings that have some; return of how many."""
    old = select(ReadingRow.id).where(ReadingRow.has_glyphs, ReadingRow.created < before)
    ids = session.scalars(_batch(old)).all()
    session.execute(update(DigitRow).where(DigitRow.reading_id.in_(ids)).values(glyph=b""))
    session.execute(update(ReadingRow).where(ReadingRow.id.in_(ids)).values(has_glyphs=False))
    return len(ids)


def _batch(old: Select[int]) -> Select[int]:
    """The first of these readings that no other process deletes at this moment."""
    return old.order_by(ReadingRow.created).limit(BATCH).with_for_update(skip_locked=True)
