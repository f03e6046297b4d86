"""Delivery of updates to the bot: long polling with offsets, or a webhook with its secret."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from bot.local import updates
from bot.local.server import LocalChat
from tests.end_to_end.chat import Chat, call


async def poll(server: LocalChat, **fields: int) -> list[int]:
    answer = await call(server, "getUpdates", **fields)
    return [update["update_id"] for update in answer["result"]]


async def test_update_is_queued_until_the_offset_passes_it(server: LocalChat, chat: Chat) -> None:
    for text in ("a", "b", "c"):
        await chat.user(1).text(text)
    first, second, third = await poll(server)
    assert (second, third) == (first + 1, first + 2)
    assert await poll(server, limit=2) == [first, second]
    assert await poll(server, offset=-1) == [third]
    assert await poll(server, offset=third) == [third]
    assert await poll(server, offset=third + 1) == []


async def test_long_poll_ends_with_the_first_update(server: LocalChat, chat: Chat) -> None:
    began = time.monotonic()
    waiting = asyncio.create_task(poll(server, timeout=20))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await chat.user(1).text("hello")
    assert len(await waiting) == 1
    assert time.monotonic() - began < 5


async def test_long_poll_without_updates_ends_empty(server: LocalChat) -> None:
    assert await poll(server, timeout=1) == []


async def test_second_poller_ends_the_first_with_409(server: LocalChat) -> None:
    first = asyncio.create_task(call(server, "getUpdates", timeout=20))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(call(server, "getUpdates", timeout=1))
    refused = await first
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: terminated by other getUpdates request")
    assert (await second)["ok"]


async def test_only_wanted_kinds_of_updates_come(server: LocalChat, chat: Chat) -> None:
    await call(server, "getUpdates", allowed_updates=["callback_query"])
    await chat.user(1).text("not wanted")
    assert await poll(server) == []


async def test_updates_are_kept_up_to_a_cap(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "UPDATES_MAX", 1)
    await chat.user(1).text("a")
    with pytest.raises(AssertionError, match="503"):
        await chat.user(1).text("b")


class Hook:
    """A bot's webhook that fails the first `failures` times."""

    def __init__(self) -> None:
        self.url, self.failures = "", 1
        self.got: list[tuple[str, int]] = []

    async def take(self, request: web.Request) -> web.Response:
        if self.failures:
            self.failures -= 1
            raise web.HTTPServiceUnavailable
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        self.got.append((secret, (await request.json())["update_id"]))
        return web.Response()


@pytest_asyncio.fixture
async def hook() -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_webhook_gets_every_update_with_its_secret(
    server: LocalChat, chat: Chat, hook: Hook
) -> None:
    assert (await call(server, "setWebhook", url=hook.url, secret_token="s3cret"))["ok"]
    for text in ("a", "b"):
        await chat.user(1).text(text)
    async with asyncio.timeout(5):
        while len(hook.got) < 2:
            await asyncio.sleep(0.02)
    (one, first), (other, second) = hook.got
    assert (one, other, second) == ("s3cret", "s3cret", first + 1)
    info = (await call(server, "getWebhookInfo"))["result"]
    assert info["url"] == hook.url
    assert info["last_error_message"] == "ClientResponseError"
    assert (await call(server, "getUpdates"))["error_code"] == 409
    await call(server, "deleteWebhook")
    assert await poll(server) == []


async def test_drop_pending_updates_empties_the_queue(server: LocalChat, chat: Chat) -> None:
    await chat.user(1).text("old")
    await call(server, "deleteWebhook", drop_pending_updates=True)
    assert await poll(server) == []
