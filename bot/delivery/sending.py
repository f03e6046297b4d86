"""Calls to Telegram: tried again while it is not reached, and no message sent twice.

A send whose connection broke may have arrived nevertheless. Before it is repeated, after a crash
too, the bot looks for it: changing the buttons of a message to what they are is refused as "not
modified" where the message is ours, and otherwise where there is none or it is not ours.
"""

import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from aiolimiter import AsyncLimiter
from telegram import TelegramObject
from telegram.error import BadRequest, InvalidToken, NetworkError
from telegram.ext import AIORateLimiter

from bot.delivery.line import persist
from bot.delivery.request import UNSENT
from bot.store.sends import Send, Sends
from bot.work import Work, current

log = logging.getLogger(__name__)

FLOOD_RETRIES = 5  # when Telegram answers "too many requests", after the wait it asks for
KEEP_TRYING = 300.0  # s, from the first try of an answer to the last
SENDS = {"sendMessage", "sendPhoto", "sendDocument"}
# Late, these say nothing any more.
FLEETING = {"sendChatAction", "answerCallbackQuery", "setMessageReaction"}
ROOM = 20  # calls of the current second that must be free, or "typing" is left out
SIGNS = 5  # "typing" a second: with many who wait it would take its time from the answers
SEARCHED = 40  # message ids, from the newest known one on, among which a lost message is sought

JSONDict = dict[str, Any]
Answer = bool | JSONDict | list[JSONDict]
Call = Callable[..., Coroutine[Any, Any, Answer]]


class Courier(AIORateLimiter):
    """PTB's rate limiter, for calls that belong to an update in work also a stubborn one."""

    def __init__(self, sends: Sends) -> None:
        super().__init__(max_retries=FLOOD_RETRIES)
        self._sends = sends
        self._signs = AsyncLimiter(SIGNS, 1)
        self._newest = 0  # message id in private chats
        self._sent: deque[int] = deque(maxlen=2 * SEARCHED)  # ids that need not be looked at

    async def process_request(
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Answer:
        """Make the call; raises NetworkError when KEEP_TRYING has not been enough."""
        ask = partial(super().process_request, callback, kwargs=kwargs, rate_limit_args=None)

        async def call(endpoint: str, data: dict[str, Any]) -> Answer:
            answer = await ask((endpoint, data), endpoint=endpoint, data=data)
            if endpoint in SENDS and isinstance(answer, dict) and int(data["chat_id"]) > 0:
                self._newest = max(self._newest, answer["message_id"])
                self._sent.append(answer["message_id"])
            return answer

        if endpoint == "sendChatAction" and not await self._has_room():
            return True
        work = current.get()
        if work is None or work.unreached or endpoint in FLEETING:
            return await call(endpoint, data)
        if endpoint in SENDS and not work.finished:
            return await self._send_once(call, endpoint, data, work)
        return await _persist(partial(call, endpoint, data), work)

    async def _has_room(self) -> bool:
        """Whether a sign of life takes no answer's place among Telegram's 30 calls a second."""
        limits = self._base_limiter
        if (limits and not limits.has_capacity(ROOM)) or not self._signs.has_capacity():
            return False
        await self._signs.acquire()
        return True

    async def _send_once(
        self, call: Call, endpoint: str, data: dict[str, Any], work: Work
    ) -> Answer:
        """Send a message, unless a former try did."""
        send = self._note(data, work)
        former = await self._sends.begin(send)
        if former and former.message_id:
            return _message(former.chat_id, former.message_id)
        doubt = former is not None

        async def attempt() -> Answer:
            nonlocal doubt
            if doubt and (found := await self._find(call, former or send)):
                return _message(send.chat_id, found)
            doubt = True
            try:
                return await call(endpoint, data)
            except NetworkError as error:
                doubt = not isinstance(error.__cause__, UNSENT)
                raise

        message = await _persist(attempt, work)
        if isinstance(message, dict):
            await self._sends.end(send, message["message_id"])
        return message

    def _note(self, data: dict[str, Any], work: Work) -> Send:
        markup, reply = data.get("reply_markup"), data.get("reply_parameters")
        if reply and int(data["chat_id"]) > 0:
            self._newest = max(self._newest, reply.message_id)
        if reply:
            work.replies += 1
        else:
            work.others += 1
        return Send(
            update_id=work.update_id,
            number=work.replies if reply else -work.others,
            chat_id=int(data["chat_id"]),
            after=self._newest,
            markup=markup.to_json() if isinstance(markup, TelegramObject) else None,
        )

    async def _find(self, call: Call, send: Send) -> int | None:
        """Return the id of a message that may have arrived; None if it did not, or none can say.

        Groups are not searched: other answers in one cannot be told from the lost one.
        """
        if send.chat_id < 0:
            return None
        for message_id in range(send.after + 1, send.after + 1 + SEARCHED):
            if message_id not in self._sent and await _is_ours(call, send, message_id):
                log.info("answer %s had arrived", send.update_id)
                return message_id
        return None


async def _persist(attempt: Callable[[], Awaitable[Answer]], work: Work) -> Answer:
    try:
        return await persist(attempt, KEEP_TRYING)
    except BadRequest:
        raise
    except NetworkError as error:
        log.error("update %s stays unanswered: %s", work.update_id, error)
        raise


async def _is_ours(call: Call, send: Send, message_id: int) -> bool:
    about = {"chat_id": send.chat_id, "message_id": message_id, "reply_markup": send.markup}
    with suppress(InvalidToken):  # PTB's word for 404: a server that does not know the method
        try:
            await call("editMessageReplyMarkup", {k: v for k, v in about.items() if v is not None})
        except BadRequest as error:
            return "not modified" in error.message.lower()
    return False


def _message(chat_id: int, message_id: int) -> JSONDict:
    """What Telegram would have answered, as far as it is known."""
    chat = {"id": chat_id, "type": "private" if chat_id > 0 else "group"}
    return {"message_id": message_id, "date": int(time.time()), "chat": chat}
