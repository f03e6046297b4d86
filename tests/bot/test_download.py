"""Downloads: the right file of a message, PDFs rendered, nothing over the limits."""

import asyncio
import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Animation, Bot, Chat, Document, Message, PhotoSize, Sticker, User
from telegram.error import BadRequest

from bot import download
from bot.delivery.retry import RetryingRequest
from bot.download import Downloads, PhotoNotReceived, redrawn, still_picture
from bot.errors import sentence
from bot.texts import Texts
from bot.update_context import UpdateContext, current
from preprocessing import PhotoTooLarge, UnreadablePhoto
from tests.pdfs import bomb


def message(**what: Any) -> Message:
    user, chat = User(1, "A", is_bot=False), Chat(1, Chat.PRIVATE)
    return Message(1, datetime.now(UTC), chat, from_user=user, **what)


def size(name: str, side: int) -> PhotoSize:
    return PhotoSize(name, name, side, side)


def sticker(*, animated: bool = False, video: bool = False) -> Sticker:
    return Sticker("s", "s", 512, 512, animated, video, Sticker.REGULAR)


def test_of_a_photo_the_largest_size_is_fetched() -> None:
    found = still_picture(message(photo=(size("small", 90), size("large", 1280))))
    assert found and found.file_id == "large"


def test_of_a_gif_the_first_frame_is_fetched() -> None:
    gif = Animation("a", "a", 9, 9, 1, thumbnail=size("frame", 320))
    found = still_picture(message(animation=gif, document=Document("a", "a")))
    assert found and found.file_id == "frame"


@pytest.mark.parametrize(
    "what",
    [
        {"sticker": sticker(animated=True)},
        {"sticker": sticker(video=True)},
        {"animation": Animation("a", "a", 9, 9, 1)},
        {"text": "7"},
    ],
)
async def test_messages_without_a_still_picture_are_refused(what: dict[str, Any]) -> None:
    with pytest.raises(UnreadablePhoto):
        await Downloads().fetch(message(**what))


def test_a_still_sticker_is_fetched() -> None:
    assert still_picture(message(sticker=sticker()))


async def test_a_file_over_20_mb_is_refused_without_a_call() -> None:
    with pytest.raises(PhotoTooLarge):
        await Downloads().fetch(message(document=Document("d", "d", file_size=20_000_001)))


async def test_a_file_that_telegram_finds_too_big_is_too_large() -> None:
    bot = AsyncMock(Bot)
    bot.get_file.side_effect = BadRequest("File is too big")
    document = Document("d", "d")  # without a size
    document.set_bot(bot)
    with pytest.raises(PhotoTooLarge):
        await Downloads().fetch(message(document=document))


async def trickle(request: web.Request) -> web.StreamResponse:
    """The Bot API's server, which sends a file of 1,000 bytes a byte at a time."""
    if request.method == "POST":
        found = {"file_id": "d", "file_unique_id": "d", "file_path": str(request.url)}
        return web.json_response({"ok": True, "result": found})
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    with contextlib.suppress(ConnectionError):
        while True:
            await answer.write(b"7")
            await asyncio.sleep(0.02)
    return answer


async def test_a_file_that_trickles_in_is_given_up_with_a_sentence_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.delivery.retry.FETCHING_ONCE", 0.1)
    monkeypatch.setattr("bot.delivery.retry.FETCHING", 0.1)
    monkeypatch.setattr(download, "AVAILABLE_WITHIN", 0.1)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", trickle)
    async with TestServer(app) as server, RetryingRequest.to_telegram() as line:
        sent = Document("d", "d", file_size=1000)
        sent.set_bot(Bot("7:secret", f"{server.make_url('')}bot", request=line))
        with pytest.raises(PhotoNotReceived) as error:
            await Downloads().fetch(message(document=sent))
    assert "send it again" in Texts().say("en", sentence(error.value)[0])


def children() -> set[str]:
    """Return the ids of this process's children, such as the forkserver of other tests."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


async def test_a_cancelled_drawing_leaves_no_process() -> None:
    before = children()
    drawing = asyncio.create_task(redrawn(bomb("images")))
    await asyncio.sleep(0.3)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert children() <= before


async def test_bytes_of_no_format_are_unreadable() -> None:
    with pytest.raises(UnreadablePhoto):
        await redrawn(b"seven")


def document(number: int, size: int) -> Message:
    return message(document=Document(f"d{number}", f"d{number}", file_size=size))


async def test_large_files_wait_for_memory_and_small_ones_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bytes in flight are bounded, first come first served; waiting files are not in work."""
    monkeypatch.setattr(download, "_download", AsyncMock(return_value=b"\xff\xd8\xff"))
    downloads, went, end = Downloads(), list[int](), asyncio.Event()
    left = list[int]()

    async def read(number: int, size: int) -> None:
        current.set(UpdateContext(number, leave_place=lambda: left.append(number)))
        async with downloads.photo(document(number, size)):
            went.append(number)
            await end.wait()

    half = download.BYTES_IN_FLIGHT // 6
    sizes = [half] * 6 + [half, 2_000_000, 1000]
    async with asyncio.TaskGroup() as group:
        for number, size in enumerate(sizes):
            group.create_task(read(number, size))
        await asyncio.sleep(0)
        while len(went) < 7:
            await asyncio.sleep(0)
        assert sorted(went) == [0, 1, 2, 3, 4, 5, 8] and left == [6, 7]
        end.set()
    assert went[7:] == [6, 7]
