"""What users say their digits really are: the lessons of the next training."""

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.store.tables import CorrectionRow, ReadingRow

# The fifth, tenth, ... teacher's corrections measure and never train; with fewer teachers the
# fifth, tenth, ... correction of each.
HELD_OUT_EVERY = 5


class Corrections:
    """The store's part for corrections; every method is one transaction."""

    def __init__(self, session: async_sessionmaker[AsyncSession]) -> None:
        self._session = session

    async def correct(self, reading: ReadingRow, position: int, should_be: int) -> None:
        """Keep what a digit of a reading should be; a later word replaces an earlier one."""
        digit = reading.digits[position]
        async with self._session.begin() as session:
            row = await session.scalar(
                select(CorrectionRow).where(
                    CorrectionRow.reading_id == reading.id, CorrectionRow.position == position
                )
            )
            if row is None:
                row = CorrectionRow(
                    user_id=reading.user_id,
                    reading_id=reading.id,
                    position=position,
                    glyph=digit.glyph,
                    was=digit.digit,
                    kind=reading.model,
                    version=reading.version,
                    held_out=await _is_held_out(session, reading.user_id),
                    excluded=False,
                )
                session.add(row)
            row.should_be, row.created = should_be, int(time.time())

    async def of_reading(self, reading_id: int) -> Mapping[int, int]:
        """Return what the digits of a reading should be, by position, as far as corrected."""
        async with self._session() as session:
            chosen = select(CorrectionRow).where(CorrectionRow.reading_id == reading_id)
            return {row.position: row.should_be for row in await session.scalars(chosen)}

    async def taught(self) -> Sequence[CorrectionRow]:
        """Return all that no admin set aside, oldest first, those held out among them."""
        async with self._session() as session:
            kept = select(CorrectionRow).where(CorrectionRow.excluded.is_(False))
            return (await session.scalars(kept.order_by(CorrectionRow.id))).all()

    async def page(self, before: int | None, size: int) -> Sequence[CorrectionRow]:
        """Return the newest `size` corrections, or those with smaller numbers than `before`."""
        chosen = select(CorrectionRow).order_by(CorrectionRow.id.desc()).limit(size)
        if before is not None:
            chosen = chosen.where(CorrectionRow.id < before)
        async with self._session() as session:
            return (await session.scalars(chosen)).all()

    async def exclude(self, numbers: Sequence[int], excluded: bool) -> int:
        """Set corrections aside or take them back; return how many there were."""
        return await self._mark(CorrectionRow.id.in_(numbers), excluded)

    async def exclude_users(self, user_ids: Sequence[int], excluded: bool) -> int:
        """Set all corrections of users aside or take them back; return how many there were."""
        return await self._mark(CorrectionRow.user_id.in_(user_ids), excluded)

    async def _mark(self, which: ColumnElement[bool], excluded: bool) -> int:
        async with self._session.begin() as session:
            marked = update(CorrectionRow).where(which).values(excluded=excluded)
            return len((await session.scalars(marked.returning(CorrectionRow.id))).all())


async def _is_held_out(session: AsyncSession, user_id: int) -> bool:
    """Whether the next correction of this teacher only measures."""
    of_hers = CorrectionRow.user_id == user_id
    chosen = select(CorrectionRow.held_out).where(of_hers).order_by(CorrectionRow.id)
    hers = (await session.scalars(chosen)).all()
    teachers = await session.scalar(select(func.count(CorrectionRow.user_id.distinct()))) or 0
    if not hers:
        return _is_turn(teachers)
    only_measures = hers[0]  # a teacher stays what she was at first
    return only_measures or (teachers < HELD_OUT_EVERY and _is_turn(len(hers)))


def _is_turn(before: int) -> bool:
    return before % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
