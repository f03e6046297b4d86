"""Calls to Telegram: tried again while it is not reached, and no message sent twice.

A send whose connection broke may have arrived nevertheless. Before it is repeated, after a crash
too, the bot looks for it.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias, TypeVar

from aiolimiter import AsyncLimiter
from telegram import TelegramObject
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from telegram.ext import AIORateLimiter

from bot.delivery.aiohttp_request import UNSENT
from bot.delivery.inbox import Inbox
from bot.delivery.retry import retry
from bot.store.outbox import Send, Sends
from bot.update_context import UpdateContext, current

log = logging.getLogger(__name__)
FLOOD_RETRIES = 5  # when Telegram answers "too many requests", after the wait it asks for
KEEP_TRYING = 300.0  # s, from the first try of an answer to the last
SENDS = {"sendMessage", "sendPhoto", "sendDocument"}
# Late, these say nothing any more.
FLEETING = {"sendChatAction", "setMessageReaction"}
# Of the current second's 30 calls so many must be free, or "typing" takes coming answers' places.
ROOM = 28
SIGNS = 5  # "typing" a second: with many who wait it would take its time from the answers
MARGIN = 0.1  # s, as PTB adds
Sent = TypeVar("Sent")
SEARCHED = 40  # message ids, from the newest known one on
SEARCHED_IN_GROUP = 15  # from the photo on; a group takes 20 calls a minute
JSONDict: TypeAlias = dict[str, Any]
Answer: TypeAlias = bool | JSONDict | list[JSONDict]
Call: TypeAlias = Callable[..., Coroutine[Any, Any, Answer]]


class ReliableSender(AIORateLimiter):
    """PTB's rate limiter, for calls that belong to an update in work also a stubborn one."""

    def __init__(self, sends: Sends, inbox: Inbox) -> None:
        super().__init__(max_retries=FLOOD_RETRIES)
        self._sends, self._inbox = sends, inbox
        self._signs, self._silence = AsyncLimiter(SIGNS, 1), FloodWait()
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
        silent = partial(self._silence.keep, callback)
        ask = partial(super().process_request, silent, kwargs=kwargs, rate_limit_args=None)

        async def call(endpoint: str, data: dict[str, Any]) -> Answer:
            answer = await ask((endpoint, data), endpoint=endpoint, data=data)
            if endpoint in SENDS and isinstance(answer, dict) and int(data["chat_id"]) > 0:
                self._newest = max(self._newest, answer["message_id"])
                self._sent.append(answer["message_id"])
            return answer

        if endpoint == "sendChatAction" and not await self._has_room():
            return True
        if endpoint == "answerCallbackQuery":
            return await _said_to_tap(partial(call, endpoint, data))
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
        self, call: Call, endpoint: str, data: dict[str, Any], work: UpdateContext
    ) -> Answer:
        """Send a message, unless a former try did."""
        send = self._note(data, work)
        former = await self._sends.begin(send)
        if former and former.message_id:
            return _message(former.chat_id, former.message_id)
        if former and former.chat_id > 0:
            self._newest = max(self._newest, former.after)
        doubt = former is not None

        async def attempt() -> Answer:
            nonlocal doubt
            if doubt and (found := await self._find(call, former or send, data)):
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

    def _note(self, data: dict[str, Any], work: UpdateContext) -> Send:
        markup, reply = data.get("reply_markup"), data.get("reply_parameters")
        chat_id, after = int(data["chat_id"]), reply.message_id if reply else 0
        if chat_id > 0:
            after = self._newest = max(self._newest, self._inbox.newest, after)
        if reply:
            work.replies += 1
        else:
            work.others += 1
        return Send(
            update_id=work.update_id,
            number=work.replies if reply else -work.others,
            chat_id=chat_id,
            after=after,
            markup=markup.to_json() if isinstance(markup, TelegramObject) else None,
        )

    async def _find(self, call: Call, send: Send, data: dict[str, Any]) -> int | None:
        reply = data.get("reply_parameters")
        # What a group's finished updates sent stays in the store: its ids are no one else's.
        known = self._sent if send.chat_id > 0 else await self._sends.known(send.chat_id)
        return await find_sent_message(call, send, reply.message_id if reply else None, known)


class FloodWait:
    """Holds up calls while it lasts."""

    def __init__(self) -> None:
        self._until = 0.0  # by the loop's clock

    async def keep(self, call: Callable[..., Awaitable[Sent]], *args: Any, **kwargs: Any) -> Sent:
        """Make a call when it is over; RetryAfter, which is raised on, begins it."""
        clock = asyncio.get_running_loop().time
        while (rest := self._until - clock()) > 0:
            await asyncio.sleep(rest)
        try:
            return await call(*args, **kwargs)
        except RetryAfter as error:
            asked = error._retry_after.total_seconds()  # the public name is about to change
            self._until = max(self._until, clock() + asked + MARGIN)
            raise


async def _persist(attempt: Callable[[], Awaitable[Answer]], work: UpdateContext) -> Answer:
    try:
        return await retry(attempt, KEEP_TRYING)
    except BadRequest:
        raise
    except NetworkError as error:
        log.error("update %s stays unanswered: %s", work.update_id, error)
        raise


async def _said_to_tap(attempt: Callable[[], Awaitable[Answer]]) -> Answer:
    """Answer a tap; too late or not reached, it gets what it asked for all the same.

    The answer only ends the button's turning, or says what the message shows.
    """
    try:
        return await attempt()
    except NetworkError as error:
        log.warning("a tap was not answered: %s", error)
        return True


def _message(chat_id: int, message_id: int) -> JSONDict:
    """What Telegram would have answered, as far as it is known."""
    chat = {"id": chat_id, "type": "private" if chat_id > 0 else "group"}
    return {"message_id": message_id, "date": int(time.time()), "chat": chat}


async def find_sent_message(
    call: Call, send: Send, quoted: int | None, known: Collection[int]
) -> int | None:
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
