"""JPEG or PNG file -> the same without metadata, and the EXIF data that was in it.

The memory and time that metadata take are not bounded by the size of the file: 10 MB of compressed
colour profiles keep Pillow busy for 21 s, 8 MB of compressed text libpng for 32 s. So decoders get
only what the first picture's pixels depend on. What follows that picture, such as a film or the
other pictures of an MPO file, is left out too.
"""

import re
import struct
from contextlib import suppress
from typing import NamedTuple

from PIL import ExifTags, TiffTags

from preprocessing.errors import DamagedPhoto, PhotoTooLarge

PARTS_MAX = 10_000  # segments of a JPEG, chunks of a PNG: even one full of XMP has hundreds
TABLES_MAX = 1 << 17  # bytes of a JPEG's segments before its first scan; one with a preview: 64 k
JPEG_START, PNG_START = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
# JPEG's markers (ISO/IEC 10918-1, table B.1) but SOI, TEM and RST, which no length follows.
MARKER = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
END, SCAN, APP1 = b"\xff\xd9", b"\xff\xda", b"\xff\xe1"
# Frames, tables, intervals, and the application segments JFIF and Adobe, which define the colours.
# Of frames those of Huffman codes alone: arithmetic ones, which browsers do not show either, take
# ten times as long.
DECODED = re.compile(rb"\xff[\xc0-\xc2\xc4\xdb-\xdf\xe0\xee]")
EXIF = b"Exif\0\0"
CHUNKS = b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"  # of a PNG (PNG, third edition, section 11)


class Stripped(NamedTuple):
    """A file without metadata."""

    file: bytes
    exif: bytes = b""
    scans: int = 1  # of a JPEG: a progressive one is stored in several


def strip_metadata(photo: bytes) -> Stripped:
    """Strip a JPEG or a PNG; all other files stay as they are.

    Raises PhotoTooLarge for too many parts, and DamagedPhoto for sizes that cannot be true.
    """
    if photo.startswith(JPEG_START):
        return _strip_jpeg(photo)
    return _strip_png(photo) if photo.startswith(PNG_START) else Stripped(photo)


def _strip_jpeg(jpeg: bytes) -> Stripped:
    tables, exif, scans, at = bytearray(JPEG_START), b"", 0, len(JPEG_START)
    first = end = len(jpeg)  # where the first scan begins, and the picture ends
    for _ in range(PARTS_MAX):
        marker = MARKER.search(jpeg, at)
        if marker is None:
            break
        start, data = marker.span()
        if marker[0] == END:
            end = data
            break
        at = data + max(2, int.from_bytes(jpeg[data : data + 2], "big"))
        if marker[0] == SCAN:
            first, scans = min(first, start), scans + 1
        elif not scans and DECODED.match(marker[0]):
            tables += jpeg[start:at]
        elif marker[0] == APP1 and not exif and jpeg.startswith(EXIF, data + 2):
            exif = jpeg[data + 2 : at]
        if len(tables) > TABLES_MAX:
            raise DamagedPhoto
    else:
        raise PhotoTooLarge
    return Stripped(b"".join((tables, memoryview(jpeg)[first:end])), exif, scans)


def _strip_png(png: bytes) -> Stripped:
    kept, exif, at = [PNG_START], b"", len(PNG_START)
    for _ in range(PARTS_MAX):
        length, name = int.from_bytes(png[at : at + 4], "big"), png[at + 4 : at + 8]
        if length > len(png):  # OpenCV allocates as much
            raise DamagedPhoto
        data, at = at, at + 12 + length  # with its length, its name and its check sum
        if name in CHUNKS:
            kept.append(png[data:at])
        elif name == b"eXIf" and not exif:
            exif = png[data + 8 : at - 4]
        if name == b"IEND" or at >= len(png):
            return Stripped(b"".join(kept), exif)
    raise PhotoTooLarge


def orientation_of(exif: bytes) -> int:
    """The EXIF orientation, 1 to 8; 1 (upright) where it is missing or invalid.

    EXIF is a TIFF file; its first directory has it (TIFF 6.0, section 2).
    """
    tiff = exif.removeprefix(EXIF)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    with suppress(struct.error):
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, start)
        for at in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, at)
            is_orientation = (tag, kind) == (ExifTags.Base.Orientation, TiffTags.SHORT)
            if is_orientation and value in range(1, 9):
                return int(value)
    return 1
