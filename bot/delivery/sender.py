"""Calls to Telegram: repeated after network errors, without sending a message twice.

A message may have arrived although its connection broke or the process crashed. The Bot API cannot
list messages, so before it is repeated, the bot probes the ids that the message can have: an edit
that sets the same buttons is refused as "not modified" if the id is that of the message.
"""

import asyncio
import logging
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy.exc import SQLAlchemyError
from telegram import TelegramObject
from telegram.error import BadRequest, ChatMigrated, InvalidToken, NetworkError
from telegram.ext import BaseRateLimiter

from bot.delivery.aiohttp_request import UNSENT
from bot.delivery.pace import Pace
from bot.delivery.retry import retry
from bot.store.outbox import Send
from bot.store.store import Store
from bot.update_context import UpdateContext, current

log = logging.getLogger(__name__)
KEEP_TRYING = 300.0  # s, from the first try of an answer to the last
SENDS = {"sendMessage", "sendPhoto", "sendDocument"}
PROBE = "editMessageReplyMarkup"  # the method that tests whether an id is that of a message
# Of no use when late, so they are neither repeated nor delayed.
BEST_EFFORT = {"sendChatAction", "setMessageReaction"}
# Telegram's refusals where a group's admins allow texts but no photos.
NO_PHOTOS = "not enough rights to send photos", "chat_send_photos_forbidden"
# At most so many message ids are probed, upwards from `Send.after`: more than one process can send
# while one of its requests is on its way (`update_processor.IN_WORK`).
SEARCHED = 40
SEARCHED_AHEAD = 4  # ids above the newest known one, plus one for each other send that is probed
SEARCHED_IN_GROUP = 15  # ids above that of the photo; a group allows 20 calls a minute
JSONDict: TypeAlias = dict[str, Any]
Answer: TypeAlias = bool | JSONDict | list[JSONDict]
Call: TypeAlias = Callable[[str, JSONDict], Awaitable[Answer]]
Step: TypeAlias = Callable[[], Awaitable[None]]


class ReliableSender(BaseRateLimiter[int]):
    """PTB's rate limiter: keeps Telegram's limits, and repeats the calls that answer an update."""

    def __init__(self, store: Store) -> None:
        self._sends, self._pace = store.sends, Pace(store.rates)
        self._is_shared = store.is_shared
        self._newest = 0  # largest known message id in private chats (one numbering)
        self._sent: deque[int] = deque(maxlen=10 * SEARCHED)  # ids never probed
        self._bound = (0.0, 0)  # time.monotonic() of the last send to a private chat; its id
        self._in_doubt = 0  # sends to private chats that are probed now
        self._searching = asyncio.Lock()  # one search at a time: what it finds is no other's

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Answer:
        """Make a call of PTB; raises NetworkError if it still fails after KEEP_TRYING."""

        async def call(endpoint: str, data: JSONDict, begin: Step | None = None) -> Answer:
            chat, begun = int(data.get("chat_id", 0)), 0.0

            async def ask() -> Answer:
                nonlocal begun
                if begin:
                    await begin()
                begun = time.monotonic()
                return await callback(endpoint, data, **kwargs)

            # A probe is not counted in its chat's buckets, only in that of all: after a crash the
            # probes would delay a private chat's answers by 20 s, and a group's by a minute.
            is_message = endpoint.startswith(("send", "edit")) and endpoint != PROBE
            answer = await self._pace.keep(chat if is_message and chat else endpoint, ask)
            if endpoint in SENDS and isinstance(answer, dict) and chat > 0:
                self._newest = max(self._newest, answer["message_id"])
                self._bound = begun, answer["message_id"]
                self._sent.append(answer["message_id"])
            return answer

        if endpoint in BEST_EFFORT:
            go = await self._pace.has_room(int(data["chat_id"]))
            return await callback(endpoint, data, **kwargs) if go else True
        if endpoint == "answerCallbackQuery":
            return await _answer_tap(partial(call, endpoint, data))
        work = current.get()
        if work is None or work.unreached:
            return await call(endpoint, data)
        if endpoint in SENDS and not work.finished:
            return await self._send_once(call, endpoint, data, work)
        return await _persist(partial(call, endpoint, data), work)

    async def _send_once(
        self,
        call: Callable[..., Awaitable[Answer]],
        endpoint: str,
        data: JSONDict,
        work: UpdateContext,
    ) -> Answer:
        """Send a message, unless it arrived in a former try."""
        send = _row(data, work)
        former = await self._sends.former(send)
        if former and former.message_id:
            return _message(former.chat_id, former.message_id)
        begun = former or send  # the last request that was made
        # time.monotonic() when it failed; 0: in a former process; None: it cannot have arrived.
        doubt = 0.0 if former else None

        async def begin() -> None:
            nonlocal begun
            lowest = max(send.after, self._newest) if send.chat_id > 0 else send.after
            begun = await self._sends.begin(send._replace(after=lowest), work.owner)

        async def attempt() -> Answer:
            nonlocal doubt
            if doubt is not None:
                self._in_doubt += 1
                try:
                    found = await self._find(call, begun, data, doubt)
                finally:
                    self._in_doubt -= 1
                if found:
                    return _message(send.chat_id, found)
            doubt = 0.0
            try:
                return await _as_allowed(partial(call, begin=begin), endpoint, data)
            except NetworkError as error:
                is_unsent = isinstance(error.__cause__, UNSENT)
                doubt = None if is_unsent else time.monotonic()
                raise

        message = await _persist(attempt, work)
        if isinstance(message, dict):
            try:
                await self._sends.end(send, message["message_id"])
            except SQLAlchemyError:  # the update is tried again: this id must be probed then
                with suppress(ValueError):
                    self._sent.remove(message["message_id"])
                raise
        return message

    async def _find(self, call: Call, send: Send, data: JSONDict, broken: float) -> int | None:
        """Return the id of `send` if it arrived before its connection broke, else None.

        `broken`: time.monotonic() then; 0 if a former process sent it.
        """
        reply = data.get("reply_parameters")
        quoted = reply.message_id if reply else None
        if send.chat_id < 0:
            ids = self._unknown(send, send.after + SEARCHED_IN_GROUP)
            return await find_sent_message(call, send, quoted, ids)
        async with self._searching:
            begun, bound = self._bound
            if begun <= broken:  # no later message bounds the id from above
                newest = max(self._newest, send.after, *(await self._sends.arrivals())[:1])
                bound = newest + SEARCHED_AHEAD + self._in_doubt - 1
                if self._is_shared or broken == 0.0:
                    # Another process, or one that died, may have sent any number of messages, and
                    # users more than have been received by now.
                    bound = sys.maxsize
            found = await find_sent_message(call, send, quoted, self._unknown(send, bound))
            if found:
                self._sent.append(found)
            return found

    async def _unknown(self, send: Send, bound: int) -> AsyncIterator[int]:
        """The ids up to `bound` that are of no known message, at most SEARCHED of them.

        The store is asked before each, since messages arrive while others are probed.
        """
        last = send.after
        for _ in range(SEARCHED):
            # The store keeps what finished updates sent to groups: these ids are not `send`'s.
            known = await self._sends.known(send.chat_id, last)
            if send.chat_id > 0:
                known |= {*self._sent, *await self._sends.arrivals()}
            last = next((id for id in range(last + 1, bound + 1) if id not in known), bound + 1)
            if last > bound:
                return
            yield last


def _row(data: JSONDict, work: UpdateContext) -> Send:
    """Return the row of the next message that answers an update."""
    markup, reply = data.get("reply_markup"), data.get("reply_parameters")
    if reply:
        work.replies += 1
    else:
        work.others += 1
    return Send(
        update_id=work.update_id,
        number=work.replies if reply else -work.others,
        chat_id=int(data["chat_id"]),
        after=reply.message_id if reply else 0,
        markup=markup.to_json() if isinstance(markup, TelegramObject) else None,
    )


async def _as_allowed(call: Call, endpoint: str, data: JSONDict) -> Answer:
    """Send a photo's caption alone where photos are not allowed.

    If the group has become a supergroup, send it there.
    """
    try:
        return await call(endpoint, data)
    except ChatMigrated as error:  # without the quote: message ids differ there
        moved = {name: value for name, value in data.items() if name != "reply_parameters"}
        return await call(endpoint, moved | {"chat_id": error.new_chat_id})
    except BadRequest as error:
        if endpoint != "sendPhoto" or not any(said in error.message.lower() for said in NO_PHOTOS):
            raise
        text = {name: value for name, value in data.items() if name not in ("photo", "caption")}
        return await call("sendMessage", text | {"text": data["caption"]})


async def _persist(attempt: Callable[[], Awaitable[Answer]], work: UpdateContext) -> Answer:
    try:
        return await retry(attempt, KEEP_TRYING)
    except BadRequest:
        raise
    except NetworkError as error:
        log.error("update %s stays unanswered: %s", work.update_id, error)
        raise


async def _answer_tap(attempt: Callable[[], Awaitable[Answer]]) -> Answer:
    """Answer a callback query; a NetworkError is only logged, so that its handler goes on.

    The answer ends the button's loading animation, or shows a text that the message has too.
    """
    try:
        return await attempt()
    except NetworkError as error:
        log.warning("a tap was not answered: %s", error)
        return True


def _message(chat_id: int, message_id: int) -> JSONDict:
    """Return Telegram's answer to the send, as far as it is known."""
    chat = {"id": chat_id, "type": "private" if chat_id > 0 else "group"}
    return {"message_id": message_id, "date": int(time.time()), "chat": chat}


async def find_sent_message(
    call: Call, send: Send, quoted: int | None, ids: AsyncIterator[int]
) -> int | None:
    """Return which of `ids` is that of `send`; None if none is.

    `quoted`: the id of the message that `send` replies to.
    """
    if send.chat_id < 0 and quoted is None:
        return None  # a group has its own numbering, and no lower bound is known
    async for message_id in ids:
        if await _is_it(call, send, quoted, message_id):
            log.info("answer %s had arrived", send.update_id)
            return message_id
    return None


async def _is_it(call: Call, send: Send, quoted: int | None, message_id: int) -> bool:
    about = {"chat_id": send.chat_id, "message_id": message_id, "reply_markup": send.markup}
    with suppress(InvalidToken):  # PTB raises it at 404: a local server without the method
        try:
            changed = await call(PROBE, {k: v for k, v in about.items() if v is not None})
        except BadRequest as error:
            return "not modified" in error.message.lower()
        replied = changed.get("reply_to_message", {}) if isinstance(changed, dict) else {}
        return quoted is not None and replied.get("message_id") == quoted
    return False
