"""The bot's HTTP server: webhook, health, readiness, metrics."""

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from unittest.mock import MagicMock

import aiohttp
import pytest_asyncio
from aiohttp.test_utils import make_mocked_request
from sqlalchemy.exc import OperationalError

from bot.delivery.updates import Connections
from bot.local.server import LocalChat
from bot.metrics import Metrics
from bot.services import Services
from bot.web.server import SECRET_HEADER, Web
from tests.conftest import BotProcess
from tests.end_to_end.chat import WAIT, Chat, words
from tests.pictures import photo_of

SECRET = "a-secret-of-32-characters-or-more"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest_asyncio.fixture
async def hooked(server: LocalChat, tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Run a bot that gets its updates by webhook."""
    listen = f"127.0.0.1:{free_port()}"
    settings = {
        "LISTEN": listen,
        "WEBHOOK_URL": f"http://{listen}/hook",
        "WEBHOOK_SECRET": SECRET,
    }
    bot = BotProcess(server, tmp_path / "data", settings)
    await bot.start()
    yield bot
    await bot.end()


async def get(bot: BotProcess, path: str) -> tuple[int, str]:
    async with aiohttp.request("GET", f"http://{bot.settings['LISTEN']}{path}") as answer:
        return answer.status, await answer.text()


async def post(bot: BotProcess, body: str, secret: str) -> int:
    headers = {SECRET_HEADER: secret}
    url = bot.settings["WEBHOOK_URL"]
    async with aiohttp.request(
        "POST", url, data=io.BytesIO(body.encode()), headers=headers
    ) as answer:
        return answer.status


async def test_photos_come_by_webhook_and_only_from_telegram(
    hooked: BotProcess, chat: Chat
) -> None:
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    assert words(answer).startswith("7 · ")
    forged = '{"update_id": 99, "message": {"message_id": 1, "date": 1, "chat": {"id": 1}}}'
    for secret in ("", "wrong", SECRET[:-1]):
        assert await post(hooked, forged, secret) == 403
    for nonsense in ("", "[]", "null", "{", '{"update_id": "x"}'):
        assert await post(hooked, nonsense, SECRET) in (200, 400)
    assert await post(hooked, " " * (2 << 20), SECRET) == 413
    answer = await ann.reply_to(await ann.photo(photo_of("4")))
    assert words(answer).startswith("4 · "), "it must go on after nonsense"


async def test_health_checks_and_metrics(hooked: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    await ann.reply_to(await ann.photo(photo_of("7")))
    await ann.reply_to(await ann.document(b"no picture", "a.jpg"))
    assert await get(hooked, "/healthz") == (200, "alive\n")
    assert await get(hooked, "/readyz") == (200, "ready\n")
    async with asyncio.timeout(WAIT):  # a photo counts a moment after its answer
        while "count 2.0" not in (await get(hooked, "/metrics"))[1]:
            await asyncio.sleep(0.05)
    _, numbers = await get(hooked, "/metrics")
    for line in (
        'digits_photos_total{outcome="answered"} 1.0',
        'digits_photos_total{outcome="unreadable"} 1.0',
        "digits_answer_seconds_count 2.0",
        "digits_updates_unfinished 0.0",
        "digits_corrections 0.0",
        'digits_serving{kind="clean",version="',
        "process_resident_memory_bytes ",
    ):
        assert line in numbers, line


async def test_metrics_are_served_while_the_store_is_away() -> None:
    async def counts() -> tuple[int, int]:
        raise OperationalError("SELECT", {}, Exception("away"))

    parts = {"store": SimpleNamespace(counts=counts), "serving": lambda kind: "v1"}
    services = cast(Services, SimpleNamespace(**parts))
    web = Web(MagicMock(), services, cast(Connections, None), Metrics(), SECRET)
    shown = await web._show_metrics(make_mocked_request("GET", "/metrics"))
    assert shown.text and 'digits_serving{kind="clean",version="v1"} 1.0' in shown.text


async def test_polling_comes_back_after_webhooks(hooked: BotProcess, chat: Chat) -> None:
    await hooked.end()
    hooked.settings = {}
    await hooked.start()
    ann = chat.user(1)
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    assert words(answer).startswith("7 · ")


async def test_an_address_in_use_ends_the_start_with_its_reason(
    server: LocalChat, tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        bot = BotProcess(server, tmp_path / "data", {"LISTEN": listen})
        await bot.fails_to_start("LISTEN cannot be used")
