"""A message -> the bytes of its picture: photo, sticker, file, or the first page of a PDF."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from functools import partial
from pathlib import Path
from typing import TypeAlias

from telegram import Document, ExternalReplyInfo, Message, PhotoSize, Sticker
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, NetworkError

from bot.delivery.aiohttp_request import TOO_BIG
from bot.delivery.retry import retry
from bot.update_context import current
from preprocessing import PhotoTooLarge, UnreadablePhoto
from preprocessing.draw_pdf import TOO_LARGE

PDF_MARK = b"%PDF-"
PDF_SECONDS = 3.0  # for one page, of which a scanned sheet takes a tenth
# s in which Telegram has a file that it calls "temporarily unavailable": its words are the same
# for one that it will never have again.
AVAILABLE_WITHIN = 6.0
ROOT = Path(__file__).parents[1]
Shown: TypeAlias = Message | ExternalReplyInfo  # what has a picture to read


async def fetch_photo(message: Shown, drawings: asyncio.Semaphore) -> bytes:
    """Fetch what a message shows, at its largest; nothing over 20 MB is asked for.

    `drawings` bounds the PDF pages that are drawn at once. Raises UnreadablePhoto for a message
    without a still picture, and PhotoTooLarge.
    """
    file = still_picture(message)
    if file is None:
        raise UnreadablePhoto("the message has no still picture")
    if (file.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        raise PhotoTooLarge("Telegram gives bots files of at most 20 MB")
    photo = await _download(file)
    if not photo.startswith(PDF_MARK):
        return photo
    is_late = drawings.locked()
    if is_late:  # whoever waits takes neither a place that a photo needs nor 20 MB of memory
        photo = b""
        if work := current.get():
            work.leave_place()
    async with drawings:
        return await draw_first_page(await _download(file) if is_late else photo)


async def _download(file: PhotoSize | Document | Sticker) -> bytes:
    """Fetch a file, again where Telegram or a proxy gives something else in its place."""
    try:
        return await retry(partial(_download_once, file), AVAILABLE_WITHIN)
    except NetworkError as error:
        if isinstance(error.__cause__, BadRequest):
            raise error.__cause__ from None
        raise


async def _download_once(file: PhotoSize | Document | Sticker) -> bytes:
    try:
        found = await file.get_file()
        data = bytes(await found.download_as_bytearray())
    except BadRequest as error:
        if TOO_BIG in error.message.lower():  # its size was not told before, or not rightly
            raise PhotoTooLarge from error
        if "temporarily unavailable" in error.message:
            raise NetworkError(error.message) from error
        raise
    if len(data) != (found.file_size or file.file_size or len(data)):
        raise NetworkError(f"a file of {file.file_size} bytes came with {len(data)}")
    return data


def shown_picture(message: Message) -> Shown | None:
    """Return what a message asks to read: itself, unless it is a text.

    A text asks to read the message of its chat that it replies to, or the one of another chat.
    """
    if message.text is None:
        return message
    replied = message.reply_to_message, message.external_reply
    return next((one for one in replied if one and still_picture(one)), None)


def still_picture(message: Shown) -> PhotoSize | Document | Sticker | None:
    """Return the file to fetch; of a GIF, which Telegram makes a video of, the first frame.

    A live photo of another chat comes without the `photo` that one of this chat has beside it.
    """
    live = message.live_photo.photo if message.live_photo else None
    if sizes := message.photo or live:
        return sizes[-1]
    if message.animation:
        return message.animation.thumbnail
    if message.sticker:
        moves = message.sticker.is_animated or message.sticker.is_video
        return None if moves else message.sticker
    return message.document


async def draw_first_page(pdf: bytes) -> bytes:
    """Draw the first page of a PDF as a PNG, in a process that is ended if it takes too long.

    Raises UnreadablePhoto or PhotoTooLarge.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "preprocessing.draw_pdf"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=ROOT,
        env={},  # it parses what strangers send, and needs no secret
    )
    try:
        async with asyncio.timeout(PDF_SECONDS):
            png, _ = await child.communicate(pdf)
    except TimeoutError as error:
        raise UnreadablePhoto("this PDF takes too long to draw") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == TOO_LARGE:
        raise PhotoTooLarge("this page is too large")
    if child.returncode != 0:
        raise UnreadablePhoto("this PDF cannot be opened")
    return png
