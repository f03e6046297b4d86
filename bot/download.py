"""A message -> the bytes of its picture: photo, sticker, file, or the first page of a PDF."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeAlias

from telegram import Document, ExternalReplyInfo, Message, PhotoSize, Sticker
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest, NetworkError

from bot.delivery.aiohttp_request import TOO_BIG
from bot.delivery.retry import retry
from bot.update_context import current
from preprocessing import PhotoError, PhotoTooLarge, UnreadablePhoto
from preprocessing.redraw import TOO_LARGE, must_be_redrawn

# s on the wall clock for one file that is redrawn. The child's own limit is on processor time, so
# that a busy machine refuses no sound file; this one ends a child that waits for something.
REDRAW_SECONDS = 20.0
REDRAWN_AT_ONCE = 2  # so that a file that hangs does not hold up the next
BYTES_IN_FLIGHT = 100 << 20  # of files over SMALL_FILE that wait for a reader or are being read
SMALL_FILE = 1 << 20  # bytes: what Telegram compresses is smaller, and waits for no large file
# s in which Telegram has a file that it calls "temporarily unavailable": its words are the same
# for one that it will never have again.
AVAILABLE_WITHIN = 6.0
ROOT = Path(__file__).parents[1]
Shown: TypeAlias = Message | ExternalReplyInfo  # what has a picture to read


class PhotoNotReceived(PhotoError):
    """A file that Telegram did not deliver whole within the time of `bot.delivery.retry`."""


class Downloads:
    """Fetches pictures within limits on the bytes in memory and on the files redrawn at once.

    Whoever has to wait leaves its place among the updates in work to a photo that needs it.
    """

    def __init__(self) -> None:
        self._redraws = asyncio.Semaphore(REDRAWN_AT_ONCE)
        self._free = BYTES_IN_FLIGHT
        self._turn, self._freed = asyncio.Lock(), asyncio.Event()

    async def fetch(self, message: Shown) -> bytes:
        """Fetch what a message shows; raises as `photo` does."""
        async with self.photo(message) as photo:
            return photo

    @asynccontextmanager
    async def photo(self, message: Shown) -> AsyncIterator[bytes]:
        """Fetch what a message shows, at its largest, to be read within this context.

        Nothing over 20 MB is asked for. Raises UnreadablePhoto for a message without a still
        picture, PhotoTooLarge and PhotoNotReceived.
        """
        file = still_picture(message)
        if file is None:
            raise UnreadablePhoto("the message has no still picture")
        size = file.file_size or FileSizeLimit.FILESIZE_DOWNLOAD
        if size > FileSizeLimit.FILESIZE_DOWNLOAD:
            raise PhotoTooLarge("Telegram gives bots files of at most 20 MB")
        async with self._in_flight(size):
            photo = await _download(file)
            if not must_be_redrawn(photo):
                yield photo
                return
            is_late = self._redraws.locked()
            if not is_late:
                async with self._redraws:
                    photo = await redrawn(photo)
        if is_late:
            photo = b""
            _leave_place()
            async with self._redraws, self._in_flight(size):
                photo = await redrawn(await _download(file))
        yield photo

    @asynccontextmanager
    async def _in_flight(self, size: int) -> AsyncIterator[None]:
        """Take a file's bytes out of the budget, in the order in which they were asked for."""
        if size <= SMALL_FILE:
            yield
            return
        if self._turn.locked() or self._free < size:
            _leave_place()
        async with self._turn:
            while self._free < size:
                self._freed.clear()
                await self._freed.wait()
            self._free -= size
        try:
            yield
        finally:
            self._free += size
            self._freed.set()


def _leave_place() -> None:
    if work := current.get():
        work.leave_place()


async def _download(file: PhotoSize | Document | Sticker) -> bytes:
    """Fetch a file, again where Telegram or a proxy gives something else in its place."""
    try:
        return await retry(partial(_download_once, file), AVAILABLE_WITHIN)
    except NetworkError as error:
        if isinstance(error.__cause__, BadRequest):
            raise error.__cause__ from None
        raise PhotoNotReceived from error


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


async def redrawn(file: bytes) -> bytes:
    """Make a PNG of a PDF's first page or of a rarer format, in a process with limits of its own.

    Raises UnreadablePhoto or PhotoTooLarge.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "preprocessing.redraw"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=ROOT,
        env={},  # it parses what strangers send, and needs no secret
    )
    try:
        async with asyncio.timeout(REDRAW_SECONDS):
            png, _ = await child.communicate(file)
    except TimeoutError as error:
        raise UnreadablePhoto("this file takes too long to open") from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == TOO_LARGE:
        raise PhotoTooLarge("this page or picture is too large")
    if child.returncode != 0:
        raise UnreadablePhoto("this file cannot be opened")
    return png
