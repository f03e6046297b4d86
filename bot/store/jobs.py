"""Trainings started from the chat, remembered so that each one's end is told."""

import time
from collections.abc import Sequence

from sqlalchemy import or_, select, update

from bot.store.engine import Database
from bot.store.tables import JobRow

RUNNING = "running"
USUAL_OF = 3  # latest finished trainings that say how long the next one takes


class Jobs:
    """The store's part for trainings; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, kind: str, user_id: int, chat_id: int, message_id: int, *, full: bool = False
    ) -> JobRow:
        """Note that a training started; its progress stands in that message."""
        row = JobRow(kind=kind, full=full, user_id=user_id, chat_id=chat_id, message_id=message_id)
        row.state, row.told, row.started = RUNNING, False, int(time.time())
        await self._database.run(lambda session: session.add(row))
        return row

    async def end(self, job_id: int, state: str, version: str | None = None) -> None:
        """Note how a training ended; nobody has been told yet."""
        await self._change(job_id, state=state, version=version, ended=int(time.time()))

    async def tell(self, job_id: int) -> None:
        """Note that the admin has heard of the end."""
        await self._change(job_id, told=True)

    async def running(self) -> JobRow | None:
        """Return the training in work: the latest, should the end of another be unknown."""
        chosen = select(JobRow).where(JobRow.state == RUNNING).order_by(JobRow.id.desc())
        return await self._database.run(lambda session: session.scalar(chosen.limit(1)))

    async def untold(self) -> Sequence[JobRow]:
        """Return the trainings whose end nobody told: broken off, or the message did not go."""
        open_ = select(JobRow).where(or_(JobRow.state == RUNNING, JobRow.told.is_(False)))
        return await self._database.run(lambda session: session.scalars(open_).all())

    async def usual_seconds(self, kind: str, *, full: bool) -> float | None:
        """Return how long the latest such trainings took on average, None if there were none."""
        chosen = (
            select(JobRow)
            .where(JobRow.kind == kind, JobRow.full == full, JobRow.version.is_not(None))
            .order_by(JobRow.id.desc())
            .limit(USUAL_OF)
        )
        rows = await self._database.run(lambda session: session.scalars(chosen).all())
        took = [(row.ended or 0) - row.started for row in rows]
        return sum(took) / len(took) if took else None

    async def trained_by(self, kind: str) -> dict[str, int]:
        """Return who had each version of a kind trained, as far as it came from the chat."""
        chosen = select(JobRow).where(JobRow.kind == kind, JobRow.version.is_not(None))
        rows = await self._database.run(lambda session: session.scalars(chosen).all())
        return {str(row.version): row.user_id for row in rows}

    async def _change(self, job_id: int, **values: str | int | bool | None) -> None:
        changed = update(JobRow).where(JobRow.id == job_id).values(**values)
        await self._database.run(lambda session: session.execute(changed))
