"""Polling: updates are stored before they are confirmed, and no error ends it."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from telegram.error import InvalidToken, NetworkError

from bot.delivery.aiohttp_request import AiohttpRequest
from bot.delivery.inbox import Inbox
from bot.delivery.updates import POLLED_WITHIN, PollingRequest
from bot.store.store import Store
from tests.stores import store_in, unfinished
from tests.updates import raw_update

REFUSED = 401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with store_in(tmp_path) as store:
        yield store


def answered(monkeypatch: pytest.MonkeyPatch, status: int, body: bytes) -> None:
    """Let all requests get this answer."""

    async def answer(*_: object) -> tuple[int, bytes]:
        return status, body

    monkeypatch.setattr(AiohttpRequest, "do_request", answer)


async def poll(line: PollingRequest) -> tuple[int, bytes]:
    return await line.do_request("https://a/getUpdates", "POST")


async def test_what_is_fetched_is_stored_before_its_arrival_is_confirmed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = [raw_update(1), raw_update(2)]
    answered(monkeypatch, 200, json.dumps({"ok": True, "result": came}).encode())
    _, ids = await poll(PollingRequest(Inbox(store)))
    assert json.loads(ids)["result"] == [{"update_id": 1}, {"update_id": 2}]
    assert [json.loads(payload or "") for payload in await unfinished(store)] == came


async def test_a_refused_token_is_given_up_after_a_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = PollingRequest(Inbox(store))
    answered(monkeypatch, *REFUSED)
    with pytest.raises(NetworkError):
        await poll(line)
    answered(monkeypatch, 200, b'{"ok": true, "result": []}')
    await poll(line)
    answered(monkeypatch, *REFUSED)
    monkeypatch.setattr("bot.delivery.updates.REFUSED_FOR", 0.0)
    with pytest.raises(NetworkError):
        await poll(line)
    with pytest.raises(InvalidToken):
        await line.until_given_up()


async def test_polling_is_late_when_no_poll_was_answered_for_long(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, now = PollingRequest(Inbox(store)), time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + POLLED_WITHIN + 1)
    assert line.is_late
    answered(monkeypatch, 200, b'{"ok": true, "result": []}')
    await poll(line)
    assert not line.is_late
