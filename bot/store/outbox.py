"""Transactional outbox: the messages that answer an update, noted before and after they are sent.

Where a process is killed or a connection breaks between the two, the message may have arrived or
not. `bot.delivery.sender` then looks for it; here is what it needs to know.
"""

from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.store.engine import Database
from bot.store.tables import SendRow, UpdateRow


class ClaimLost(Exception):
    """Another process has taken the update over, so this one must not answer it."""


class Send(NamedTuple):
    """One message: the `number`-th that answers the update by quoting its message.

    Those that quote none count down from -1, for some come and go with the time an answer takes.
    `after`: the newest message id known when it was sent, of all private chats, whose ids count up
    together, or of the group; so its own is a little larger. `markup`: its buttons as JSON.
    """

    update_id: int
    number: int
    chat_id: int
    after: int
    markup: str | None
    message_id: int | None = None


class Sends:
    """The store's part for messages; every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, send: Send, owner: str = "") -> Send | None:
        """Note that a message is about to be sent; return the note of a former try, if any.

        Raises ClaimLost if the `owner` of the claim (empty: there is no claim) is another by now.
        """
        claim = UpdateRow.id == send.update_id, UpdateRow.owner == owner
        held = select(UpdateRow.id).where(*claim).with_for_update(key_share=True)

        def note(session: Session) -> None:
            if owner and session.scalar(held) is None:
                raise ClaimLost(f"update {send.update_id} was taken over")
            session.execute(insert(SendRow), [send._asdict()])

        try:
            await self._database.run(note)
        except IntegrityError:  # there is one; asking for it first would cost each answer
            key = send.update_id, send.number
            row = await self._database.run(lambda session: session.get_one(SendRow, key))
            return Send(*(getattr(row, name) for name in Send._fields))
        return None

    async def newest_arrival(self) -> int:
        """Return the message id of the newest message that users sent, in private chats."""
        arrived = select(UpdateRow.message_id).where(UpdateRow.message_id.is_not(None))
        newest = arrived.order_by(UpdateRow.id.desc()).limit(1)
        return await self._database.run(lambda session: session.scalar(newest)) or 0

    async def known(self, chat_id: int) -> set[int]:
        """Return the ids of messages that surely arrived in a chat: in a group, of the last days.

        In a private chat only those that answer an update in work.
        """
        sent = select(SendRow.message_id).where(SendRow.chat_id == chat_id)
        return await self._database.run(lambda session: {id for id in session.scalars(sent) if id})

    async def end(self, send: Send, message_id: int) -> None:
        """Note that the message arrived, and its id."""
        same = SendRow.update_id == send.update_id, SendRow.number == send.number
        arrived = update(SendRow).where(*same).values(message_id=message_id, markup=None)
        await self._database.run(lambda session: session.execute(arrived))
