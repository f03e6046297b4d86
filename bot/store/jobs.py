"""The queue of trainings: ordered in a chat, claimed by one process, each end reported once."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import exists, func, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store.engine import Database, is_shared, notify
from bot.store.tables import JobRow, ReplicaRow

QUEUED, RUNNING, CANCELLED, INTERRUPTED = "queued", "running", "cancelled", "interrupted"
OPEN = JobRow.state.in_((QUEUED, RUNNING))
NOTICE = "jobs"  # sent by `notify` when a training is queued, cancelled or ended
CLAIMING = 0x6A6F6273  # key of PostgreSQL's advisory lock of the queue: "jobs" in ASCII
USUAL_OF = 3  # latest finished trainings whose mean duration predicts the next one's


class Order(NamedTuple):
    """A training that an admin orders; for the fields see `JobRow`."""

    kind: str
    user_id: int
    chat_id: int
    message_id: int
    full: bool = False
    topic: int | None = None
    language: str | None = None


class Jobs:
    """Reads and writes trainings; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, orders: Sequence[Order]) -> bool:
        """Queue trainings; return False, and queue none, if others are queued or running.

        True without a change if these orders are queued already: a process may have died after it
        queued them and before it answered.
        """
        rows = [
            JobRow(**one._asdict(), state=QUEUED, reported=False, started=int(time.time()))
            for one in orders
        ]

        def queue(session: Session) -> bool:
            _lock(session)
            if there := session.scalars(select(JobRow).where(OPEN)).all():
                places = {(job.chat_id, job.message_id) for job in there}
                return (orders[-1].chat_id, orders[-1].message_id) in places
            session.add_all(rows)
            notify(session, NOTICE)
            return True

        return await self._database.run(queue)

    async def open(self) -> JobRow | None:
        """Return the running training, else the next in the queue, else None."""
        chosen = select(JobRow).where(OPEN).order_by(JobRow.state == QUEUED, JobRow.id)
        return await self._database.run(lambda session: session.scalar(chosen.limit(1)))

    async def claim(self, owner: str, *, for_worker: bool) -> JobRow | None:
        """Begin the next training if none runs, else return None; not while this process trains.

        `for_worker`: begin none while a worker process is alive.
        """
        worker = exists().where(ReplicaRow.trains)
        running = exists().where(JobRow.state == RUNNING)
        queued = select(JobRow).where(JobRow.state == QUEUED, ~running)
        next_ = queued.where(~worker if for_worker else true()).order_by(JobRow.id).limit(1)

        def take(session: Session) -> JobRow | None:
            _lock(session)
            # This process runs none, so its own row is of one whose end could not be stored.
            left = update(JobRow).where(JobRow.state == RUNNING, JobRow.owner == owner)
            # Without an owner `claim_unreported` finds it.
            session.execute(left.values(state="failed", owner=None, ended=int(time.time())))
            if job := session.scalar(next_):
                job.state, job.owner, job.started = RUNNING, owner, int(time.time())
            return job

        try:
            return await self._database.run(take)
        except IntegrityError:  # another process was first: the index allows one running
            return None

    async def has_worker(self) -> bool:
        """Return whether a worker process is alive."""
        living = select(exists().where(ReplicaRow.trains))
        return bool(await self._database.run(lambda session: session.scalar(living)))

    async def current(self, job_id: int) -> JobRow | None:
        """Return the current row of a training; None if its admin's data was deleted."""
        return await self._database.run(lambda session: session.get(JobRow, job_id))

    async def cancel(self, chat_id: int, message_id: int) -> bool:
        """Cancel the training that a message shows, and those queued after it.

        Return False if it has ended.
        """

        def ask(session: Session) -> bool:
            _lock(session)
            here = JobRow.chat_id == chat_id, JobRow.message_id == message_id
            job = session.scalar(select(JobRow).where(OPEN, *here))
            if not job:
                return False
            wanted = update(JobRow).where(OPEN, JobRow.id >= job.id)
            session.execute(wanted.values(cancelled=True))
            dropped = wanted.where(JobRow.state == QUEUED)
            session.execute(dropped.values(state=CANCELLED, ended=int(time.time())))
            notify(session, NOTICE)
            return True

        return await self._database.run(ask)

    async def end(self, job: JobRow, state: str, version: str | None = None) -> bool:
        """Store how a training of this process ended.

        Return False if another process took this one as dead, and so the training as interrupted.
        """
        owned = update(JobRow).where(JobRow.id == job.id, JobRow.owner == job.owner)
        ended = owned.values(state=state, version=version, ended=int(time.time()))

        def note(session: Session) -> bool:
            notify(session, NOTICE)
            return session.scalar(ended.returning(JobRow.id)) is not None

        return await self._database.run(note)

    async def mark_reported(self, job_id: int) -> None:
        """Store that the message to the admin shows the result."""
        reported = update(JobRow).where(JobRow.id == job_id).values(reported=True)
        await self._database.run(lambda session: session.execute(reported))

    async def give_up(self, job: JobRow) -> None:
        """Leave an ended training, if its message shows no result, to `claim_unreported`."""
        ended = update(JobRow).where(JobRow.id == job.id, JobRow.owner == job.owner, ~OPEN)
        left = ended.where(JobRow.reported.is_(False)).values(owner=None)
        await self._database.run(lambda session: session.execute(left))

    async def claim_unreported(self, owner: str) -> Sequence[JobRow]:
        """Take over the ended trainings whose message shows no result from dead processes.

        And those that a living one gave up.
        """
        alive = JobRow.owner.in_(select(ReplicaRow.id))
        orphaned = select(JobRow).where(
            JobRow.reported.is_(False), ~OPEN, or_(JobRow.owner.is_(None), ~alive)
        )

        def take(session: Session) -> Sequence[JobRow]:
            rows = session.scalars(orphaned.with_for_update(skip_locked=True)).all()
            for row in rows:
                row.owner = owner
            return rows

        return await self._database.run(take)

    async def if_none_runs(self, work: Callable[[], None]) -> bool:
        """Call `work` (short) in a transaction if no training runs; return whether."""

        def do(session: Session) -> bool:
            _lock(session)
            idle = session.scalar(select(~exists().where(JobRow.state == RUNNING)))
            if idle:
                work()
            return bool(idle)

        return await self._database.run(do)

    async def usual_seconds(self, kind: str, *, full: bool) -> float | None:
        """Return the mean duration in s of the latest such trainings; None if there are none."""
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
        """Return by version the user id of the admin who ordered it; none for the CLI's."""
        chosen = select(JobRow).where(JobRow.kind == kind, JobRow.version.is_not(None))
        rows = await self._database.run(lambda session: session.scalars(chosen).all())
        return {str(row.version): row.user_id for row in rows}


def interrupt_orphans(session: Session) -> None:
    """Set the trainings of dead processes to interrupted."""
    alive = JobRow.owner.in_(select(ReplicaRow.id))
    orphaned = update(JobRow).where(JobRow.state == RUNNING, ~alive)
    ended = orphaned.values(state=INTERRUPTED, owner=None, ended=int(time.time()))
    if session.scalars(ended.returning(JobRow.id)).all():
        notify(session, NOTICE)


def _lock(session: Session) -> None:
    """Lock the queue until the transaction ends; SQLite has one writer and needs no lock."""
    if is_shared(session):
        session.execute(select(func.pg_advisory_xact_lock(CLAIMING)))
