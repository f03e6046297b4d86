"""What people do -> updates for the bot, fetched by long polling or sent to its webhook."""

import asyncio
import contextlib
import itertools

import aiohttp

from bot.local.call import ApiError, Json

WAITING_CAP = 100_000  # updates
POLL_LONGEST = 50  # seconds
RETRY_PAUSES = (0.2, 1, 5)  # seconds between tries to reach a webhook; the last one stays
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
TWO_POLLERS = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class Updates:
    def __init__(self) -> None:
        self.waiting: dict[int, Json] = {}
        self.ids = itertools.count(1)
        self.allowed: set[str] = set()
        self.webhook: Json = {"url": "", "has_custom_certificate": False}
        self._arrival: asyncio.Future[None] | None = None
        self._delivery: asyncio.Task[None] | None = None

    def push(self, kind: str, body: Json) -> None:
        """Queue one update, unless the bot asked not to get its kind."""
        if (kind not in self.allowed) if self.allowed else (kind in NOT_BY_DEFAULT):
            return
        if len(self.waiting) >= WAITING_CAP:
            raise ApiError(503, "The bot does not fetch its updates")
        number = next(self.ids)
        self.waiting[number] = {"update_id": number, kind: body}
        self._wake()

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Json]:
        """getUpdates: forget what is before `offset`, then wait up to `timeout` seconds."""
        if self.webhook["url"]:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self._wake(ApiError(409, TWO_POLLERS))
        first = offset if offset >= 0 else min(list(self.waiting)[offset:], default=0)
        for number in [number for number in self.waiting if number < first]:
            del self.waiting[number]
        if not self.waiting and timeout > 0:
            await self._arrived(min(timeout, POLL_LONGEST))
        return list(itertools.islice(self.waiting.values(), limit if 0 < limit < 100 else 100))

    async def set_webhook(self, url: str, secret: str, *, drop: bool) -> None:
        """Send updates to `url` from now on; an empty one goes back to polling."""
        await self.close()
        if drop:
            self.waiting.clear()
        self.webhook = {"url": url, "has_custom_certificate": False}
        if url:
            self._delivery = asyncio.create_task(self._deliver(url, secret))

    async def close(self) -> None:
        self._wake()
        if self._delivery:
            self._delivery.cancel()
            await asyncio.wait([self._delivery])

    def _wake(self, error: ApiError | None = None) -> None:
        if self._arrival and not self._arrival.done():
            if error:
                self._arrival.set_exception(error)
            else:
                self._arrival.set_result(None)

    async def _arrived(self, seconds: float | None) -> None:
        self._arrival = asyncio.get_running_loop().create_future()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._arrival, seconds)

    async def _deliver(self, url: str, secret: str) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        failures = 0
        async with aiohttp.ClientSession(headers=headers) as session:
            while True:
                while not self.waiting:
                    await self._arrived(None)
                number, update = next(iter(self.waiting.items()))
                try:
                    async with session.post(url, json=update) as answer:
                        answer.raise_for_status()
                    self.waiting.pop(number, None)
                    failures = 0
                except (aiohttp.ClientError, TimeoutError) as error:
                    self.webhook["last_error_message"] = type(error).__name__
                    await asyncio.sleep(RETRY_PAUSES[min(failures, len(RETRY_PAUSES) - 1)])
                    failures += 1
