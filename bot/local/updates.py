"""The queue of updates for the bot, fetched by long polling or sent to its webhook."""

import asyncio
import contextlib
import itertools
import time

import aiohttp

from bot.local.call import ApiError, Call, Json

UPDATES_MAX = 100_000  # updates in the queue
POLL_MAX, BATCH = 50, 100  # s that a poll is held open; updates in one answer
RETRY = 0.5  # s between tries to reach a webhook


class Updates:
    def __init__(self) -> None:
        self.waiting: dict[int, Json] = {}
        # Larger after a restart, as at Telegram: the bot drops ids that it has already handled.
        self.ids = itertools.count(time.time_ns() // 1_000_000)
        self.allowed: list[str] = []  # kinds of updates to deliver; empty: all
        self.webhook: Json = {"url": "", "has_custom_certificate": False}
        self._changed = asyncio.Event()  # awaited by the newest poll or by the delivery
        self._delivery: asyncio.Task[None] | None = None

    def push(self, kind: str, body: Json) -> None:
        """Queue one update if the bot allows its kind."""
        if self.allowed and kind not in self.allowed:
            return
        if len(self.waiting) >= UPDATES_MAX:
            raise ApiError(503, "The bot does not fetch its updates")
        number = next(self.ids)
        self.waiting[number] = {"update_id": number, kind: body}
        self._changed.set()

    async def getUpdates(self, call: Call) -> list[Json]:
        if self.webhook["url"]:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        self.allowed = call.get("allowed_updates", list[str], self.allowed)
        self._changed.set()  # ends the former poll, whose event is replaced here
        self._changed = mine = asyncio.Event()
        offset, timeout = call.get("offset", int, 0), call.get("timeout", int, 0)
        first = offset if offset >= 0 else min(list(self.waiting)[offset:], default=0)
        self.waiting = {n: update for n, update in self.waiting.items() if n >= first}
        if not self.waiting and timeout > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(mine.wait(), min(timeout, POLL_MAX))
            if self._changed is not mine:
                raise ApiError(409, "Conflict: terminated by other getUpdates request")
        return list(self.waiting.values())[: min(call.get("limit", int, BATCH), BATCH)]

    async def setWebhook(self, call: Call) -> None:
        """Deliver updates to `url` (http: or https:); if it is empty, by polling."""
        url, secret = call.get("url", str, ""), call.get("secret_token", str, "")
        self.allowed = call.get("allowed_updates", list[str], self.allowed)
        self._changed.set()
        if self._delivery:
            self._delivery.cancel()
            await asyncio.wait([self._delivery])
        if call.get("drop_pending_updates", bool, False):
            self.waiting.clear()
        self.webhook = {"url": url, "has_custom_certificate": False}
        if url:
            self._delivery = asyncio.create_task(self._deliver(url, secret))

    async def getWebhookInfo(self, call: Call) -> Json:
        return self.webhook | {"pending_update_count": len(self.waiting)}

    async def _deliver(self, url: str, secret: str) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                self._changed.clear()
                if not self.waiting:
                    await self._changed.wait()
                number, update = next(iter(self.waiting.items()))
                try:
                    async with session.post(url, json=update) as answer:
                        answer.raise_for_status()
                    self.waiting.pop(number, None)
                except (aiohttp.ClientError, TimeoutError) as error:
                    self.webhook["last_error_message"] = type(error).__name__
                    await asyncio.sleep(RETRY)
