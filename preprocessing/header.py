"""Bytes of a photo -> what its header says: what is too large or no picture fails undecoded.

Pillow reads the header alone, so these limits cost nothing.
"""

import io
import re
from itertools import islice
from typing import NamedTuple

from PIL import Image, UnidentifiedImageError

from preprocessing.errors import PhotoTooLarge, UnreadablePhoto

BYTES_MAX = 20 * 1024 * 1024  # what Telegram hands to a bot at most
PIXELS_MAX = 60_000_000  # of a JPEG, decoded straight to a small size, or a phone's HEIC
SCANS_MAX = 50  # of a JPEG, usually 1 to 12: each few bytes can cost a walk through all pixels
PIXELS_MAX_OTHERS = 25_000_000  # up to 17 bytes each while a TIFF of floats is decoded
FORMATS: tuple[str, ...] = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM")
JPEGS = ("JPEG", "MPO")  # the latter has more pictures behind the first, as phones add for HDR
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
ORIENTATION = 0x0112  # EXIF tag
UPRIGHT = 1  # its value in a picture that need not be turned
SCAN_START = b"\xff\xda"  # JPEG's marker
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
        most = PIXELS_MAX if is_jpeg or image.format == "HEIF" else PIXELS_MAX_OTHERS
        if image.width * image.height > most:
            raise PhotoTooLarge
        scans = re.finditer(SCAN_START, photo)  # in a third of bytes.count's time
        if is_jpeg and any(islice(scans, SCANS_MAX, None)):
            raise PhotoTooLarge
        reducible = is_jpeg and image.mode in ("L", "RGB")
        return Header(image.width, image.height, _orientation(image), reducible)


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


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation; upright where EXIF is missing, nonsense or behind the pixels."""
    if image.format == "PNG" and "exif" not in image.info:
        return UPRIGHT  # Pillow would decode the whole file to look further
    # The parser raises whatever it trips over, and a picture can be read without it.
    try:
        value = image.getexif().get(ORIENTATION, UPRIGHT)
    except Exception:
        return UPRIGHT
    return value if isinstance(value, int) else UPRIGHT
