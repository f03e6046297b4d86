"""Broken connections, errors of Telegram and kills, over real HTTP: one answer to every photo."""

import asyncio
import signal
import time

import aiohttp
import pytest

from bot.delivery.update_processor import DEATHS
from bot.local.server import LocalChat
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.faults import Fault, Faults
from tests.end_to_end.robust import (
    PATIENT,
    SETTLE,
    SEVEN,
    answered,
    in_order,
    one_answer_each,
    send_photos,
)

GROUP, READ = -50, "/read@digits_local_bot"
YEAR = 365 * 86_400  # s
JUMPING_CLOCK = """
import os, pathlib, time
right, jump = time.time, pathlib.Path(os.environ["DATA_DIR"], "jump")
time.time = lambda: right() + (float(jump.read_text() or 0) if jump.exists() else 0)
"""
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


async def test_a_failed_call_is_repeated_and_no_answer_is_doubled(
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


async def test_kill_9_in_the_middle_of_50_photos_and_10_albums(
    bot: BotProcess, chat: Chat
) -> None:
    """Each has one answer, an album under one of its photos, and a user's are in order."""
    sent = await send_photos(chat, users=10, each=5)
    people = [chat.user(number) for number in range(1, 11)]
    albums = await asyncio.gather(*(person.album([SEVEN] * 2) for person in people))
    for least in (5, 25):
        await chat.wait_for(lambda least=least: len(answered(chat)) >= least, PATIENT)  # type: ignore[misc]
        await bot.end(signal.SIGKILL)
        await bot.start()
    of_albums = [{(user, photo) for photo in ids} for user, ids in enumerate(albums, start=1)]

    def all_answered() -> bool:
        have = answered(chat).keys()
        return have >= sent and all(have & album for album in of_albums)

    await chat.wait_for(all_answered, PATIENT)
    await asyncio.sleep(SETTLE)
    times = answered(chat)
    assert {photo: times[photo] for photo in sent} == dict.fromkeys(sent, 1)
    assert [sum(times[photo] for photo in album) for album in of_albums] == [1] * len(albums)
    assert in_order(chat)


async def test_kill_9_between_an_answer_in_a_group_and_its_row_in_the_outbox(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    ann, ben = chat.user(1, chat=GROUP), chat.user(2, chat=GROUP)
    sent = {(GROUP, await ann.photo(SEVEN, READ))}
    await one_answer_each(chat, sent)
    faults.order(Fault("sendMessage", "hang", seconds=PATIENT, times=2, late=True))
    sent |= {(GROUP, await one.photo(SEVEN, READ)) for one in (ann, ben)}
    await chat.wait_for(lambda: answered(chat).keys() >= sent, PATIENT)
    await bot.end(signal.SIGKILL)
    faults.clear()
    await bot.start()
    await one_answer_each(chat, sent)
    while not faults.called("editMessageReplyMarkup"):
        await asyncio.sleep(0.05)
    last = (GROUP, await ann.photo(SEVEN, READ))  # her turn comes after the one in doubt
    await one_answer_each(chat, sent | {last})


@pytest.mark.prelude(JUMPING_CLOCK)
@pytest.mark.parametrize("years", [10, -10], ids=["ahead", "back"])
async def test_a_jump_of_the_clock_changes_nothing(
    bot: BotProcess, chat: Chat, faults: Faults, years: int
) -> None:
    sent = await send_photos(chat, users=2, each=1)
    await one_answer_each(chat, sent)
    faults.order(Fault("sendMessage", "hang", seconds=PATIENT, times=-1))
    waiting = await send_photos(chat, users=2, each=2)
    (bot.data_dir / "jump").write_text(str(years * YEAR))
    sent |= waiting | await send_photos(chat, users=2, each=2)
    while not faults.called("sendMessage"):
        await asyncio.sleep(0.05)
    await bot.end(signal.SIGKILL)
    faults.clear()
    await bot.start()
    await one_answer_each(chat, sent)


async def test_a_photo_at_which_the_bot_died_twice_gets_an_apology_and_no_other_does(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    faults.order(Fault("sendMessage", "hang", seconds=PATIENT, times=-1))
    ann = chat.user(1)
    photos = [await ann.photo(SEVEN) for _ in range(3)]
    for death in range(1, DEATHS + 1):
        while not faults.called("sendMessage"):
            await asyncio.sleep(0.05)
        await bot.end(signal.SIGKILL)
        faults.calls.clear()
        if death == DEATHS:
            faults.clear()
        await bot.start()
    await one_answer_each(chat, {(1, photo) for photo in photos})
    said = [words(await ann.reply_to(photo)) for photo in photos]
    assert ["went wrong" in text for text in said] == [True, False, False]


async def test_a_users_updates_keep_their_order_over_kills(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    faults.order(Fault("sendMessage", "hang", seconds=PATIENT, times=-1))
    ann = chat.user(1)
    await ann.photo(SEVEN)
    while not faults.called("sendMessage"):
        await asyncio.sleep(0.05)
    for model in ("clean", "noisy", "clean", "noisy"):
        await ann.text(f"/model {model}")
    await bot.end(signal.SIGKILL)
    faults.clear()
    await bot.start()
    switched: list[str] = []

    def all_came() -> bool:
        switched[:] = [words(m) for m in ann.messages() if "From now on" in words(m)]
        return len(switched) == 4

    await chat.wait_for(all_came)
    assert ["noisy" in text for text in switched] == [False, True] * 2


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
