"""Uploaded bytes -> files with Telegram's ids and limits, kept in memory up to a cap."""

import base64
import hashlib
import io
import itertools
from dataclasses import dataclass
from typing import TypedDict

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.local.call import ApiError, Upload

MEMORY_CAP = 256 << 20  # bytes of all files together; the oldest go first
DOWNLOAD_CAP = 20 << 20  # bytes a bot may fetch with getFile
PHOTO_CAP = 10 << 20  # bytes of an uploaded photo
PHOTO_SIDES = (90, 320, 800, 1280, 2560)  # px, longest side of the sizes Telegram makes
PHOTO_SIDES_SUM = 10_000  # px, width and height together
PHOTO_RATIO = 20  # longest side to shortest
PHOTO_QUALITY = 87  # JPEG, about what Telegram's apps use


class FileInfo(TypedDict, total=False):
    """PhotoSize, Document and the like: their common fields."""

    file_id: str
    file_unique_id: str
    file_size: int
    file_name: str
    mime_type: str
    width: int
    height: int
    duration: int
    is_animated: bool
    is_video: bool
    type: str


@dataclass(frozen=True)
class File:
    kind: str
    info: FileInfo
    path: str
    data: bytes


class Files:
    def __init__(self) -> None:
        self.by_id: dict[str, File] = {}
        self.by_path: dict[str, File] = {}
        self.photos: dict[str, list[FileInfo]] = {}
        self.size, self.numbers = 0, itertools.count()

    def get(self, file_id: str) -> File:
        try:
            return self.by_id[file_id]
        except KeyError:
            reason = "wrong file_id or the file is temporarily unavailable"
            raise ApiError.bad(reason) from None

    def add(self, kind: str, upload: Upload, **more: int) -> FileInfo:
        """Keep the bytes as they are; the same bytes have the same id."""
        digest = hashlib.sha256(kind.encode() + upload.name.encode() + upload.data).digest()
        unique = base64.urlsafe_b64encode(digest[:12]).decode()
        info = FileInfo(file_id=f"BQAC{unique}", file_unique_id=unique)
        info["file_size"] = len(upload.data)
        if kind == "photo":
            info.update(FileInfo(width=more["width"], height=more["height"]))
        else:
            info.update(FileInfo(file_name=upload.name, mime_type=upload.mime))
        ending = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        path = f"{kind}s/file_{next(self.numbers)}.{ending if ending.isalnum() else 'bin'}"
        if info["file_id"] not in self.by_id:
            self.by_id[info["file_id"]] = self.by_path[path] = File(kind, info, path, upload.data)
            self.size += len(upload.data)
        while self.size > MEMORY_CAP:
            oldest = self.by_id.pop(next(iter(self.by_id)))
            del self.by_path[oldest.path]
            self.size -= len(oldest.data)
        return info

    def keep_photo(self, jpegs: list[tuple[bytes, int, int]]) -> list[FileInfo]:
        """The sizes of one photo; the id of any of them stands for the photo."""
        sizes = [
            self.add("photo", Upload("photo.jpg", "image/jpeg", jpeg), width=width, height=height)
            for jpeg, width, height in jpegs
        ]
        self.photos |= {size["file_id"]: sizes for size in sizes}
        return sizes


def photo_jpegs(data: bytes) -> list[tuple[bytes, int, int]]:
    """Re-encode as Telegram does: upright JPEGs with width and height in px, smallest first."""
    if len(data) > PHOTO_CAP:
        raise ApiError.bad("file is too big for a photo; the maximum size is 10485760 bytes")
    try:
        picture = Image.open(io.BytesIO(data))
        width, height = picture.size
        if width + height > PHOTO_SIDES_SUM or max(picture.size) > PHOTO_RATIO * min(picture.size):
            raise ApiError.bad("PHOTO_INVALID_DIMENSIONS")
        picture = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ApiError.bad("IMAGE_PROCESS_FAILED") from None
    longest = max(picture.size)
    sides = [side for side in PHOTO_SIDES if side < longest]
    sides.append(min(longest, PHOTO_SIDES[-1]))
    return [encode(picture, side / longest) for side in dict.fromkeys(sides)]


def encode(picture: Image.Image, scale: float) -> tuple[bytes, int, int]:
    width, height = (max(1, round(side * scale)) for side in picture.size)
    small = picture if scale == 1 else picture.resize((width, height), Image.Resampling.BILINEAR)
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=PHOTO_QUALITY)
    return stream.getvalue(), width, height
