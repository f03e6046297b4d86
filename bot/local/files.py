"""Uploaded files, kept in memory up to a limit, with ids like Telegram's."""

import asyncio
import io
import secrets

import numpy as np
from aiohttp.web_request import FileField
from PIL import Image

from bot.local.call import Json, bad
from preprocessing import PhotoError, UnreadablePhoto
from preprocessing.photo import on_white, opened, read_header, set_upright

MEMORY_MAX = 64 << 20  # bytes of all files together; the oldest are deleted first
PHOTO_SIDES = (90, 320, 800, 1280, 2560)  # px, longest sides of the sizes that Telegram makes
# File types that the page sends as photos.
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "HEIF", "AVIF")
PHOTO_QUALITY = 87  # of JPEG: about that of Telegram's apps
SHAPE: Json = {"width": 512, "height": 512, "duration": 1}  # of stickers and videos
SHAPE |= {"type": "regular", "is_animated": False, "is_video": False}


class Files:
    def __init__(self) -> None:
        self.by_id: dict[str, tuple[Json, bytes]] = {}  # fields of a message, and the file
        self.size = 0
        self._turn = asyncio.Lock()  # only one upload at a time is read whole or decoded

    def get(self, file_id: str) -> tuple[Json, bytes]:
        if file_id not in self.by_id:
            raise bad("wrong file_id or the file is temporarily unavailable")
        return self.by_id[file_id]

    async def keep(self, kind: str, upload: FileField) -> Json:
        """Store an upload and return its fields of a message. Only photos are re-encoded."""
        async with self._turn:
            if not (data := await asyncio.to_thread(upload.file.read)):
                raise bad("file must be non-empty")
            if kind == "photo":
                return self.keep_photo(await asyncio.to_thread(photo_jpegs, data))
            return self._keep_file(kind, upload, data)

    def _keep_file(self, kind: str, upload: FileField, data: bytes) -> Json:
        about = {"file_name": upload.filename, "mime_type": upload.content_type}
        content: Json = {kind: about | ({} if kind == "document" else SHAPE)}
        content[kind] |= self._add(content, data)
        return content

    def keep_photo(self, jpegs: list[tuple[bytes, int, int]]) -> Json:
        """Store the sizes of one photo and return its fields of a message."""
        content: Json = {"photo": []}
        for data, width, height in jpegs:
            size = {"width": width, "height": height} | self._add(content, data)
            content["photo"].append(size)
        return content

    def _add(self, content: Json, data: bytes) -> Json:
        file_id = secrets.token_urlsafe(18)
        self.by_id[file_id] = content, data
        self.size += len(data)
        while self.size > MEMORY_MAX:
            self.size -= len(self.by_id.pop(next(iter(self.by_id)))[1])
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(data)}


def photo_jpegs(data: bytes) -> list[tuple[bytes, int, int]]:
    """Re-encode as Telegram does: upright JPEGs with width and height in px, smallest first."""
    try:
        header = read_header(data)  # checks the bot's own limits before any pixel is decoded
        sent = opened(header.file)
        if sent.format not in PHOTO_FORMATS:
            raise UnreadablePhoto
        longest = max(PHOTO_SIDES)
        sent.draft("RGB", (longest, longest))  # a JPEG is decoded at a reduced size
        mode = "RGBA" if sent.has_transparency_data else "RGB"
        picture = sent if sent.mode == mode else sent.convert(mode)
        picture.thumbnail((longest, longest), Image.Resampling.BOX)
        upright = set_upright(np.asarray(picture), header.orientation)
        picture = on_white(Image.fromarray(upright))
    except (PhotoError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    jpegs: list[tuple[bytes, int, int]] = []
    for side in sorted({min(each, max(picture.size)) for each in PHOTO_SIDES}, reverse=True):
        picture.thumbnail((side, side), Image.Resampling.BOX)
        picture.save(stream := io.BytesIO(), "JPEG", quality=PHOTO_QUALITY)
        jpegs.insert(0, (stream.getvalue(), *picture.size))
    return jpegs
