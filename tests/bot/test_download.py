"""Messages -> bytes: the right file of a message, PDFs drawn, nothing over the limit fetched."""

import asyncio
import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import numpy as np
import pypdfium2
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image
from telegram import Animation, Bot, Chat, Document, Message, PhotoSize, Sticker, User
from telegram.error import BadRequest

from bot import download
from bot.delivery.retry import RetryingRequest
from bot.download import Downloads, PhotoNotReceived, redrawn, still_picture
from bot.errors import sentence
from bot.texts import Texts
from bot.update_context import UpdateContext, current
from preprocessing import PhotoError, PhotoTooLarge, UnreadablePhoto
from preprocessing.redraw import PROCESSOR_MAX
from preprocessing.working_image import WORK_SIDE_MAX

A4 = 595, 842  # 1/72 inch
# Prints exit status and MB of a child. A process that `exec`s keeps its parent's peak in
# `ru_maxrss`, so the child must be started by something small, not by the tests.
DRAWN_IN_A_CHILD = """
import json, resource, subprocess, sys
child = subprocess.run([sys.executable, "-m", "preprocessing.redraw"], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps([child.returncode, used]))
"""
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << %s >> >>"


def message(**what: Any) -> Message:
    user, chat = User(1, "A", is_bot=False), Chat(1, Chat.PRIVATE)
    return Message(1, datetime.now(UTC), chat, from_user=user, **what)


def size(name: str, side: int) -> PhotoSize:
    return PhotoSize(name, name, side, side)


def sticker(*, animated: bool = False, video: bool = False) -> Sticker:
    return Sticker("s", "s", 512, 512, animated, video, Sticker.REGULAR)


def pdf(width: float, height: float) -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(width, height)
    with io.BytesIO() as file:
        document.save(file)
        return file.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A PDF stream object, compressed."""
    packed = zlib.compress(content)
    length = b"/Length %d /Filter /FlateDecode" % len(packed)
    return b"<< %s %s >> stream\n%s\nendstream" % (entries, length, packed)


def blank_image(side: int) -> bytes:
    """An image of side x side grey pixels."""
    entries = b"/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8"
    return stream(bytes(side * side), entries + b" /Width %d /Height %d" % (side, side))


def written_pdf(objects: dict[int, bytes], drawn: bytes = b"") -> bytes:
    """A PDF of one page: its content is object 4, `drawn` names what that may draw."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R"
    head = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: page + b" /Resources << /XObject << %s >> >> >>" % drawn,
    }
    bodies = [b"%d 0 obj %s endobj\n" % item for item in (head | objects).items()]
    return b"%PDF-1.5\n" + b"".join(bodies) + b"trailer << /Root 1 0 R >>\n%%EOF"


def nested_forms(times: int, levels: int) -> bytes:
    """A page of forms that draw forms: `times` to the power of `levels` shapes."""
    forms = {4: stream(b"/F Do " * times), 5 + levels: stream(b"0 0 9 9 re f", FORM % b"")}
    for level in range(levels):
        forms[5 + level] = stream(b"/F Do " * times, FORM % (b"/F %d 0 R" % (6 + level)))
    return written_pdf(forms, b"/F 5 0 R")


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
async def test_what_moves_or_is_no_picture_is_refused(what: dict[str, Any]) -> None:
    with pytest.raises(UnreadablePhoto):
        await Downloads().fetch(message(**what))


def test_a_still_sticker_is_fetched() -> None:
    assert still_picture(message(sticker=sticker()))


async def test_a_file_over_20_mb_is_not_even_asked_for() -> None:
    with pytest.raises(PhotoTooLarge):
        await Downloads().fetch(message(document=Document("d", "d", file_size=20_000_001)))


async def test_a_file_that_telegram_finds_too_big_is_too_large() -> None:
    bot = AsyncMock(Bot)
    bot.get_file.side_effect = BadRequest("File is too big")
    document = Document("d", "d")  # whose size was not told
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


async def test_a_page_is_drawn_large() -> None:
    with Image.open(io.BytesIO(await redrawn(pdf(*A4)))) as page:
        assert max(page.size) == WORK_SIDE_MAX
        assert page.size[0] / page.size[1] == pytest.approx(A4[0] / A4[1], rel=0.01)
        assert page.getextrema() == (255, 255)


@pytest.mark.parametrize("cut", [0, 5, 200])
async def test_a_broken_pdf_is_unreadable(cut: int) -> None:
    with pytest.raises(UnreadablePhoto):
        await redrawn(pdf(*A4)[:cut])


async def test_a_pdf_without_pages_is_unreadable() -> None:
    with io.BytesIO() as file:
        pypdfium2.PdfDocument.new().save(file)
        with pytest.raises(UnreadablePhoto):
            await redrawn(file.getvalue())


async def test_a_page_as_large_as_a_house_is_drawn_no_larger() -> None:
    with Image.open(io.BytesIO(await redrawn(pdf(200_000, 100_000)))) as page:
        assert page.size == (WORK_SIDE_MAX, WORK_SIDE_MAX // 2)


BOMBS = {
    "forms": nested_forms(times=10, levels=10),
    "shapes": written_pdf({4: stream(b"0 0 9 9 re f " * 2_000_000)}),
    "image": written_pdf({4: stream(b"/Im Do"), 5: blank_image(20_000)}, b"/Im 5 0 R"),
    "images": written_pdf({4: stream(b"/Im Do " * 100_000), 5: blank_image(7_000)}, b"/Im 5 0 R"),
}


def used_by_children() -> float:
    """Seconds of processor: a busy machine takes longer on the wall clock, and may."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("kind", BOMBS)
async def test_a_page_that_would_never_end_or_fill_the_memory_is_given_up(kind: str) -> None:
    began = used_by_children()
    with pytest.raises(UnreadablePhoto):
        await redrawn(BOMBS[kind])
    assert used_by_children() - began < PROCESSOR_MAX + 1


@pytest.mark.parametrize("kind", BOMBS)
def test_such_a_page_takes_little_memory(kind: str) -> None:
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", DRAWN_IN_A_CHILD],
        input=BOMBS[kind],
        capture_output=True,
        check=True,
    )
    status, megabytes = json.loads(run.stdout)
    assert status and megabytes < 400


async def test_a_cancelled_drawing_leaves_no_process() -> None:
    drawing = asyncio.create_task(redrawn(BOMBS["images"]))
    await asyncio.sleep(0.3)
    drawing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drawing
    assert not Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


async def test_pdfs_with_changed_bytes_are_drawn_or_refused() -> None:
    rng, whole = np.random.default_rng(5), nested_forms(times=3, levels=3)

    async def draw(changed: bytes) -> None:
        with contextlib.suppress(PhotoError):
            assert (await redrawn(changed)).startswith(b"\x89PNG")

    changed = []
    for _ in range(12):
        pdf_bytes = bytearray(whole)
        for place in rng.integers(len(whole), size=6):
            pdf_bytes[place] = rng.integers(256)
        changed.append(bytes(pdf_bytes[: rng.integers(len(whole) // 2, len(whole) + 1)]))
    await asyncio.gather(*map(draw, [whole, *changed]))


def file_of(image: Image.Image, kind: str, **options: Any) -> bytes:
    with io.BytesIO() as file:
        image.save(file, kind, **options)
        return file.getvalue()


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "TIFF", "BMP", "AVIF"])
async def test_a_picture_of_a_rarer_format_is_redrawn_as_it_is(kind: str) -> None:
    """Its pixels are read from a PNG: no such decoder runs in the bot's own process."""
    sent = Image.new("RGB", (300, 200), "white")
    sent.paste("black", (20, 30, 60, 170))
    with Image.open(io.BytesIO(await redrawn(file_of(sent, kind)))) as png:
        assert (png.format, png.size) == ("PNG", sent.size)
        difference = np.asarray(png.convert("L"), int) - np.asarray(sent.convert("L"), int)
    assert np.abs(difference).max() < 12


@pytest.mark.parametrize("mode", ["RGBA", "LA", "I", "F", "L", "1"])
async def test_a_large_picture_of_any_mode_is_redrawn_smaller(mode: str) -> None:
    sent = Image.new(mode, (3 * WORK_SIDE_MAX, 300))
    with Image.open(io.BytesIO(await redrawn(file_of(sent, "TIFF")))) as png:
        assert png.size == (WORK_SIDE_MAX, 100)
        assert png.has_transparency_data is (mode in ("RGBA", "LA"))


async def test_a_picture_lies_as_its_exif_says_after_it_is_redrawn() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = file_of(Image.new("RGB", (300, 200)), "WEBP", exif=exif.tobytes())
    with Image.open(io.BytesIO(await redrawn(photo))) as png:
        assert png.size == (200, 300)


async def test_bytes_of_no_format_are_unreadable() -> None:
    with pytest.raises(UnreadablePhoto):
        await redrawn(b"seven")


def document(number: int, size: int) -> Message:
    return message(document=Document(f"d{number}", f"d{number}", file_size=size))


async def test_large_files_wait_for_each_other_and_small_ones_for_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bytes in flight are bounded; who waits leaves its place, and the first goes first."""
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
