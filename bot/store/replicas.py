"""Heartbeats: each process increments its `beat`; one whose beat stays the same is taken as dead.

Each process compares the beats of the others at each of its own. It counts comparisons, not
seconds: after an outage of the database or a jump of the clock all processes have the same number
of beats left in which to increment theirs.
"""

from uuid import uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.store.engine import Database, notify
from bot.store.inbox import NOTICE
from bot.store.jobs import interrupt_orphans
from bot.store.tables import ReplicaRow, UpdateRow

BEATS = 5  # comparisons with an unchanged beat, after which a process is taken as dead


class Replicas:
    """Reads and writes the rows of processes; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: dict[str, tuple[int, int]] = {}  # by id: beat, and how often it was unchanged
        self.trains = False  # this process is a worker
        self.me = ""  # id of this process as an owner; a new one after it was taken as dead

    async def beat(self) -> None:
        """Increment this process's beat, and end the claims and trainings of dead processes."""
        looks = BEATS if self._database.shared else 0  # SQLite: other rows are of former runs

        def look(session: Session) -> tuple[str, dict[str, tuple[int, int]]]:
            me = self.me
            mine = update(ReplicaRow).where(ReplicaRow.id == me).values(beat=ReplicaRow.beat + 1)
            if session.scalar(mine.returning(ReplicaRow.beat)) is None:
                me = uuid4().hex
                session.execute(insert(ReplicaRow).values(id=me, beat=0, trains=self.trains))
            seen = {}
            for other in session.scalars(select(ReplicaRow).where(ReplicaRow.id != me)):
                beat, looked = self._seen.get(other.id, (other.beat, -1))
                seen[other.id] = other.beat, looked + 1 if beat == other.beat else 0
            for id, (beat, looked) in seen.items():
                if looked >= looks:
                    dead = ReplicaRow.id == id, ReplicaRow.beat == beat
                    session.execute(delete(ReplicaRow).where(*dead))
            claimed = UpdateRow.payload.is_not(None), UpdateRow.owner.is_not(None)
            orphaned = UpdateRow.owner.not_in(select(ReplicaRow.id))
            free = update(UpdateRow).where(*claimed, orphaned).values(owner=None)
            if session.scalars(free.returning(UpdateRow.id)).all():
                notify(session, NOTICE)
            interrupt_orphans(session)
            return me, seen

        self.me, self._seen = await self._database.run(look)

    async def leave(self) -> None:
        """Delete the row of this process, which ends; others may take over its claims."""
        gone = delete(ReplicaRow).where(ReplicaRow.id == self.me)
        await self._database.run(lambda session: session.execute(gone))
