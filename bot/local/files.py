"""Uploaded bytes -> files with Telegram's ids and limits, kept in memory up to a cap."""

import base64
import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps
from telegram.constants import FileSizeLimit

from bot.local.call import Json, Upload, bad

MEMORY_CAP = 256 << 20  # bytes of all files together; the oldest go first
PHOTO_SIDES = (90, 320, 800, 1280, 2560)  # px, longest side of the sizes that Telegram makes
PHOTO_SIDES_SUM = 10_000  # px, width and height together
PHOTO_RATIO = 20  # longest side to shortest
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")  # what the page takes for photos
PHOTO_QUALITY = 87  # JPEG, about what Telegram's apps take
SHAPES: dict[str, Json] = {
    "document": {},
    "voice": {"duration": 1},
    "sticker": {"type": "regular"},
}
SHAPES["sticker"] |= {"width": 512, "height": 512, "is_animated": False, "is_video": False}
SHAPES["video"] = SHAPES["animation"] = {"width": 320, "height": 240, "duration": 1}


@dataclass(frozen=True)
class File:
    """A file's kind, its object in messages, its bytes, and a photo's sizes."""

    kind: str
    info: Json
    data: bytes
    sizes: list[Json]


class Files:
    def __init__(self) -> None:
        self.by_id: dict[str, File] = {}
        self.size = 0

    def get(self, file_id: str) -> File:
        try:
            return self.by_id[file_id]
        except KeyError:
            raise bad("wrong file_id or the file is temporarily unavailable") from None

    def keep(self, kind: str, upload: Upload) -> Json:
        """Keep the bytes as they are and return their content of a message."""
        named: Json = {"file_name": upload.name, "mime_type": upload.mime}
        return {kind: self._keep(kind, upload.name, upload.data, named | SHAPES[kind], [])}

    def keep_photo(self, jpegs: list[tuple[bytes, int, int]]) -> Json:
        """The sizes of one photo, of which any one's id stands for the photo."""
        sizes: list[Json] = []
        for jpeg, width, height in jpegs:
            shape: Json = {"width": width, "height": height}
            sizes.append(self._keep("photo", "photo.jpg", jpeg, shape, sizes))
        return {"photo": sizes}

    def _keep(self, kind: str, name: str, data: bytes, shape: Json, sizes: list[Json]) -> Json:
        digest = hashlib.sha256(f"{kind}/{name}/".encode() + data).digest()
        unique = base64.urlsafe_b64encode(digest[:12]).decode()
        info: Json = {"file_id": f"BQAC{unique}", "file_unique_id": unique}
        info |= {"file_size": len(data)} | shape
        if old := self.by_id.pop(f"BQAC{unique}", None):
            self.size -= len(old.data)
        self.by_id[f"BQAC{unique}"] = File(kind, info, data, sizes)
        self.size += len(data)
        while self.size > MEMORY_CAP:
            self.size -= len(self.by_id.pop(next(iter(self.by_id))).data)
        return info

    def path(self, file_id: str) -> Json:
        """getFile's answer."""
        file = self.get(file_id)
        if len(file.data) > FileSizeLimit.FILESIZE_DOWNLOAD:
            raise bad("file is too big")
        return {**file.info, "file_path": f"{file.kind}s/{file_id}"}


def photo_jpegs(data: bytes) -> list[tuple[bytes, int, int]]:
    """Re-encode as Telegram does: upright JPEGs with width and height in px, smallest first."""
    if len(data) > FileSizeLimit.PHOTOSIZE_UPLOAD:
        raise bad("file is too big for a photo")
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=PHOTO_FORMATS)
        wide, high = picture.size
        if wide + high > PHOTO_SIDES_SUM or max(wide, high) > PHOTO_RATIO * min(wide, high):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        picture = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    sizes: list[tuple[bytes, int, int]] = []
    for side in reversed(PHOTO_SIDES):
        if side < max(picture.size) or not sizes:
            stream = io.BytesIO()
            picture.thumbnail((side, side), Image.Resampling.BOX)  # never enlarges
            picture.save(stream, "JPEG", quality=PHOTO_QUALITY)
            sizes.insert(0, (stream.getvalue(), *picture.size))
    return sizes
