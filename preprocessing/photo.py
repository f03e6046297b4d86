"""Bytes of a photo -> its upright grey picture at any size.

JPEGs are decoded straight to a half, a quarter or an eighth of their size by OpenCV, which is
quicker; the rest by Pillow.
"""

import io
import re
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from preprocessing.arrays import Gray
from preprocessing.errors import PhotoTooLarge, UnreadablePhoto

SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap width and height
FLIPPED = (2, 4, 5, 7)  # those that mirror
QUARTER_TURNS = {3: 2, 4: 2, 5: 1, 6: 3, 7: 3, 8: 1}  # anticlockwise, after mirroring
OPAQUE = 128  # alpha from which a pixel belongs to the drawing rather than to its ground
SAMPLED_SIDE = 2560  # px, long side of the copy in which its shades are looked at
DARK_SHARE = 0.05  # of a drawing's pixels: with more dark ones it is dark ink
NEAR_ENOUGH = 0.75  # of an asked size: so small a picture is taken if decoding gives it for less
REDUCED = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
IN_COLOUR = 1  # added to each of those: what OpenCV calls the same with three channels
BYTES_MAX = 20 * 1024 * 1024  # what Telegram hands to a bot at most
PIXELS_MAX = 60_000_000  # of a JPEG, decoded straight to a small size, or a phone's HEIC
SCANS_MAX = 50  # of a JPEG, usually 1 to 12: each few bytes can cost a walk through all pixels
# Bytes of DCT coefficients, two for each sample, that a JPEG of several scans takes while it is
# decoded: 53 megapixels where colours are stored at half the size, 26 where they are not.
COEFFICIENTS_MAX = 160_000_000
WALKED_MAX = 2_500_000_000  # bytes of them, over all scans: a second of processor
PIXELS_MAX_PNG = 40_000_000  # of an opaque PNG, decoded to grey: A4 at 600 dpi has 34.8 million
COLOUR_BYTES_MAX = 80_000_000  # of colours while a picture is decoded: beyond, it is read in grey
COLOUR_BYTES_OPENCV, COLOUR_BYTES_PILLOW = 3, 12  # bytes a pixel that either takes at most
PROGRESSIVE_SIDE = 2560  # px, long side that a progressive JPEG is decoded for: all looks at it
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


class Photo:
    """One photo whose header was read: upright size in pixels, and its grey picture on demand.

    Raises PhotoTooLarge or UnreadablePhoto.
    """

    def __init__(self, photo: bytes) -> None:
        self._photo, self._header = photo, read_header(photo)
        width, height = self._header.width, self._header.height
        sideways = self._header.orientation in SIDEWAYS
        self.width, self.height = (height, width) if sideways else (width, height)
        self._decoded: dict[str, NDArray[np.uint8]] = {}  # by "gray" and "colour", upright

    def gray(self, long_side: int) -> Gray:
        """The upright grey picture, shrunk to about `long_side` pixels (never enlarged).

        Raises UnreadablePhoto where the bytes after the header are cut or broken.
        """
        return self._small(long_side)

    def colour(self, long_side: int) -> NDArray[np.uint8]:
        """The same in colour, (height, width, 3) BGR, on white where it is transparent.

        Grey pictures, and those whose colours would take too much memory, are shown in grey.
        """
        if not self._has_colours():
            return np.repeat(self.gray(long_side)[..., np.newaxis], 3, axis=2)
        return self._small(long_side, in_colour=True)

    def darkest(self, long_side: int) -> Gray | None:
        """The same by the colour in which a pixel is darkest beside the paper; None if all grey.

        Red ink on grey paper can be as light as the paper is, but hardly in green and blue too.
        """
        if not self._has_colours():
            return None
        coloured = self._small(long_side, in_colour=True)
        paper = np.median(coloured[::4, ::4].reshape(-1, 3), axis=0)
        share = (coloured / np.maximum(paper, 1).astype(np.float32)).min(axis=2)
        dark: Gray = (share * paper.mean()).clip(0, 255).astype(np.uint8)
        return dark

    def _has_colours(self) -> bool:
        each = COLOUR_BYTES_OPENCV if self._header.opaque_png else COLOUR_BYTES_PILLOW
        affordable = self.width * self.height * each <= COLOUR_BYTES_MAX
        return self._header.coloured and (self._header.reducible or affordable)

    def _small(self, long_side: int, *, in_colour: bool = False) -> NDArray[np.uint8]:
        """Decode, unless what was decoded before is large enough, and shrink."""
        form = "colour" if in_colour else "gray"
        known = self._decoded.get(form)
        stored = max(self.width, self.height)
        if known is None or max(known.shape[:2]) < min(stored, long_side) * NEAR_ENOUGH:
            # A progressive JPEG costs as much at any size: it is decoded once for all looks.
            once = max(long_side, PROGRESSIVE_SIDE) if self._header.progressive else long_side
            known = self._decoded[form] = self._decode(once, in_colour=in_colour)
        return _shrunk(known, long_side)

    def _reduction(self, long_side: int) -> int:
        stored = max(self.width, self.height)
        fits = [by for by in REDUCED if stored >= long_side * NEAR_ENOUGH * by]
        return max(fits, default=1)

    def _decode(self, long_side: int, *, in_colour: bool) -> NDArray[np.uint8]:
        try:
            if self._header.reducible:
                by = self._reduction(long_side)
                stored = _by_opencv(self._photo, REDUCED[by] | (IN_COLOUR if in_colour else 0))
            elif self._header.opaque_png:
                stored = _by_opencv(self._photo, 1 if in_colour else cv2.IMREAD_GRAYSCALE)
            else:
                with opened(self._photo) as image:
                    share = long_side / max(image.size)
                    # A JPEG of other colours than RGB is decoded smaller, if that is enough.
                    image.draft(None, (round(image.width * share), round(image.height * share)))
                    stored = (
                        np.asarray(on_white(image))[:, :, ::-1]
                        if in_colour
                        else np.asarray(_flat(image))
                    )
            return set_upright(stored, self._header.orientation)
        # Decoders of broken files raise whatever their parser trips over.
        except Exception as error:
            raise UnreadablePhoto(DAMAGED) from error


class Header(NamedTuple):
    """How a picture is stored."""

    width: int  # px, before it is turned upright, as is the height
    height: int
    orientation: int  # EXIF's, 1 to 8; other numbers are nonsense and mean upright
    reducible: bool  # whether OpenCV decodes it straight to a small size
    opaque_png: bool  # whether OpenCV decodes it to grey, without all colours in memory
    progressive: bool  # whether a JPEG is stored in scans, each through all of its pixels
    coloured: bool  # whether it may have colours


def _shrunk(picture: Gray, long_side: int) -> Gray:
    scale = long_side / max(picture.shape)
    if scale >= 1:
        return picture
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    small = cv2.resize(picture, dsize=(width, height), interpolation=cv2.INTER_AREA)
    return cast(Gray, small)


def _by_opencv(photo: bytes, flags: int) -> NDArray[np.uint8]:
    """A JPEG or PNG as it is stored, grey or BGR; raises ValueError."""
    picture = cv2.imdecode(np.frombuffer(photo, np.uint8), flags | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise ValueError(DAMAGED)
    return np.asarray(picture, np.uint8)


def _flat(image: Image.Image) -> Image.Image:
    """One grey channel of 8 bits; of a transparent drawing on a ground that it stands out from."""
    if image.mode.startswith(("I", "F")):
        levels = np.asarray(image, dtype=np.float32)
        least = float(levels.min())
        scale = 255 / max(float(levels.max()) - least, 1.0)
        # Straight to 8 bits: another copy of floats would be 4 bytes a pixel.
        return Image.fromarray(
            cv2.addWeighted(levels, scale, levels, 0, -least * scale, dtype=cv2.CV_8U)
        )
    if image.has_transparency_data:
        drawing = image if image.mode in ("LA", "RGBA") else image.convert("RGBA")
        gray, alpha = drawing.convert("L"), drawing.getchannel("A")
        every = -(-max(image.size) // SAMPLED_SIDE)
        shades, opacity = (np.asarray(part.reduce(every)) for part in (gray, alpha))
        drawn = shades[opacity >= OPAQUE]
        # A light drawing on glass needs a dark ground, a dark one white paper.
        few = drawn.size < shades.size / 2
        # A sticker's dark digit may lie on a white rim, which is larger than the digit.
        light = few and drawn.size > 0 and float(np.quantile(drawn, DARK_SHARE)) > 255 / 2
        ground = Image.new("L", image.size, 0 if light else 255)
        ground.paste(gray, mask=alpha)
        return ground
    return image.convert("L")


def on_white(image: Image.Image) -> Image.Image:
    """Return a picture as RGB, on white paper where it is transparent."""
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return image.convert("RGB")


def set_upright(stored: Gray, orientation: int) -> Gray:
    """Turn a picture, grey or in colour, as an EXIF orientation says; 9 and more say nothing."""
    mirrored = stored[:, ::-1] if orientation in FLIPPED else stored
    return np.ascontiguousarray(np.rot90(mirrored, QUARTER_TURNS.get(orientation, 0)))


def read_header(photo: bytes) -> Header:
    """What a picture is before it is decoded; raises PhotoTooLarge or UnreadablePhoto."""
    if len(photo) > BYTES_MAX:
        raise PhotoTooLarge
    with opened(photo) as image:
        is_jpeg = image.format in JPEGS
        reducible = is_jpeg and image.mode in ("L", "RGB")
        opaque_png = (
            image.format == "PNG"
            and image.mode in ("1", "L", "RGB")
            and not image.has_transparency_data
        )
        most = PIXELS_MAX_PNG if opaque_png else PIXELS_MAX_OTHERS
        if reducible or image.format == "HEIF":
            most = PIXELS_MAX
        if image.width * image.height > most or (is_jpeg and _costs_too_much(image, photo)):
            raise PhotoTooLarge
        return Header(
            image.width,
            image.height,
            orientation_of(image),
            reducible,
            opaque_png,
            progressive=is_jpeg and "progressive" in image.info,
            coloured=not image.mode.startswith(("1", "L", "I", "F")),
        )


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


def _costs_too_much(image: Image.Image, jpeg: bytes) -> bool:
    """Whether the scans of a JPEG take too much time or memory; a lone one is read in rows."""
    scans = _count_scans(jpeg)
    components = [(across, down) for _, across, down, _ in getattr(image, "layer", ())]
    largest = max((across * down for across, down in components), default=1)
    samples = sum(across * down for across, down in components) / max(largest, 1)  # 0 if broken
    coefficients = 2 * samples * image.width * image.height
    walked = scans * coefficients
    return scans > SCANS_MAX or (
        scans > 1 and (coefficients > COEFFICIENTS_MAX or walked > WALKED_MAX)
    )


def _count_scans(jpeg: bytes) -> int:
    """Scans of a JPEG's first picture, SCANS_MAX + 1 at most; others or a film may follow it."""
    at, scans = 0, 0
    for _ in range(SEGMENTS_MAX):
        marker = MARKER.search(jpeg, at)
        if marker is None or marker[0][1] == END:
            return scans
        at, scans = marker.end(), scans + (marker[0][1] == SCAN)
        if scans > SCANS_MAX:
            return scans
        if marker[0][1] != START:
            at += max(2, int.from_bytes(jpeg[at : at + 2], "big"))
    return SCANS_MAX + 1


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
