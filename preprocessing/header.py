"""Bytes of a photo -> what its header says: what is too large or no picture fails undecoded.

Pillow reads the header alone, so these limits cost nothing.
"""

import io
import re
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from preprocessing.errors import PhotoTooLarge, UnreadablePhoto

BYTES_MAX = 20 * 1024 * 1024  # what Telegram hands to a bot at most
PIXELS_MAX = 60_000_000  # of a JPEG, decoded straight to a small size, or a phone's HEIC
SCANS_MAX = 50  # of a JPEG, usually 1 to 12: each few bytes can cost a walk through all pixels
PIXELS_MAX_OTHERS = 25_000_000  # up to 17 bytes each while a TIFF of floats is decoded
FORMATS: tuple[str, ...] = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "AVIF")
JPEGS = ("JPEG", "MPO")  # the latter has more pictures behind the first, as phones add for HDR
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
ORIENTATION = 0x0112  # EXIF tag
UPRIGHT = 1  # its value in a picture that need not be turned
SEGMENTS_MAX = 10_000  # of a JPEG: even one full of XMP has hundreds
# JPEG's markers (ISO/IEC 10918-1, table B.1) but TEM and RST, which no length follows.
MARKER = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")
START, END, SCAN = 0xD8, 0xD9, 0xDA
DAMAGED = "This picture is damaged or cut off."


class Header(NamedTuple):
    """How a picture is stored."""

    width: int  # px, before it is turned upright, as is the height
    height: int
    orientation: int  # EXIF's, 1 to 8; other numbers are nonsense and mean upright
    reducible: bool  # whether OpenCV decodes it straight to a small size


def read_header(photo: bytes) -> Header:
    """What a picture is before it is decoded; raises PhotoTooLarge or UnreadablePhoto."""
    if len(photo) > BYTES_MAX:
        raise PhotoTooLarge
    with opened(photo) as image:
        is_jpeg = image.format in JPEGS
        reducible = is_jpeg and image.mode in ("L", "RGB")
        most = PIXELS_MAX if reducible or image.format == "HEIF" else PIXELS_MAX_OTHERS
        if image.width * image.height > most or (is_jpeg and _has_many_scans(photo)):
            raise PhotoTooLarge
        return Header(image.width, image.height, orientation_of(image), reducible)


def opened(photo: bytes) -> Image.Image:
    """A supported picture, its header read and no pixel; raises as read_header does."""
    formats = FORMATS
    if photo[4:8] == b"ftyp" and photo[8:12] in HEIF_BRANDS:
        from pillow_heif import register_heif_opener  # 20 MB, and few photos need it

        register_heif_opener()
        formats = ("HEIF",)
    Image.init()
    try:
        return Image.open(io.BytesIO(photo), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoTooLarge from error
    except UnidentifiedImageError as error:
        raise UnreadablePhoto from error
    except Exception as error:
        raise UnreadablePhoto(DAMAGED) from error


def _has_many_scans(photo: bytes) -> bool:
    """Whether a JPEG's first picture has over SCANS_MAX; a film may follow it, or a second one."""
    at, scans = 0, 0
    for _ in range(SEGMENTS_MAX):
        marker = MARKER.search(photo, at)
        if marker is None or marker[0][1] == END:
            return False
        at, scans = marker.end(), scans + (marker[0][1] == SCAN)
        if scans > SCANS_MAX:
            return True
        if marker[0][1] != START:
            at += max(2, int.from_bytes(photo[at : at + 2], "big"))
    return True


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation; upright where EXIF is missing, nonsense or behind the pixels."""
    if image.format == "TIFF":
        return UPRIGHT  # Pillow turns these itself, unasked
    if image.format == "PNG" and "exif" not in image.info:
        return UPRIGHT  # Pillow would decode the whole file to look further
    # The parser raises whatever it trips over, and a picture can be read without it.
    try:
        value = image.getexif().get(ORIENTATION, UPRIGHT)
    except Exception:
        return UPRIGHT
    return value if isinstance(value, int) else UPRIGHT
