"""Transactional outbox: messages that answer an update, stored before and after they are sent.

If the process is killed or the connection breaks in between, the message may have arrived or not.
`bot.delivery.sender` then searches for it, by what is stored here.
"""

from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.store.engine import Database
from bot.store.tables import SendRow, UpdateRow

ARRIVALS = 400  # users' messages: none of them is a message of the bot
ARRIVED = (
    select(UpdateRow.message_id)
    .where(UpdateRow.message_id.is_not(None))
    .order_by(UpdateRow.id.desc())
)


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

    async def former(self, send: Send) -> Send | None:
        """Return the row of the last request to send this message, if any was made."""
        key = send.update_id, send.number
        row = await self._database.run(lambda session: session.get(SendRow, key))
        return Send(*(getattr(row, name) for name in Send._fields)) if row else None

    async def begin(self, send: Send, owner: str = "") -> Send:
        """Store that a request to send a message is made now, and return its row.

        In a private chat `after` is at least the id of users' newest message. Raises ClaimLost if
        `owner` (empty: no claim) does not own the update any more.
        """
        claim = UpdateRow.id == send.update_id, UpdateRow.owner == owner
        held = select(UpdateRow.id).where(*claim).with_for_update(key_share=True)

        def note(session: Session) -> Send:
            if owner and session.scalar(held) is None:
                raise ClaimLost(f"update {send.update_id} was taken over")
            newest = session.scalar(ARRIVED.limit(1)) if send.chat_id > 0 else None
            begun = send._replace(after=max(send.after, newest or 0))
            session.merge(SendRow(**begun._asdict()))
            return begun

        return await self._database.run(note)

    async def arrivals(self) -> list[int]:
        """Return the ids of users' newest ARRIVALS messages in private chats."""
        last = ARRIVED.limit(ARRIVALS)
        return await self._database.run(lambda session: [id for id in session.scalars(last) if id])

    async def known(self, chat_id: int, after: int) -> set[int]:
        """Return the ids above `after` of the bot's messages known to have arrived in a chat.

        In a group all of the last days, in a private chat those of updates in work.
        """
        later = SendRow.chat_id == chat_id, SendRow.message_id > after
        sent = select(SendRow.message_id).where(*later)
        return await self._database.run(lambda session: {id for id in session.scalars(sent) if id})

    async def end(self, send: Send, message_id: int) -> None:
        """Store the id of a message that has arrived."""
        same = SendRow.update_id == send.update_id, SendRow.number == send.number
        arrived = update(SendRow).where(*same).values(message_id=message_id, markup=None)
        await self._database.run(lambda session: session.execute(arrived))
