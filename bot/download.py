"""Download of a message's picture: a photo, sticker, file, or the first page of a PDF."""

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

# s of wall clock to redraw one file. The child process limits its own CPU time, so that a valid
# file is not refused on a busy machine; this limit ends a child that is blocked.
REDRAW_SECONDS = 20.0
REDRAWN_AT_ONCE = 2  # child processes, so that one that is blocked does not delay the next file
BYTES_IN_FLIGHT = 100 << 20  # bytes of all files over SMALL_FILE that are in memory
SMALL_FILE = 1 << 20  # bytes up to which a file does not wait: photos are smaller
# s of retries after "temporarily unavailable": Telegram says the same of files that it deleted.
AVAILABLE_WITHIN = 6.0
ROOT = Path(__file__).parents[1]
Shown: TypeAlias = Message | ExternalReplyInfo  # a message with a picture, also of another chat


class PhotoNotReceived(PhotoError):
    """A file that Telegram did not deliver whole within the time of `bot.delivery.retry`."""


class Downloads:
    """Downloads within limits on the bytes in memory and on the files redrawn at once.

    An update that has to wait for them is no longer counted in IN_WORK (`leave_place`).
    """

    def __init__(self) -> None:
        self._redraws = asyncio.Semaphore(REDRAWN_AT_ONCE)
        self._free = BYTES_IN_FLIGHT
        self._turn, self._freed = asyncio.Lock(), asyncio.Event()

    async def fetch(self, message: Shown) -> bytes:
        """Download a message's picture; raises as `photo` does."""
        async with self.photo(message) as photo:
            return photo

    @asynccontextmanager
    async def photo(self, message: Shown) -> AsyncIterator[bytes]:
        """Download a message's picture in its largest size, to be read within this context.

        Raises UnreadablePhoto for a message without a still picture, PhotoTooLarge over 20 MB,
        and PhotoNotReceived.
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
        """Reserve a file's bytes of BYTES_IN_FLIGHT, first come, first served."""
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
    """Download a file; repeat that if it is unavailable or comes with a wrong size."""
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
        if TOO_BIG in error.message.lower():  # its `file_size` was missing or wrong
            raise PhotoTooLarge from error
        if "temporarily unavailable" in error.message:
            raise NetworkError(error.message) from error
        raise
    if len(data) != (found.file_size or file.file_size or len(data)):
        raise NetworkError(f"a file of {file.file_size} bytes came with {len(data)}")
    return data


def shown_picture(message: Message) -> Shown | None:
    """Return the message to read: itself or, for a text, the one that it replies to, if any.

    That one may be of another chat.
    """
    if message.text is None:
        return message
    replied = message.reply_to_message, message.external_reply
    return next((one for one in replied if one and still_picture(one)), None)


def still_picture(message: Shown) -> PhotoSize | Document | Sticker | None:
    """Return the file to download; of a GIF, which Telegram converts to a video, the thumbnail.

    A live photo of another chat has no `photo`, only `live_photo`.
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
    """Convert a PDF's first page or a rarer format to PNG, in a child process with limits.

    Raises UnreadablePhoto or PhotoTooLarge.
    """
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "preprocessing.redraw"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=ROOT,
        env={},  # it parses files of strangers, so it gets no secrets
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
