"""Received updates, from their arrival until they are answered; processes claim them.

A process may claim the oldest waiting update of a user of whom no update is claimed. So a user's
updates are handled in the order of their ids, by whichever process. A claim is the column `owner`
of the row. It ends with `finish`, with `give_back`, or when the owner is taken as dead
(`bot.store.replicas`). `finish` and `give_back` of a former owner have no effect.

A claim sets `blocked` on the other waiting updates of the same user, and `finish` clears it on the
oldest of them. It only saves time: queries for the next claim skip blocked rows, of which one user
may have thousands. Updates that are not blocked are checked in full.
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

UPDATE_KEPT = 2 * DAY  # s that a finished one is kept; Telegram repeats deliveries for one day
ALBUM_QUIET = 0.5  # s without another photo of an album, after which it counts as complete
NOTICE = "updates"  # sent by `notify` when there is something to claim
WAITS = UpdateRow.payload.is_not(None)
OTHER = aliased(UpdateRow)
CLOCK = cast(func.extract("epoch", func.clock_timestamp()), Float)  # PostgreSQL's
READY = WAITS, UpdateRow.owner.is_(None), ~UpdateRow.blocked


class Arrival(NamedTuple):
    """A received update; for the fields see `UpdateRow`."""

    id: int
    payload: str
    turn: int
    chat_id: int = 0
    message_id: int | None = None
    album: str | None = None


class Claim(NamedTuple):
    """One unit of work: an update, or the photos of an album that have arrived."""

    owner: str
    turn: int
    chat_id: int
    album: str | None
    payloads: dict[int, str]  # by update id, ascending; those of an earlier try first
    deaths: int  # number of processes that died while they worked on it


class Updates:
    """Reads and writes updates; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Store updates; those that were received before stay unchanged."""

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
        """Claim the oldest unit that is ready; None if there is none.

        `untried`: only units at which no process has died; `not_in`: ids of chats to skip.
        """

        def take(session: Session) -> Claim | None:
            ready = _ready(shared=is_shared(session), untried=untried)
            head = session.execute(ready, {"full": list(not_in), "now": time.time()}).one_or_none()
            if head is None:
                return None
            # Against another process that claims an older update of this user, just received.
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
        """Claim photos of the claim's album that arrived later; return payloads by update id."""
        if claim.album is None:
            return {}
        same = UpdateRow.turn == claim.turn, UpdateRow.album == claim.album
        return await self._database.run(
            lambda session: _summary(_begin(session, claim.owner, *same))[0]
        )

    async def finish(self, owner: str, ids: Sequence[int]) -> bool:
        """Delete the content of updates, not their ids; return False if the claim was lost.

        Sends to groups are kept: after a crash `bot.delivery.sender` must not take one of them for
        a message that may have arrived.
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

    async def give_back(self, owner: str, in_work: Collection[Claim] = ()) -> None:
        """End a process's claims except those in work; these tries are not counted.

        A claim of which its process does not know was made if the connection broke during its
        commit.
        """
        turns = [claim.turn for claim in in_work]
        claimed = UpdateRow.payload.is_not(None), UpdateRow.owner == owner

        def free(session: Session) -> None:
            left = update(UpdateRow).where(*claimed, UpdateRow.turn.not_in(turns))
            session.execute(left.values(owner=None, tries=UpdateRow.tries - 1))
            notify(session, NOTICE)

        await self._database.run(free)

    async def unblock(self) -> None:
        """Clear `blocked` on all waiting updates, at the start.

        An older version of the program, without that column, may have finished what blocked them.
        """
        blocked = update(UpdateRow).where(WAITS, UpdateRow.owner.is_(None), UpdateRow.blocked)
        await self._database.run(lambda session: session.execute(blocked.values(blocked=False)))

    async def prune(self) -> None:
        """Delete updates that are finished and too old to be delivered again."""

        def drop(session: Session) -> None:
            before = _now(session) - UPDATE_KEPT
            old = UpdateRow.received < before, UpdateRow.payload.is_(None)
            sent = SendRow.update_id.in_(select(UpdateRow.id).where(*old))
            session.execute(delete(SendRow).where(sent))
            session.execute(delete(UpdateRow).where(*old))

        await self._database.run(drop)


def _now(session: Session) -> ColumnElement[float]:
    """Unix seconds, of the database server's clock if processes share it."""
    if is_shared(session):
        return CLOCK
    return literal(time.time(), Float)


@cache
def _ready(*, shared: bool, untried: bool) -> Select[int, int, int, str | None]:
    """The query for the oldest unit that is ready.

    It is the first waiting update of its turn, none of that turn is claimed, and its album is
    complete. Parameters: `full`, ids of chats to skip, and in SQLite `now`, Unix seconds.

    Cached, as building it took half of a claim's time. Scalar subqueries instead of NOT EXISTS,
    which PostgreSQL's planner turned into a join with all waiting updates.
    """
    now = CLOCK if shared else bindparam("now", type_=Float)
    of_turn = select(OTHER.id).where(OTHER.turn == UpdateRow.turn, OTHER.payload.is_not(None))
    oldest = of_turn.order_by(OTHER.id).limit(1).scalar_subquery()
    in_work = of_turn.where(OTHER.owner.is_not(None)).limit(1).scalar_subquery()
    # The upper bound, for a clock that was set back: else an album would wait until it catches up.
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
    """Clear `blocked` on the oldest waiting update of a turn."""
    of_turn = select(UpdateRow.id).where(WAITS, UpdateRow.turn == turn)
    oldest = of_turn.order_by(UpdateRow.id).limit(1).scalar_subquery()
    return update(UpdateRow).where(UpdateRow.id == oldest).values(blocked=False)


def _begin(
    session: Session, owner: str, *which: ColumnElement[bool]
) -> Sequence[Row[int, str | None, int]]:
    """Claim the waiting updates that fulfil `which` and have no owner."""
    free = update(UpdateRow).where(WAITS, UpdateRow.owner.is_(None), *which)
    return session.execute(
        free.values(owner=owner, tries=UpdateRow.tries + 1).returning(
            UpdateRow.id, UpdateRow.payload, UpdateRow.tries
        )
    ).all()


def _summary(claimed: Sequence[Row[int, str | None, int]]) -> tuple[dict[int, str], int]:
    """Return payloads by id, and how many processes died while they worked on them."""
    ordered = sorted(claimed, key=lambda row: (-row.tries, row.id))
    tries = max((row.tries for row in claimed), default=1)
    return {row.id: row.payload or "" for row in ordered}, tries - 1
