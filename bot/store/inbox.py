"""What Telegram delivered, from its arrival until it is answered; work on it is claimed.

Any process may claim the oldest update of a user none of whose updates is in work: a user's are
handled in the order in which Telegram numbered them, whichever process handles each. The claim is
a row that names its owner, and ends with `finish`, `give_back`, or with the owner's death
(`bot.store.replicas`). Whatever an owner does is void once the row names another.

A claim blocks what else waits in its turn, and `finish` unblocks the oldest of that: so the next
claims do not look at a user's thousands one by one. A row that is not blocked is looked at, so
nothing but speed depends on it.
"""

import time
from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Float,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from bot.store.engine import Database, is_shared, notify
from bot.store.tables import DAY, SendRow, UpdateRow

UPDATE_KEPT = 2 * DAY  # s that a finished one is remembered; Telegram delivers for one day
ALBUM_QUIET = 0.5  # s without another photo of an album: then it is taken as complete
NOTICE = "updates"  # the notice that there is something to claim
WAITS = UpdateRow.payload.is_not(None)
OTHER = aliased(UpdateRow)
CLOCK = cast(func.extract("epoch", func.clock_timestamp()), Float)  # PostgreSQL's
READY = WAITS, UpdateRow.owner.is_(None), ~UpdateRow.blocked


class Arrival(NamedTuple):
    """An update as it is stored; what the fields mean stands at `UpdateRow`."""

    id: int
    payload: str
    turn: int
    chat_id: int = 0
    message_id: int | None = None
    album: str | None = None


class Claim(NamedTuple):
    """One unit of work: an update, or all photos of an album that have come."""

    owner: str
    turn: int
    chat_id: int
    album: str | None
    payloads: dict[int, str]  # by update id, ascending; those of an earlier try first
    deaths: int  # of processes that worked on it


class Updates:
    """The store's part for updates; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Store updates until `finish`; those that came before stay as they are."""

        def note(session: Session) -> None:
            insert = postgresql.insert if is_shared(session) else sqlite.insert
            now = _now(session)
            new = {"received": now, "tries": 0, "blocked": False}
            rows = [one._asdict() | new for one in arrivals]
            session.execute(insert(UpdateRow).values(rows).on_conflict_do_nothing())
            notify(session, NOTICE)

        await self._database.run(note)

    async def claim(
        self, owner: str, *, untried: bool = False, not_in: Collection[int] = ()
    ) -> Claim | None:
        """Claim the oldest unit that is ready, if there is one.

        `untried`: none at which a process died; `not_in`: chats of which none is wanted.
        """

        def take(session: Session) -> Claim | None:
            ready = _ready(shared=is_shared(session), untried=untried)
            head = session.execute(ready, {"full": list(not_in), "now": time.time()}).one_or_none()
            if head is None:
                return None
            # Should an older update arrive at this moment, another process must not begin it.
            if is_shared(session) and not session.scalar(
                select(func.pg_try_advisory_xact_lock(head.turn))
            ):
                return None
            same = UpdateRow.id == head.id
            if head.album is not None:
                same = and_(UpdateRow.turn == head.turn, UpdateRow.album == head.album)
            in_work = exists().where(
                OTHER.turn == head.turn, OTHER.payload.is_not(None), OTHER.owner.is_not(None)
            )
            claimed = _begin(session, owner, same, ~in_work)
            if not claimed:
                return None
            behind = update(UpdateRow).where(*READY, UpdateRow.turn == head.turn)
            session.execute(behind.values(blocked=True))
            return Claim(owner, head.turn, head.chat_id, head.album, *_summary(claimed))

        return await self._database.run(take)

    async def claim_late(self, claim: Claim) -> dict[int, str]:
        """Claim the photos of the album that came since; return their payloads by update id."""
        if claim.album is None:
            return {}
        same = UpdateRow.turn == claim.turn, UpdateRow.album == claim.album
        return await self._database.run(
            lambda session: _summary(_begin(session, claim.owner, *same))[0]
        )

    async def finish(self, owner: str, ids: Sequence[int]) -> bool:
        """Forget what updates said, but not that they came; False if the claim was lost.

        Of their answers those in groups are kept: an answer that a crash leaves in doubt could
        not be told from these.
        """

        def drop(session: Session) -> bool:
            done = update(UpdateRow).where(UpdateRow.id.in_(ids), UpdateRow.owner == owner)
            finished = session.execute(
                done.values(payload=None, owner=None).returning(UpdateRow.id, UpdateRow.turn)
            ).all()
            private = SendRow.update_id.in_(row.id for row in finished), SendRow.chat_id > 0
            session.execute(delete(SendRow).where(*private))
            for turn in {row.turn for row in finished}:
                session.execute(_unblock_next(turn))
            return len(finished) == len(ids)

        return await self._database.run(drop)

    async def give_back(self, owner: str, ids: Sequence[int]) -> None:
        """End a claim without having finished; this try does not count."""

        def free(session: Session) -> None:
            owned = update(UpdateRow).where(UpdateRow.id.in_(ids), UpdateRow.owner == owner)
            session.execute(owned.values(owner=None, tries=UpdateRow.tries - 1))
            notify(session, NOTICE)

        await self._database.run(free)

    async def unblock(self) -> None:
        """Let all that wait be looked at.

        At the start: a former version of the program, which knows no `blocked`, may have finished
        what blocked them.
        """
        blocked = update(UpdateRow).where(WAITS, UpdateRow.owner.is_(None), UpdateRow.blocked)
        await self._database.run(lambda session: session.execute(blocked.values(blocked=False)))

    async def prune(self) -> None:
        """Drop those that are finished and too old to be delivered again."""

        def drop(session: Session) -> None:
            before = _now(session) - UPDATE_KEPT
            old = UpdateRow.received < before, UpdateRow.payload.is_(None)
            sent = SendRow.update_id.in_(select(UpdateRow.id).where(*old))
            session.execute(delete(SendRow).where(sent))
            session.execute(delete(UpdateRow).where(*old))

        await self._database.run(drop)


def _now(session: Session) -> ColumnElement[float]:
    """Unix seconds; by one clock for all processes."""
    if is_shared(session):
        return CLOCK
    return literal(time.time(), Float)


@cache
def _ready(*, shared: bool, untried: bool) -> Select[int, int, int, str | None]:
    """The first update of its turn, where none of that turn is in work and no album is coming.

    Parameters: `full`, chats of which none is wanted, and in SQLite `now`, Unix seconds. It is
    made once: making it took half of a claim's time. What is asked about the turn are scalars,
    for of NOT EXISTS PostgreSQL's planner made a join with all that waits.
    """
    now = CLOCK if shared else bindparam("now", type_=Float)
    of_turn = select(OTHER.id).where(OTHER.turn == UpdateRow.turn, OTHER.payload.is_not(None))
    oldest = of_turn.order_by(OTHER.id).limit(1).scalar_subquery()
    in_work = of_turn.where(OTHER.owner.is_not(None)).limit(1).scalar_subquery()
    # Both bounds, so that a clock that was set back does not hold up an album for ever.
    coming = exists().where(
        OTHER.turn == UpdateRow.turn,
        OTHER.album == UpdateRow.album,
        OTHER.payload.is_not(None),
        OTHER.received.between(now - ALBUM_QUIET, now + ALBUM_QUIET),
    )
    return (
        select(UpdateRow.id, UpdateRow.turn, UpdateRow.chat_id, UpdateRow.album)
        .where(UpdateRow.chat_id.not_in(bindparam("full", expanding=True)))
        .where(*READY, UpdateRow.id == oldest, in_work.is_(None))
        .where(or_(UpdateRow.album.is_(None), ~coming))
        .where(UpdateRow.tries == 0 if untried else true())
        .order_by(UpdateRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _unblock_next(turn: int) -> Update:
    """Let the oldest update of a turn be looked at."""
    of_turn = select(UpdateRow.id).where(WAITS, UpdateRow.turn == turn)
    oldest = of_turn.order_by(UpdateRow.id).limit(1).scalar_subquery()
    return update(UpdateRow).where(UpdateRow.id == oldest).values(blocked=False)


def _begin(
    session: Session, owner: str, *which: ColumnElement[bool]
) -> Sequence[Row[int, str | None, int]]:
    """Claim those that nobody owns."""
    free = update(UpdateRow).where(WAITS, UpdateRow.owner.is_(None), *which)
    return session.execute(
        free.values(owner=owner, tries=UpdateRow.tries + 1).returning(
            UpdateRow.id, UpdateRow.payload, UpdateRow.tries
        )
    ).all()


def _summary(claimed: Sequence[Row[int, str | None, int]]) -> tuple[dict[int, str], int]:
    """Return payloads by id and the deaths."""
    ordered = sorted(claimed, key=lambda row: (-row.tries, row.id))
    tries = max((row.tries for row in claimed), default=1)
    return {row.id: row.payload or "" for row in ordered}, tries - 1
