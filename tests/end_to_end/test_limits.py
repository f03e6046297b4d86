"""Where Telegram or a group's admins forbid something: an allowed answer, or none."""

import asyncio
import signal
import time

import cv2
import numpy as np
import pytest

from bot.local.call import ApiError, bad
from bot.local.server import LocalChat
from tests.conftest import ADMIN, BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.faults import Fault, Faults
from tests.end_to_end.looking import replies, settled
from tests.end_to_end.robust import PATIENT
from tests.pictures import encode, photo_of
from tests.stores import store_in

GROUP, SUPERGROUP, READ = -50, -51, "/read@digits_local_bot"


async def test_a_tap_under_an_old_or_deleted_answer_is_stored_and_not_reported(
    bot: BotProcess, server: LocalChat, chat: Chat, faults: Faults
) -> None:
    ann, admin = chat.user(1), chat.user(ADMIN)
    await admin.text("/language")
    answer = await ann.reply_to(await ann.photo(photo_of("7")))
    old = answer["message_id"]
    server.world.unseen.add((1, old))
    for data in ("is:1:0:4", "right:1", "is:1:0:4", "wrong:1", "why:1", "pick:1:0", "back:1"):
        before = len(faults.called("answerCallbackQuery"))
        await ann.answer_to(await ann.tap(old, data))
        assert len(faults.called("answerCallbackQuery")) == before + 1, data
    async with store_in(bot.data_dir) as store:
        assert [row.should_be for row in await store.corrections.taught()] == [4]
    answer = await ann.reply_to(await ann.photo(photo_of("4")))
    gone = "Bad Request: message to edit not found"
    faults.order(Fault("editMessageText", code=400, description=gone))  # deleted meanwhile
    await ann.answer_to(await ann.tap(answer["message_id"], "is:2:0:5"))
    await settled(ann)
    assert not faults.ordered.pop().times
    assert b" error " not in bot.log
    assert len([m for m in admin.messages() if m["from"]["is_bot"]]) == 1


async def test_where_photos_are_forbidden_the_answer_is_text(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    faults.rules.no_photos.add(GROUP)
    ann = chat.user(1, chat=GROUP)
    answer = await ann.reply_to(await ann.photo(photo_of("4071"), READ))
    assert words(answer).startswith("4071") and "photo" not in answer
    assert answer["reply_markup"]


@pytest.mark.parametrize(
    "refusal",
    [
        bad("not enough rights to send text messages to the chat"),
        bad("TOPIC_CLOSED"),
        ApiError(403, "Forbidden: bot was kicked from the supergroup chat"),
    ],
    ids=["muted", "closed", "kicked"],
)
async def test_where_nothing_can_be_written_nothing_is_sent(
    bot: BotProcess, chat: Chat, faults: Faults, refusal: ApiError
) -> None:
    faults.rules.refused[GROUP] = refusal
    ann, ben, admin = chat.user(1, chat=GROUP), chat.user(2), chat.user(ADMIN)
    await settled(admin)
    asked = await ann.photo(photo_of("7"), READ)
    await ben.reply_to(await ben.photo(photo_of("7")))
    async with asyncio.timeout(PATIENT):
        while b"has no place" not in bot.log:
            await asyncio.sleep(0.05)
    await settled(admin)
    assert not replies(ann, asked)
    assert bot.log.count(b"has no place") == 1 and b" error " not in bot.log
    assert len([m for m in admin.messages() if m["from"]["is_bot"]]) == 2


async def test_a_group_that_became_a_supergroup_gets_the_answer(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    faults.rules.moved[GROUP] = SUPERGROUP
    ann = chat.user(1, chat=GROUP)
    asked = await ann.photo(photo_of("7"), READ)
    answer = await chat.user(1, chat=SUPERGROUP).says(asked)
    assert words(answer).startswith("7 · ")


async def test_a_flood_in_one_chat_delays_no_other(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    ann, ben = chat.user(1), chat.user(2)
    for person in (ann, ben):
        await person.reply_to(await person.photo(photo_of("7")))
    faults.order(Fault("sendMessage", code=429, description="Too Many Requests", retry_after=30))
    await ann.photo(photo_of("7"))
    while not any(call.status == 429 for call in faults.calls):
        await asyncio.sleep(0.05)
    await ben.reply_to(await ben.photo(photo_of("7")), timeout=5)
    await bot.end(signal.SIGKILL)  # a stop would wait some seconds for the first chat's answer


async def test_a_proxys_page_is_not_taken_as_telegrams_answer(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    ann = chat.user(1)
    for code in (403, 404, 409, 200):
        faults.order(Fault("sendMessage", "page", code=code))
        answer = await ann.reply_to(await ann.photo(photo_of("7")))
        assert words(answer).startswith("7 · ")
        assert not faults.ordered.pop().times
    for fault in (Fault("file", "page", code=200), Fault("file", "page", code=404)):
        faults.order(fault)
        assert words(await ann.reply_to(await ann.photo(photo_of("7")))).startswith("7 · ")
        assert not fault.times
    busy = "Bad Request: wrong file_id or the file is temporarily unavailable"
    faults.order(Fault("getFile", code=400, description=busy))
    assert words(await ann.reply_to(await ann.photo(photo_of("7")))).startswith("7 · ")


async def test_a_hundred_texts_get_one_hint_and_forged_taps_are_not_reported(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    ann, ben, begun = chat.user(1), chat.user(2), time.monotonic()
    last = [await ann.text(f"text {number}") for number in range(100)][-1]
    await settled(ann)

    def passed() -> float:
        return time.monotonic() - begun

    hints = [m for m in ann.messages() if m["from"]["is_bot"] and m["message_id"] < last + 105]
    assert sum(words(m).startswith("Send me") for m in hints) <= 2 + passed() / 10
    answer = await ben.reply_to(await ben.photo(photo_of("7")))
    taps = [await ben.tap(answer["message_id"], "why:1") for _ in range(60)]
    await ben.answer_to(taps[-1], PATIENT)  # ten pictures before it
    pictures = [m for m in ben.messages() if "photo" in m and m["from"]["is_bot"]]
    assert len(pictures) <= 12 + passed() / 2
    assert b" error " not in bot.log


async def test_a_strip_is_answered_within_telegrams_ratio(bot: BotProcess, chat: Chat) -> None:
    ann = chat.user(1)
    photo = np.asarray(
        cv2.imdecode(np.frombuffer(photo_of("4071"), np.uint8), cv2.IMREAD_GRAYSCALE)
    )
    small = cv2.resize(photo, dsize=None, fx=52 / photo.shape[0], fy=52 / photo.shape[0])
    strip = np.pad(small, ((0, 0), (0, 25 * 52 - small.shape[1])), mode="edge")
    sent = await ann.document(encode(strip.astype(np.float64), ".png"), "strip.png")
    answer = await ann.reply_to(sent)
    assert "photo" in answer, words(answer)
