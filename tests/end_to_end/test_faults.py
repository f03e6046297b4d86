"""The fault injection itself: each fault happens the given number of times."""

import time

import aiohttp
import pytest

from bot.local.server import LocalChat
from tests.end_to_end.chat import Chat, call
from tests.end_to_end.faults import Fault, Faults


async def test_an_error_is_answered_the_given_number_of_times(
    server: LocalChat, faults: Faults
) -> None:
    flood = "Too Many Requests: retry after 3"
    faults.order(Fault("getMe", code=429, description=flood, retry_after=3, times=2))
    for _ in range(2):
        answer = await call(server, "getMe")
        assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 3})
    assert (await call(server, "getMe"))["ok"]
    assert [made.status for made in faults.called("getme")] == [429, 429, 200]


@pytest.mark.parametrize("kind", ["reset", "hang"])
async def test_connection_breaks_and_nothing_is_done(
    server: LocalChat, chat: Chat, faults: Faults, kind: str
) -> None:
    await chat.user(1).text("hello")
    faults.order(Fault("*", kind, seconds=0.1))
    with pytest.raises(aiohttp.ClientError):
        await call(server, "sendMessage", chat_id=1, text="7")
    await call(server, "sendMessage", chat_id=1, text="8")
    said = await chat.user(1).wait_for(lambda message: message["from"]["is_bot"])
    assert said["text"] == "8"


async def test_a_late_fault_comes_after_the_call_has_taken_effect(
    server: LocalChat, chat: Chat, faults: Faults
) -> None:
    await chat.user(1).text("hello")
    faults.order(Fault("sendMessage", late=True))
    answer = await call(server, "sendMessage", chat_id=1, text="7")
    assert answer["error_code"] == 500
    await chat.user(1).wait_for(lambda message: message["text"] == "7")
    assert faults.calls[-1].fields["text"] == "7"


async def test_download_is_slow_or_cut(server: LocalChat, chat: Chat, faults: Faults) -> None:
    await chat.user(1).document(bytes(1000), "zeros")
    (file_id,) = server.world.files.by_id
    path = (await call(server, "getFile", file_id=file_id))["result"]["file_path"]
    url = f"{server.url}/file/bot{server.token}/{path}"
    faults.order(Fault("file", "slow", seconds=0.3), Fault("file", "cut"))
    began = time.monotonic()
    async with aiohttp.request("GET", url) as answer:
        assert await answer.read() == bytes(1000)
    assert time.monotonic() - began >= 0.3
    with pytest.raises(aiohttp.ClientPayloadError):
        async with aiohttp.request("GET", url) as answer:
            await answer.read()
