"""A message that may have arrived -> its id.

Changing the buttons of a message to what they are is refused as "not modified" where the message
is ours, and otherwise where there is none or it is not ours. A message of ours that is known to
be another answer is not touched; one that a crash has made unknown may get these buttons for a
moment, until its own update, which the crash left unfinished, looks for it in turn.
"""

import logging
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from typing import Any, TypeAlias

from telegram.error import BadRequest, InvalidToken

from bot.store.sends import Send

log = logging.getLogger(__name__)

SEARCHED = 40  # message ids, from the newest known one on
SEARCHED_IN_GROUP = 15  # from the photo on; a group takes 20 calls a minute

JSONDict: TypeAlias = dict[str, Any]
Answer: TypeAlias = bool | JSONDict | list[JSONDict]
Call: TypeAlias = Callable[..., Coroutine[Any, Any, Answer]]


async def find(call: Call, send: Send, quoted: int | None, known: Collection[int]) -> int | None:
    """Return the id of a message that may have arrived; None if it did not, or none can say.

    `quoted`: the message it replies to; `known`: ids in its chat that are other messages.
    """
    if send.chat_id < 0 and quoted is None:
        return None  # a group counts for itself: nothing says where to look
    far = SEARCHED if send.chat_id > 0 else SEARCHED_IN_GROUP
    for message_id in range(send.after + 1, send.after + 1 + far):
        if message_id not in known and await _is_it(call, send, quoted, message_id):
            log.info("answer %s had arrived", send.update_id)
            return message_id
    return None


async def _is_it(call: Call, send: Send, quoted: int | None, message_id: int) -> bool:
    about = {"chat_id": send.chat_id, "message_id": message_id, "reply_markup": send.markup}
    with suppress(InvalidToken):  # PTB's word for 404: a server that does not know the method
        try:
            changed = await call(
                "editMessageReplyMarkup", {k: v for k, v in about.items() if v is not None}
            )
        except BadRequest as error:
            return "not modified" in error.message.lower()
        replied = changed.get("reply_to_message", {}) if isinstance(changed, dict) else {}
        return quoted is not None and replied.get("message_id") == quoted
    return False
