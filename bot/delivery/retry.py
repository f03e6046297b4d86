"""Requests to Telegram, repeated after network errors."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from telegram.error import BadRequest, NetworkError, TimedOut

from bot.delivery.aiohttp_request import AiohttpRequest, is_telegrams

log = logging.getLogger(__name__)
CONNECTIONS = 32  # to Telegram at once, besides polling's
PAUSE_MIN, PAUSE_MAX = 0.5, 10.0  # s between two tries, doubling
FETCHING = 120.0  # s from the first to the last try to download a file
FETCHING_ONCE = 60.0  # s for one try; a slower download is cancelled and repeated
FOREVER = float("inf")  # s
SERVER_ERRORS = 500  # HTTP statuses from here on are the server's fault
Result = TypeVar("Result")


async def retry(attempt: Callable[[], Awaitable[Result]], seconds: float) -> Result:
    """Repeat `attempt` after NetworkError for at most `seconds`, then raise the last error.

    BadRequest is raised at once: it subclasses NetworkError, but Telegram refused the request.
    """
    deadline, pause = time.monotonic() + seconds, PAUSE_MIN
    while True:
        try:
            return await attempt()
        except BadRequest:
            raise
        except NetworkError as error:
            if time.monotonic() + pause > deadline:
                raise
            log.warning("Telegram is not reached, trying again: %s", error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, PAUSE_MAX)


class RetryingRequest(AiohttpRequest):
    """PTB's requests; a download that fails, is cut off or takes too long is repeated."""

    answered_at = 0.0  # time.monotonic() of the last answer of any kind

    @classmethod
    def to_telegram(cls) -> "RetryingRequest":
        """Return the requests for calls other than polling."""
        return cls(CONNECTIONS)

    async def do_request(
        self, url: str, method: str, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        """Return status and body; raises NetworkError."""
        ask = partial(super().do_request, url, method, *args, **kwargs)
        answer = await (retry(partial(_fetch, ask), FETCHING) if method == "GET" else ask())
        self.answered_at = time.monotonic()
        return answer


async def _fetch(ask: Callable[[], Awaitable[tuple[int, bytes]]]) -> tuple[int, bytes]:
    try:
        async with asyncio.timeout(FETCHING_ONCE):
            status, body = await ask()
    except TimeoutError:
        raise TimedOut(f"a file did not come within {FETCHING_ONCE:.0f} s") from None
    if status >= SERVER_ERRORS or (status != HTTPStatus.OK and not is_telegrams(body)):
        raise NetworkError(f"a file did not come: HTTP status {status}")
    return status, body
