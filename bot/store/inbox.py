"""What Telegram delivered, kept until it is answered: what a crash cut off is taken up again."""

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.store.engine import Database
from bot.store.tables import DAY, SendRow, UpdateRow

UPDATE_KEPT = 2 * DAY  # s; Telegram itself delivers nothing older than a day


class Updates:
    """The store's part for updates; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, payloads: Mapping[int, str]) -> set[int]:
        """Keep updates until `finish`; return the ids of those that were not kept before.

        Those are dropped that are finished, and too old to come again.
        """
        now = int(time.time())
        old = UpdateRow.received < now - UPDATE_KEPT, UpdateRow.payload.is_(None)

        def note(session: Session) -> set[int]:
            sent = SendRow.update_id.in_(select(UpdateRow.id).where(*old))
            session.execute(delete(SendRow).where(sent))
            session.execute(delete(UpdateRow).where(*old))
            known = select(UpdateRow.id).where(UpdateRow.id.in_(payloads))
            new = payloads.keys() - set(session.scalars(known))
            rows = [{"id": id, "payload": payloads[id], "received": now} for id in new]
            if rows:
                session.execute(insert(UpdateRow), rows)
            return new

        return await self._database.run(note)

    async def finish(self, update_id: int) -> None:
        """Forget what the update said, but not that it came; of its answers keep a group's.

        Else one that a crash leaves in doubt could not be told from these.
        """

        def drop(session: Session) -> None:
            done = update(UpdateRow).where(UpdateRow.id == update_id)
            session.execute(done.values(payload=None))
            private = SendRow.update_id == update_id, SendRow.chat_id > 0
            session.execute(delete(SendRow).where(*private))

        await self._database.run(drop)

    async def take_up(self) -> Sequence[UpdateRow]:
        """Return what former runs kept and did not finish, and count this start with them.

        Those that the fewest starts found come first, and of them the oldest.
        """
        unfinished = UpdateRow.payload.is_not(None)

        def take(session: Session) -> Sequence[UpdateRow]:
            once_more = update(UpdateRow).where(unfinished).values(starts=UpdateRow.starts + 1)
            session.execute(once_more)
            ordered = select(UpdateRow).where(unfinished).order_by(UpdateRow.starts, UpdateRow.id)
            return session.scalars(ordered).all()

        return await self._database.run(take)
