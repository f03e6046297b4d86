"""Faults played over real HTTP: whatever breaks, every photo gets exactly one answer."""

import asyncio
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_FSIZE, prlimit

import aiohttp
import pytest
import pytest_asyncio

from bot.local.server import LocalChat
from tests.chat import Chat, Message, words
from tests.conftest import ADMIN, BotProcess
from tests.faults import Fault, Faults
from tests.pictures import photo_of

PATIENT = 60.0  # s; a bot that tries again waits a little longer each time
SETTLE = 1.0  # s after which a second answer would have come
SEVEN = photo_of("7")


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest_asyncio.fixture
async def server(faults: Faults) -> AsyncIterator[LocalChat]:
    server = await LocalChat.start(middleware=faults.middleware)
    yield server
    await server.close()


def answered(chat: Chat) -> Counter[tuple[int, int]]:
    """How often the bot replied to each message, by chat and message."""
    replies = (m for m in chat.messages.values() if m["from"]["is_bot"])
    return Counter(
        (m["chat"]["id"], m["reply_to_message"]["message_id"])
        for m in replies
        if "reply_to_message" in m
    )


async def one_answer_each(chat: Chat, sent: set[tuple[int, int]]) -> None:
    """Wait until all have an answer and a moment longer: none may have a second one."""
    await chat.wait_for(lambda: answered(chat).keys() >= sent, PATIENT)
    await asyncio.sleep(SETTLE)
    assert answered(chat) == Counter(sent)


async def send_photos(chat: Chat, users: int, each: int) -> set[tuple[int, int]]:
    """Several users send several photos at once; return what they sent."""

    async def send(user_id: int) -> tuple[int, int]:
        return user_id, await chat.user(user_id).photo(SEVEN)

    return set(await asyncio.gather(*(send(u) for u in range(1, users + 1) for _ in range(each))))


BROKEN_CALLS = [
    Fault("sendMessage", code=500, times=2),
    Fault("sendMessage", code=502, description="Bad Gateway", late=True),
    Fault("sendMessage", "reset", times=2),
    Fault("sendMessage", "reset", late=True),
    Fault("getFile", "reset"),
    Fault("file", code=500),
    Fault("file", "cut", times=2),
    Fault("file", "slow", seconds=1),
    Fault("getUpdates", "reset", times=2),
    Fault("getUpdates", "reset", late=True),
]


async def test_a_broken_call_is_made_again_and_no_answer_doubled(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    sent = set()
    for user_id, fault in enumerate(BROKEN_CALLS, start=1):
        ordered = fault.times
        faults.order(fault)
        ann = chat.user(user_id)
        photo = await ann.photo(SEVEN)
        sent.add((user_id, photo))
        await ann.reply_to(photo, PATIENT)
        while fault.times == ordered:  # a poll that waits for news comes back by itself
            await asyncio.sleep(0.05)
        faults.clear()  # a message may have arrived before its line broke, and is not sent again
    await one_answer_each(chat, sent)


async def test_too_many_requests_are_waited_out(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    faults.order(Fault("sendMessage", code=429, description="Too Many Requests", retry_after=2))
    await one_answer_each(chat, await send_photos(chat, users=3, each=1))
    refused = next(call for call in faults.called("sendMessage") if call.status == 429)
    later = [call.at for call in faults.called("sendMessage") if call.at > refused.at]
    assert sum(at - refused.at < 1.9 for at in later) <= 2, "only those on their way already"
    assert later[-1] - refused.at >= 2


async def test_nothing_is_lost_while_telegram_is_away(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    outage = Fault("*", "reset", times=-1)
    sent = await send_photos(chat, users=3, each=2)
    faults.order(outage)
    sent |= await send_photos(chat, users=3, each=2)
    await asyncio.sleep(4)
    faults.clear()
    await one_answer_each(chat, sent)


async def test_a_second_poller_only_delays(bot: BotProcess, chat: Chat, server: LocalChat) -> None:
    async with aiohttp.ClientSession() as other:
        url = f"{server.url}/bot{server.token}/getUpdates"
        for _ in range(3):
            async with other.get(url, params={"timeout": "1", "offset": "-1"}):
                await asyncio.sleep(0.2)
    ann = chat.user(1)
    await ann.reply_to(await ann.photo(SEVEN), PATIENT)
    assert b"another program" in bot.log


async def test_kill_9_in_the_middle_of_50_photos(bot: BotProcess, chat: Chat) -> None:
    sent = await send_photos(chat, users=10, each=5)
    for least in (5, 25):
        await chat.wait_for(lambda least=least: len(answered(chat)) >= least, PATIENT)  # type: ignore[misc]
        await bot.end(signal.SIGKILL)
        await bot.start()
    await one_answer_each(chat, sent)


async def test_sigterm_under_load_drains_and_leaves_the_rest(bot: BotProcess, chat: Chat) -> None:
    sent = await send_photos(chat, users=10, each=5)
    await chat.wait_for(lambda: len(answered(chat)) >= 5, PATIENT)
    begun = time.monotonic()
    assert await bot.end() == 0
    assert time.monotonic() - begun < 10
    await bot.start()
    await one_answer_each(chat, sent)


async def test_sigterm_while_telegram_is_away_takes_no_longer(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    faults.order(Fault("sendMessage", "hang", seconds=60, times=-1))
    sent = await send_photos(chat, users=2, each=2)
    while not faults.called("sendMessage"):
        await asyncio.sleep(0.05)
    begun = time.monotonic()
    assert await bot.end() == 0
    assert time.monotonic() - begun < 10
    faults.clear()
    await bot.start()
    await one_answer_each(chat, sent)


async def test_a_locked_store_is_waited_for(bot: BotProcess, chat: Chat) -> None:
    with closing(sqlite3.connect(bot.data_dir / "bot.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        sent = await send_photos(chat, users=2, each=1)
        await asyncio.sleep(6.5)  # longer than SQLite waits by itself
        assert not answered(chat)
        other.rollback()
    await one_answer_each(chat, sent)


async def test_a_full_disk_is_waited_for(bot: BotProcess, chat: Chat) -> None:
    prlimit(bot.pid, RLIMIT_FSIZE, (0, RLIM_INFINITY))
    sent = await send_photos(chat, users=2, each=1)
    while b"the store cannot be written" not in bot.log:
        await asyncio.sleep(0.05)
    prlimit(bot.pid, RLIMIT_FSIZE, (RLIM_INFINITY, RLIM_INFINITY))
    await one_answer_each(chat, sent)


async def test_a_data_folder_that_cannot_be_written_is_said(
    server: LocalChat, tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    bot = BotProcess(server, tmp_path / "data")
    with pytest.raises(AssertionError, match="The store cannot be opened"):
        await bot.start()
    assert await bot.end() == 1


@pytest.mark.parametrize("at", [0, 4096], ids=["header", "middle"])
async def test_a_damaged_store_is_kept_aside_and_said(
    bot: BotProcess, chat: Chat, at: int
) -> None:
    admin = chat.user(ADMIN)
    await admin.says(await admin.text("/start"))
    await bot.end()
    store = bot.data_dir / "bot.db"
    damaged = bytearray(store.read_bytes())
    damaged[at : at + 3000] = b"?" * 3000
    store.write_bytes(damaged)
    await bot.start()
    told = await admin.wait_for(lambda m: "damaged" in words(m))
    (aside,) = [p for p in bot.data_dir.glob("bot.db.damaged-*") if p.suffix[-1].isdigit()]
    assert aside.read_bytes() == damaged, "what was damaged must stay as it is"
    assert aside.name in words(told)
    assert b"was damaged" in bot.log
    await one_answer_each(chat, await send_photos(chat, users=1, each=1))


async def test_a_damaged_version_is_refused_and_the_former_one_serves(
    bot: BotProcess, chat: Chat
) -> None:
    await bot.end()
    for kind in ("clean", "noisy"):
        folder = bot.data_dir / "models" / kind / "29990101-000000"
        folder.mkdir(parents=True)
        (folder / "card.json").write_text("{}")
        (folder / "model.tflite").write_bytes(b"?" * 1000)
        (folder.parent / "serving").write_text(f"{folder.name}\n")
    await bot.start()
    ann = chat.user(1)
    answer: Message = await ann.reply_to(await ann.photo(SEVEN))
    assert words(answer).startswith("7 · ")
    assert b"29990101-000000" in bot.log
