"""Receiving updates: by a webhook or by long polling.

https://core.telegram.org/bots/api#getting-updates
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from http import HTTPStatus
from typing import Any, NamedTuple, cast

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import Updater

from bot.delivery.aiohttp_request import AiohttpRequest
from bot.delivery.inbox import Inbox
from bot.delivery.retry import FOREVER, RetryingRequest, retry
from bot.filters import App
from bot.settings import Settings

log = logging.getLogger(__name__)
# The kinds of updates that handlers match; any other would cost a transaction of the store.
KINDS = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.GUEST_MESSAGE, Update.CALLBACK_QUERY]
REFUSALS = HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND  # of a token that Telegram does not know
# s of polling with a refused token, every 1 to 30 s, before the bot gives up: Telegram has refused
# valid tokens for some minutes.
REFUSED_FOR = 600.0
POLLED_WITHIN = 90.0  # s; one poll takes up to 10 s, and PTB waits up to 30 s after a failure
POLLING_ENDS = 2.0  # s to confirm received updates to Telegram; they are stored already


class PollingRequest(AiohttpRequest):
    """PTB's requests of `getUpdates`, whose updates go to the inbox as JSON.

    PTB gets only their ids, by which its next request confirms their receipt. So an update that
    PTB cannot parse does not block the others of its batch.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(connections=1)
        self._inbox = inbox
        self._answered = time.monotonic()
        self._refused_since: float | None = None
        self._given_up = asyncio.Event()

    @property
    def is_late(self) -> bool:
        """Whether the last answer to a poll is more than POLLED_WITHIN ago."""
        return time.monotonic() - self._answered > POLLED_WITHIN

    async def until_given_up(self) -> None:
        """Wait until Telegram has refused the token for REFUSED_FOR; then raise InvalidToken."""
        await self._given_up.wait()
        raise InvalidToken

    async def do_request(
        self, url: str, method: str, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """Store the updates and return their ids as PTB expects them; raises NetworkError."""
        status, body = await super().do_request(url, method, *args, **kwargs)
        if status in REFUSALS:
            self._note_refusal()
            # Not PTB's InvalidToken, which would end its polling for good.
            raise NetworkError(f"Telegram refuses the token (HTTP status {status})")
        self._refused_since = None
        if status != HTTPStatus.OK:
            return status, body
        updates = json.loads(body)["result"]
        self._answered = time.monotonic()
        if updates:
            await self._inbox.receive(updates)
        ids = [{"update_id": update["update_id"]} for update in updates]
        return status, json.dumps({"ok": True, "result": ids}).encode()

    def _note_refusal(self) -> None:
        now = time.monotonic()
        if self._refused_since is None:
            self._refused_since = now
        if now - self._refused_since >= REFUSED_FOR:
            self._given_up.set()


class Connections(NamedTuple):
    """The requests to Telegram, of polling and of other calls, and the inbox of its updates."""

    inbox: Inbox
    calls: RetryingRequest
    polling: PollingRequest

    @classmethod
    def of(cls, inbox: Inbox) -> "Connections":
        """Return those of one bot; connections are opened when they are needed."""
        return cls(inbox, RetryingRequest.to_telegram(), PollingRequest(inbox))


@asynccontextmanager
async def receiving(app: App, settings: Settings, secret: str) -> AsyncIterator[None]:
    """Register the webhook if its URL is set, else poll until the block ends."""
    if settings.webhook_url:
        register = partial(
            app.bot.set_webhook, settings.webhook_url, secret_token=secret, allowed_updates=KINDS
        )
        await retry(register, FOREVER)
        yield
        return
    updater = cast(Updater, app.updater)
    await updater.start_polling(
        allowed_updates=KINDS, bootstrap_retries=-1, error_callback=_log_polling
    )
    try:
        yield
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(POLLING_ENDS):
                await updater.stop()


def _log_polling(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another program asks for this bot's updates; it has to be ended: %s", error)
    else:
        log.warning("updates do not come, asking again: %s", error)
