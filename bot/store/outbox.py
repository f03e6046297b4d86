"""Transactional outbox: messages that answer an update, stored before and after they are sent.

If the process is killed or the connection breaks in between, the message may have arrived or not.
`bot.delivery.sender` then searches for it, by what is stored here.
"""

from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store.engine import Database
from bot.store.tables import SendRow, UpdateRow


class ClaimLost(Exception):
    """Another process has claimed the update, so this one must not answer it."""


class Send(NamedTuple):
    """One message that answers an update.

    `number`: 1, 2, ... for messages that quote the update's; -1, -2, ... for others. The latter
    depend on time ("busy"), so they must not shift the numbers of the former at a second try.
    `after`: a lower bound of its id: the largest message id known when it was sent, of all private
    chats, which share one numbering, or in the group. `markup`: its buttons as JSON.
    """

    update_id: int
    number: int
    chat_id: int
    after: int
    markup: str | None
    message_id: int | None = None


class Sends:
    """Reads and writes sent messages; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, send: Send, owner: str = "") -> Send | None:
        """Store that a message is about to be sent; return the row of a former try, if any.

        Raises ClaimLost if `owner` (empty: no claim) does not own the update any more.
        """
        claim = UpdateRow.id == send.update_id, UpdateRow.owner == owner
        held = select(UpdateRow.id).where(*claim).with_for_update(key_share=True)

        def note(session: Session) -> None:
            if owner and session.scalar(held) is None:
                raise ClaimLost(f"update {send.update_id} was taken over")
            session.execute(insert(SendRow), [send._asdict()])

        try:
            await self._database.run(note)
        except IntegrityError:  # a former try's row: rare, so not queried first
            key = send.update_id, send.number
            row = await self._database.run(lambda session: session.get_one(SendRow, key))
            return Send(*(getattr(row, name) for name in Send._fields))
        return None

    async def begin_again(self, send: Send) -> None:
        """Store that a message is about to be sent of which a former try did not arrive."""
        same = SendRow.update_id == send.update_id, SendRow.number == send.number
        again = update(SendRow).where(*same).values(after=send.after, markup=send.markup)
        await self._database.run(lambda session: session.execute(again))

    async def newest_arrival(self) -> int:
        """Return the id of users' newest message in private chats; 0 if none is known."""
        arrived = select(UpdateRow.message_id).where(UpdateRow.message_id.is_not(None))
        newest = arrived.order_by(UpdateRow.id.desc()).limit(1)
        return await self._database.run(lambda session: session.scalar(newest)) or 0

    async def known(self, chat_id: int) -> set[int]:
        """Return the ids of messages of the bot that are known to have arrived in a chat.

        In a group all of the last days, in a private chat those of updates in work.
        """
        sent = select(SendRow.message_id).where(SendRow.chat_id == chat_id)
        return await self._database.run(lambda session: {id for id in session.scalars(sent) if id})

    async def end(self, send: Send, message_id: int) -> None:
        """Store the id of a message that has arrived."""
        same = SendRow.update_id == send.update_id, SendRow.number == send.number
        arrived = update(SendRow).where(*same).values(message_id=message_id, markup=None)
        await self._database.run(lambda session: session.execute(arrived))
