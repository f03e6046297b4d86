"""Requests over aiohttp: fields and files arrive; errors have no token in their text."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.web_request import FileField
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TimedOut

from bot.delivery import aiohttp_request
from bot.delivery.aiohttp_request import BODY_MAX, TOO_BIG, UNSENT, AiohttpRequest

TOKEN = "7:secret"
SENT = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}


class Telegram:
    """A server that collects requests and answers them as `mood` says."""

    def __init__(self) -> None:
        self.fields: dict[str, object] = {}
        self.asked: list[str] = []
        self.mood = "good"
        self.sent = 0  # bytes of an endless body

    async def answer(self, call: web.Request) -> web.StreamResponse:
        self.asked.append(str(call.url))
        for name, value in (await call.post()).items():
            self.fields[name] = value.file.read() if isinstance(value, FileField) else value
        if self.mood == "silent":
            await asyncio.sleep(60)
        if self.mood == "broken" and call.transport:
            call.transport.close()
        if self.mood == "endless":
            endless = web.StreamResponse()
            await endless.prepare(call)
            with contextlib.suppress(ConnectionError):
                while True:
                    self.sent += 1 << 20
                    await endless.write(bytes(1 << 20))
        if self.mood == "refusing":
            return web.json_response({"ok": False, "description": "no such chat"}, status=400)
        return web.json_response({"ok": True, "result": SENT})


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest_asyncio.fixture
async def url(telegram: Telegram) -> AsyncIterator[str]:
    app = web.Application(client_max_size=4 << 20)
    app.router.add_route("*", "/{path:.*}", telegram.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest_asyncio.fixture
async def bot(url: str) -> AsyncIterator[Bot]:
    line = AiohttpRequest(1)
    await line.initialize()
    yield Bot(TOKEN, f"{url}/bot", request=line)
    await line.shutdown()


async def test_fields_and_files_arrive(bot: Bot, telegram: Telegram) -> None:
    picture = bytes(range(256)) * 8000  # more than a megabyte
    sent = await bot.send_photo(1, picture, "sieben ≥ 7")
    assert sent.message_id == 1
    assert telegram.fields["caption"] == "sieben ≥ 7"
    assert picture in telegram.fields.values()
    await bot.send_message(1, "4")
    assert (telegram.fields["chat_id"], telegram.fields["text"]) == ("1", "4")


async def test_a_refusal_of_telegram_is_a_bad_request(bot: Bot, telegram: Telegram) -> None:
    telegram.mood = "refusing"
    with pytest.raises(BadRequest, match="no such chat"):
        await bot.send_message(1, "4")


@pytest.mark.parametrize(("mood", "kind"), [("broken", NetworkError), ("silent", TimedOut)])
async def test_an_error_after_the_request_was_sent_is_not_unsent(
    bot: Bot, telegram: Telegram, mood: str, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aiohttp_request, "TIMEOUT", 0.2)
    telegram.mood = mood
    with pytest.raises(kind) as caught:
        await bot.send_message(1, "4")
    assert not isinstance(caught.value.__cause__, UNSENT)
    assert TOKEN not in str(caught.value)


async def test_an_error_before_the_connection_is_unsent() -> None:
    with socket.socket() as nobody:  # bound, and not listening
        nobody.bind(("127.0.0.1", 0))
        line = AiohttpRequest(1)
        await line.initialize()
        away = Bot(TOKEN, f"http://127.0.0.1:{nobody.getsockname()[1]}/bot", request=line)
        with pytest.raises(NetworkError, match="Cannot connect") as caught:
            await away.send_message(1, "4")
        await line.shutdown()
    assert isinstance(caught.value.__cause__, UNSENT)
    assert TOKEN not in str(caught.value)


async def test_a_timeout_without_a_free_connection_is_unsent(
    bot: Bot, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aiohttp_request, "POOL_TIMEOUT", 0.2)
    telegram.mood = "silent"
    first = asyncio.create_task(bot.send_message(1, "4"))
    while not telegram.asked:
        await asyncio.sleep(0.01)
    with pytest.raises(TimedOut) as caught:
        await bot.send_message(1, "5")
    assert isinstance(caught.value.__cause__, UNSENT)
    first.cancel()


async def test_a_proxy_of_the_environment_is_used(
    telegram: Telegram, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", url)
    line = AiohttpRequest(1)
    await line.initialize()
    await Bot(TOKEN, "http://telegram.invalid/bot", request=line).send_message(1, "4")
    await line.shutdown()
    assert telegram.asked == [f"http://telegram.invalid/bot{TOKEN}/sendMessage"]


async def test_a_file_without_end_is_broken_off(bot: Bot, telegram: Telegram, url: str) -> None:
    telegram.mood = "endless"
    with pytest.raises(BadRequest, match=TOO_BIG):
        await bot.request.retrieve(f"{url}/file")
    assert BODY_MAX < telegram.sent < 2 * BODY_MAX
