"""What people do -> updates that wait for the bot, fetched by long polling or sent to a webhook."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Mapping
from typing import TypedDict

import aiohttp

from bot.local.call import ApiError

WAITING_CAP = 100_000  # updates; Telegram keeps them for a day
POLL_LONGEST = 50  # seconds
RETRY_LONGEST = 8  # seconds between two tries to reach a webhook
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
TWO_POLLERS = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Webhook(TypedDict, total=False):
    url: str
    has_custom_certificate: bool
    pending_update_count: int
    last_error_message: str


class Updates:
    def __init__(self) -> None:
        self.waiting: dict[int, Mapping[str, object]] = {}
        # Rising over restarts, as Telegram's are: a bot remembers the ones that it has seen.
        self.ids = itertools.count(time.time_ns() // 1_000_000)
        self.allowed: set[str] | None = None
        self.webhook = Webhook(url="", has_custom_certificate=False)
        self._arrival: asyncio.Future[None] | None = None
        self._delivery: asyncio.Task[None] | None = None

    def push(self, kind: str, body: Mapping[str, object]) -> None:
        """Queue one update, unless the bot asked not to get its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return
        if len(self.waiting) >= WAITING_CAP:
            raise ApiError(503, "the bot does not fetch its updates")
        number = next(self.ids)
        self.waiting[number] = {"update_id": number, kind: body}
        self.wake()

    def wake(self, error: ApiError | None = None) -> None:
        """End the wait of a poller or of the webhook's sender."""
        if self._arrival and not self._arrival.done():
            if error:
                self._arrival.set_exception(error)
            else:
                self._arrival.set_result(None)

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Mapping[str, object]]:
        """getUpdates: forget what is before `offset`, then wait up to `timeout` seconds."""
        if self.webhook["url"]:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self.wake(ApiError(409, TWO_POLLERS))
        if offset < 0:
            offset = list(self.waiting)[offset:][0] if self.waiting else 0
        for number in [number for number in self.waiting if number < offset]:
            del self.waiting[number]
        if not self.waiting and timeout > 0:
            await self._arrived(min(timeout, POLL_LONGEST))
        return list(itertools.islice(self.waiting.values(), min(max(limit, 1), 100)))

    async def _arrived(self, seconds: float | None) -> None:
        self._arrival = asyncio.get_running_loop().create_future()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._arrival, seconds)

    async def set_webhook(self, url: str, secret: str, *, drop: bool) -> None:
        """Send updates to `url` from now on; an empty one goes back to polling."""
        await self.close()
        if drop:
            self.waiting.clear()
        self.webhook = Webhook(url=url, has_custom_certificate=False)
        if url:
            self._delivery = asyncio.create_task(self._deliver(url, secret))

    async def _deliver(self, url: str, secret: str) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        pause = 0.5
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                while not self.waiting:
                    await self._arrived(None)
                number, update = next(iter(self.waiting.items()))
                try:
                    async with session.post(url, json=update) as answer:
                        answer.raise_for_status()
                    self.waiting.pop(number, None)
                    pause = 0.5
                except (aiohttp.ClientError, TimeoutError) as error:
                    self.webhook["last_error_message"] = type(error).__name__
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, RETRY_LONGEST)

    async def close(self) -> None:
        self.wake()
        if self._delivery:
            self._delivery.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._delivery
            self._delivery = None
