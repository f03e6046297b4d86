"""Files that take long to read: they delay neither other users' photos nor a shutdown."""

import asyncio
import time

import cv2
import numpy as np

from bot.delivery.update_processor import IN_WORK
from bot.download import REDRAW_SECONDS
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat
from tests.end_to_end.robust import PATIENT, SEVEN, answered
from tests.pdfs import bomb

# For a photo, which alone takes some 0.2 s; a waiting PDF takes 3 s. On a busy machine both take
# longer, so that the bound is the larger of the two.
SOON = 2.5  # s
TIMES_ALONE = 12.0  # ratio to what a photo takes alone
STOP_MAX = 10.0  # s
ALBUM = 10


def dots(pitch: int, radius: int) -> bytes:
    """A sheet full of dots, which takes longest of all pictures."""
    sheet = np.full((960, 1280), 255, np.uint8)
    for y in range(pitch, 960 - pitch, pitch):
        for x in range(pitch, 1280 - pitch, pitch):
            cv2.circle(sheet, (x, y), radius, 0, -1)
    return bytes(cv2.imencode(".png", sheet)[1])


async def seconds_of_a_photo(chat: Chat, user_id: int) -> float:
    """Return the s until a photo of one digit is answered."""
    began, user = time.monotonic(), chat.user(user_id)
    await user.reply_to(await user.photo(SEVEN), PATIENT)
    return time.monotonic() - began


async def seconds_at_most(chat: Chat, user_id: int) -> float:
    """Return the s that a photo may take: a multiple of what it takes alone."""
    await seconds_of_a_photo(chat, user_id)  # the first of all takes longer
    return max(SOON, TIMES_ALONE * await seconds_of_a_photo(chat, user_id))


async def test_pdfs_that_hang_delay_no_photo_and_no_shutdown(bot: BotProcess, chat: Chat) -> None:
    at_most = await seconds_at_most(chat, 499)
    users = [chat.user(number) for number in range(1, IN_WORK + 4)]
    await asyncio.gather(*(user.document(bomb("images"), "a.pdf") for user in users))
    waits = [await seconds_of_a_photo(chat, 500 + number) for number in range(3)]
    assert max(waits) < at_most
    assert sum(chat_id <= len(users) for chat_id, _ in answered(chat)) < len(users) / 2
    began = time.monotonic()
    assert await bot.end() == 0
    assert time.monotonic() - began < STOP_MAX


async def test_a_hanging_pdf_is_answered_and_those_after_it_too(
    bot: BotProcess, chat: Chat
) -> None:
    ann, ben = chat.user(1), chat.user(2)
    began = time.monotonic()
    hanging = await ann.document(bomb("forms"), "a.pdf")
    after = await ben.document(bomb("image"), "b.pdf")
    for user, sent in ((ann, hanging), (ben, after)):
        answer = await user.reply_to(sent, PATIENT)
        assert "can’t open" in answer["text"] or "can't open" in answer["text"]
    assert time.monotonic() - began < 2 * REDRAW_SECONDS
    await seconds_of_a_photo(chat, 1)


async def test_an_album_of_the_slowest_photos_delays_no_other_photo(
    bot: BotProcess, chat: Chat
) -> None:
    at_most = await seconds_at_most(chat, 2)
    await chat.user(1).album([dots(12, 4)] * ALBUM)
    await asyncio.sleep(0.5)  # until the first of it are read
    waits = [await seconds_of_a_photo(chat, 2 + number) for number in range(5)]
    assert max(waits) < at_most
    began = time.monotonic()
    await bot.end()
    assert time.monotonic() - began < STOP_MAX
