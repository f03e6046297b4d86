"""Users' corrections of readings, which the next training uses."""

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from bot.store.engine import Database
from bot.store.tables import CorrectionRow, ReadingRow, UserRow
from model.classes import NOT_A_DIGIT

# All corrections of every fifth user who corrects are held out: they evaluate versions and never
# train. While there are fewer such users, every fifth correction of each one is.
HELD_OUT_EVERY = 5


class Corrections:
    """Reads and writes corrections; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def correct(self, reading: ReadingRow, position: int, should_be: int) -> None:
        """Store the label a user gave a digit of a reading; a later correction replaces it."""
        digit = reading.digits[position]
        same = CorrectionRow.reading_id == reading.id, CorrectionRow.position == position

        def keep(session: Session) -> None:
            row = session.scalar(select(CorrectionRow).where(*same))
            if row is None:
                row = CorrectionRow(
                    user_id=reading.user_id,
                    reading_id=reading.id,
                    position=position,
                    glyph=digit.glyph,
                    was=digit.digit,
                    kind=reading.model,
                    version=reading.version,
                    held_out=_is_held_out(session, reading.user_id),
                    excluded=False,
                )
                session.add(row)
            row.should_be, row.created = should_be, int(time.time())
            row.approved = False  # what an admin approved was the former label

        await self._database.run(keep)

    async def of_reading(self, reading_id: int) -> Mapping[int, int]:
        """Return the corrected labels of a reading, by position of the digit."""
        chosen = select(CorrectionRow).where(CorrectionRow.reading_id == reading_id)
        rows = await self._database.run(lambda session: session.scalars(chosen).all())
        return {row.position: row.should_be for row in rows}

    async def taught(self) -> Sequence[CorrectionRow]:
        """Return all corrections that no admin excluded, oldest first, held-out ones included."""
        kept = select(CorrectionRow).where(CorrectionRow.excluded.is_(False))
        ordered = kept.order_by(CorrectionRow.id)
        return await self._database.run(lambda session: session.scalars(ordered).all())

    async def note_learned(self, numbers: Sequence[int], version: str) -> None:
        """Note the version that trained with these corrections and classifies them correctly.

        Only the first such version of each is kept.
        """
        first = CorrectionRow.id.in_(numbers), CorrectionRow.learned_by.is_(None)
        noted = update(CorrectionRow).where(*first).values(learned_by=version)
        await self._database.run(lambda session: session.execute(noted))

    async def note_uses(self, uses: Mapping[int, int]) -> None:
        """Store how a training used each correction: `model.datasets.corrections.Use` by id."""
        numbers: dict[int, list[int]] = {}
        for number, use in uses.items():
            numbers.setdefault(use, []).append(number)

        def note(session: Session) -> None:
            for use in numbers:
                chosen = update(CorrectionRow).where(CorrectionRow.id.in_(numbers[use]))
                session.execute(chosen.values(use=use))

        await self._database.run(note)

    async def take_announced(self, version: str) -> Sequence[CorrectionRow]:
        """Return corrections that a version learned and whose users are to be notified; each once.

        Users who muted these messages are left out.
        """
        muted = select(UserRow.id).where(UserRow.muted)
        new = (
            CorrectionRow.learned_by == version,
            CorrectionRow.announced.is_(False),
            CorrectionRow.should_be.not_in((CorrectionRow.was, NOT_A_DIGIT)),
            CorrectionRow.user_id.not_in(muted),
        )
        chosen = select(CorrectionRow).where(*new).order_by(CorrectionRow.id)

        def take(session: Session) -> Sequence[CorrectionRow]:
            rows = session.scalars(chosen.with_for_update()).all()
            for row in rows:
                row.announced = True
            return rows

        return await self._database.run(take)

    async def page(self, before: int | None, size: int) -> Sequence[CorrectionRow]:
        """Return the newest `size` corrections, of those with ids below `before` if given."""
        chosen = select(CorrectionRow).order_by(CorrectionRow.id.desc()).limit(size)
        if before is not None:
            chosen = chosen.where(CorrectionRow.id < before)
        return await self._database.run(lambda session: session.scalars(chosen).all())

    async def exclude(self, numbers: Sequence[int], excluded: bool) -> int:
        """Exclude corrections from training, or approve them; return how many there were."""
        return await self._mark(CorrectionRow.id.in_(numbers), excluded)

    async def exclude_users(self, user_ids: Sequence[int], excluded: bool) -> int:
        """Exclude, or approve, all corrections that users have made until now; return how many."""
        return await self._mark(CorrectionRow.user_id.in_(user_ids), excluded)

    async def exclude_change(self, was: int, should_be: int) -> int:
        """Exclude all corrections from `was` to `should_be`; return how many."""
        change = (CorrectionRow.was == was) & (CorrectionRow.should_be == should_be)
        return await self._mark(change & CorrectionRow.excluded.is_(False), True)

    async def approve_change(self, was: int, should_be: int, first: int, last: int) -> int:
        """Approve those from `was` to `should_be` with ids `first` to `last`; return how many."""
        shown = CorrectionRow.id.between(first, last) & CorrectionRow.excluded.is_(False)
        change = (CorrectionRow.was == was) & (CorrectionRow.should_be == should_be)
        return await self._mark(change & shown, False)

    async def of_change(self, was: int, should_be: int, size: int) -> Sequence[CorrectionRow]:
        """Return the oldest `size` from `was` to `should_be`, neither excluded nor approved."""
        change = CorrectionRow.was == was, CorrectionRow.should_be == should_be
        undecided = CorrectionRow.excluded.is_(False), CorrectionRow.approved.is_(False)
        chosen = select(CorrectionRow).where(*change, *undecided).order_by(CorrectionRow.id)
        limited = chosen.limit(size)
        return await self._database.run(lambda session: session.scalars(limited).all())

    async def _mark(self, which: ColumnElement[bool], excluded: bool) -> int:
        marked = update(CorrectionRow).where(which)
        marked = marked.values(excluded=excluded, approved=not excluded)
        returning = marked.returning(CorrectionRow.id)
        return len(await self._database.run(lambda session: session.scalars(returning).all()))


def _is_held_out(session: Session, user_id: int) -> bool:
    """Whether the next correction of this user is held out."""
    same_user = CorrectionRow.user_id == user_id
    chosen = select(CorrectionRow.held_out).where(same_user).order_by(CorrectionRow.id)
    of_user = session.scalars(chosen).all()
    users = session.scalar(select(func.count(CorrectionRow.user_id.distinct()))) or 0
    if not of_user:
        return _is_fifth(users)
    user_is_held_out = of_user[0]  # decided at the user's first correction
    return user_is_held_out or (users < HELD_OUT_EVERY and _is_fifth(len(of_user)))


def _is_fifth(before: int) -> bool:
    return before % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
