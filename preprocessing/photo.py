"""Bytes of a photo -> its upright grey picture at any size.

JPEGs of grey or RGB are decoded by OpenCV straight to a half, a quarter or an eighth of their size
(scaled inverse DCT), which is quicker; opaque PNGs by OpenCV; all other kinds by Pillow.
"""

import io
import struct
import threading
from contextlib import nullcontext
from functools import cached_property
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from preprocessing.arrays import Gray
from preprocessing.errors import DamagedPhoto, PhotoTooLarge, UnreadablePhoto
from preprocessing.metadata import orientation_of, strip_metadata
from preprocessing.working_image import WORK_SIDE_MAX

DARK_SHARE = 0.05  # of a transparent drawing's pixels: with more dark ones its ink is dark
REDUCED_MIN = 0.75  # of the wanted size: a decoder's reduced picture may be so much smaller
STRIP = 256  # px of the shrunk picture: height of the strips in which it is made
BYTES_MAX = 20 * 1024 * 1024  # of a file that a bot can download from Telegram
PIXELS_MAX = 56_000_000  # of what is decoded to a byte a pixel or less; phones take up to 50
PIXELS_MAX_WHOLE = 20_000_000  # of what takes 4 to 6 bytes a pixel while it is decoded
ROWS_MAX = 100_000_000  # bytes of a PNG's rows: half a second of CPU time
# Bytes of DCT coefficients, two for each sample, that a JPEG of several scans takes while it is
# decoded: 46 megapixels where colours are stored at half the size, 23 where they are not.
COEFFICIENTS_MAX = 140_000_000
SCANNED_MAX = 3_500_000_000  # bytes of coefficients over all scans: half a second of CPU time
CODED = 130  # bytes of coefficients that are scanned in the time in which a coded byte is decoded
FORMATS: tuple[str, ...] = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "AVIF")
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")
REDUCED = {  # factor -> OpenCV's flags to decode a JPEG so many times smaller, in grey, in colour
    1: (cv2.IMREAD_GRAYSCALE, cv2.IMREAD_COLOR),
    2: (cv2.IMREAD_REDUCED_GRAYSCALE_2, cv2.IMREAD_REDUCED_COLOR_2),
    4: (cv2.IMREAD_REDUCED_GRAYSCALE_4, cv2.IMREAD_REDUCED_COLOR_4),
    8: (cv2.IMREAD_REDUCED_GRAYSCALE_8, cv2.IMREAD_REDUCED_COLOR_8),
}

ONE_AT_A_TIME = threading.Lock()  # held while a large JPEG of several scans is decoded


class Photo:
    """One photo whose header was read: upright size in pixels, and its grey picture on demand.

    Raises PhotoTooLarge or UnreadablePhoto.
    """

    def __init__(self, photo: bytes) -> None:
        self._header = read_header(photo)
        width, height = self._header.width, self._header.height
        self.width, self.height = (
            (height, width) if _is_transposed(self._header.orientation) else (width, height)
        )
        self._decoded: dict[str, NDArray[np.uint8]] = {}  # by "gray" and "colour", upright

    def gray(self, long_side: int) -> Gray:
        """The upright grey picture, shrunk to about `long_side` pixels (never enlarged).

        Raises UnreadablePhoto where the bytes after the header are cut or broken.
        """
        return shrunk(self._stored(long_side), long_side)

    def coarse(self, least: int, finer: int) -> Gray | None:
        """The upright grey picture, its long side `least` to twice as many px; None if smaller.

        Shrunk by a whole factor, in a fraction of the time, from what is decoded for `finer` px:
        a closer look needs no other decoding.
        """
        stored = self._stored(finer)
        by = max(stored.shape) // least
        if by < 2:
            return None
        return _reduced_by(stored, by)

    def colour(self, long_side: int) -> NDArray[np.uint8]:
        """The same in colour, (height, width, 3) BGR, on white where it is transparent.

        Grey pictures, and PNGs whose colours would take too much memory, are shown in grey.
        """
        if not self._header.coloured:
            return np.repeat(self.gray(long_side)[..., np.newaxis], 3, axis=2)
        return shrunk(self._stored(long_side, in_colour=True), long_side)

    def darkest(self, long_side: int) -> Gray | None:
        """Each pixel by its darkest colour, relative to the paper's; None if all is grey.

        In red, red ink may be as bright as the paper; in green and blue it is darker.
        """
        if not self._header.coloured:
            return None
        coloured = shrunk(self._stored(long_side, in_colour=True), long_side)
        if (coloured == coloured[:, :, :1]).all():
            return None
        paper = np.median(coloured[::4, ::4].reshape(-1, 3), axis=0)
        share = (coloured / np.maximum(paper, 1).astype(np.float32)).min(axis=2)
        dark: Gray = (share * paper.mean()).clip(0, 255).astype(np.uint8)
        return dark

    def _stored(self, long_side: int, *, in_colour: bool = False) -> NDArray[np.uint8]:
        """The picture at about `long_side` px or more, decoded unless an earlier one will do."""
        form = "colour" if in_colour else "gray"
        known = self._decoded.get(form)
        stored = max(self.width, self.height)
        if known is None or max(known.shape[:2]) < min(stored, long_side) * REDUCED_MIN:
            # To decode a small JPEG in grey first is quicker, as most photos need no more.
            is_small = self._header.reducible and self.width * self.height < WORK_SIDE_MAX**2
            if not self._header.at_once or (is_small and not self._decoded):
                self._decoded[form] = self._decode(long_side, in_colour=in_colour)
            else:
                # A JPEG's coefficients take up to COEFFICIENTS_MAX bytes: one at a time.
                with ONE_AT_A_TIME if self._header.reducible else nullcontext():
                    whole = self._decode(
                        max(long_side, WORK_SIDE_MAX), in_colour=self._header.coloured
                    )
                is_gray = whole.ndim == 2
                gray = whole if is_gray else cv2.cvtColor(whole, cv2.COLOR_BGR2GRAY)
                self._decoded = {"colour": whole, "gray": np.asarray(gray, np.uint8)}
        return self._decoded[form]

    def _reduction(self, long_side: int) -> int:
        stored = max(self.width, self.height)
        fits = [by for by in REDUCED if stored >= long_side * REDUCED_MIN * by]
        return max(fits, default=1)

    def _decode(self, long_side: int, *, in_colour: bool) -> NDArray[np.uint8]:
        try:
            if self._header.by_opencv:
                by = self._reduction(long_side) if self._header.reducible else 1
                flags = REDUCED[by][in_colour] | cv2.IMREAD_IGNORE_ORIENTATION
                decoded = cv2.imdecode(np.frombuffer(self._header.file, np.uint8), flags)
                if decoded is None:
                    raise DamagedPhoto
                stored = shrunk(np.asarray(decoded, np.uint8), max(long_side, WORK_SIDE_MAX))
            else:
                drawn = Image.fromarray(self._reduced)
                flat = np.asarray(on_white(drawn) if in_colour else _flat(drawn))
                stored = flat[:, :, ::-1] if in_colour else flat
            return set_upright(stored, self._header.orientation)
        # A decoder of broken files may raise any exception.
        except Exception as error:
            raise DamagedPhoto from error

    @cached_property
    def _reduced(self) -> NDArray[np.uint8]:
        """The picture by Pillow, reduced; the full one is freed."""
        with opened(self._header.file) as image:
            share = WORK_SIDE_MAX / max(image.size)
            # A JPEG of other colours than RGB is decoded smaller, if that is enough.
            image.draft(None, (round(image.width * share), round(image.height * share)))
            return reduced(image, WORK_SIDE_MAX)


class Header(NamedTuple):
    """How a picture is stored."""

    file: bytes  # without metadata
    width: int  # px, before it is turned upright, as is the height
    height: int
    orientation: int  # EXIF's, 1 to 8
    reducible: bool  # whether OpenCV decodes it straight to a small size
    by_opencv: bool  # whether OpenCV decodes it, in grey without all colours in memory
    at_once: bool  # whether looks share one decoding: at any size, and in grey, it takes as long
    coloured: bool  # whether it may have colours, and they fit into memory


def shrunk(picture: Gray, long_side: int) -> Gray:
    """A picture, grey or in colour, whose long side is at most so many px."""
    scale = long_side / max(picture.shape)
    if scale >= 1:
        return picture
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    # Means over whole pixels take a fiftieth of the time, and leave fewer for the others.
    by = min(int(1 / scale), *picture.shape[:2])
    nearly = _reduced_by(picture, by)
    small = cv2.resize(nearly, dsize=(width, height), interpolation=cv2.INTER_AREA)
    return cast(Gray, small)


def _reduced_by(picture: Gray, by: int) -> Gray:
    """A picture, grey or in colour, shrunk by a whole factor."""
    height, width = (side // by for side in picture.shape[:2])
    whole = picture[: height * by, : width * by]
    return cast(Gray, cv2.resize(whole, dsize=(width, height), interpolation=cv2.INTER_AREA))


def reduced(image: Image.Image, long_side: int) -> NDArray[np.uint8]:
    """A picture in 8 bits, grey, RGB or RGBA, shrunk by a whole factor to at most that size.

    By strips: a whole one in another mode would take as much memory again.
    """
    factor = -(-max(image.size) // long_side)
    is_deep, is_gray = image.mode.startswith(("I", "F")), image.mode in ("1", "L")
    mode = "RGBA" if image.has_transparency_data else "L" if is_deep or is_gray else "RGB"
    least, most = cast(tuple[float, float], image.getextrema()) if is_deep else (0, 255)
    scale = 255 / max(most - least, 1)
    bands = () if mode == "L" else (len(mode),)
    small = np.empty((-(-image.height // factor), -(-image.width // factor), *bands), np.uint8)
    for top in range(0, len(small), STRIP):
        below = min(image.height, (top + STRIP) * factor)
        strip = image.crop((0, top * factor, image.width, below))
        if is_deep:
            levels = (np.asarray(strip, np.float32) - least) * scale
            strip = Image.fromarray(levels.clip(0, 255).astype(np.uint8))
        alike = strip if strip.mode == mode else strip.convert(mode)
        small[top : top + STRIP] = alike.reduce(factor)
    return small


def _flat(image: Image.Image) -> Image.Image:
    """One grey channel, a transparent drawing on a ground that contrasts with it."""
    gray = image.convert("L")
    if not image.has_transparency_data:
        return gray
    alpha = image.getchannel("A")
    shades = np.asarray(gray)
    drawn = shades[np.asarray(alpha) > 255 / 2]
    # A light drawing needs a dark ground, a dark one a white ground.
    few = drawn.size < shades.size / 2
    # A sticker's dark digit may lie on a white rim, which is larger than the digit.
    light = few and drawn.size > 0 and float(np.quantile(drawn, DARK_SHARE)) > 255 / 2
    ground = Image.new("L", image.size, 0 if light else 255)
    ground.paste(gray, mask=alpha)
    return ground


def on_white(image: Image.Image) -> Image.Image:
    """Return a picture as RGB, on white paper where it is transparent."""
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    return image.convert("RGB")


def set_upright(stored: Gray, orientation: int) -> Gray:
    """Turn a picture, grey or in colour, as an EXIF orientation of 1 to 8 says.

    EXIF 2.32, table 6: 1 to 4 say at which corner of the picture its stored rows begin, going
    around from the upper left one; 5 to 8 are the same of a transposed picture.
    """
    corner = (orientation - 1) % 4  # upper left, upper right, lower right, lower left
    picture = stored.swapaxes(0, 1) if _is_transposed(orientation) else stored
    picture = picture[:, ::-1] if corner in (1, 2) else picture
    return np.ascontiguousarray(picture[::-1] if corner in (2, 3) else picture)


def _is_transposed(orientation: int) -> bool:
    """Whether an EXIF orientation swaps width and height."""
    return orientation > 4


def read_header(photo: bytes) -> Header:
    """What a picture is before it is decoded; raises PhotoTooLarge or UnreadablePhoto."""
    if len(photo) > BYTES_MAX:
        raise PhotoTooLarge
    file, exif, scans = strip_metadata(photo)
    with opened(file) as image:
        is_jpeg = image.format == "JPEG"
        reducible = is_jpeg and image.mode in ("L", "RGB")
        opaque_png = (
            image.format == "PNG"
            and image.mode in ("1", "L", "RGB")
            and not image.has_transparency_data
        )
        is_large = image.width * image.height > PIXELS_MAX_WHOLE
        # HEIFs are decoded in a process whose memory is limited.
        is_whole = not (reducible or opaque_png or image.format == "HEIF")
        if (
            image.width * image.height > PIXELS_MAX
            or (is_whole and is_large)
            or (is_jpeg and _costs_too_much(image, scans, len(file)))
            or (image.format == "PNG" and _size_of_rows(file) > ROWS_MAX)
        ):
            raise PhotoTooLarge
        return Header(
            file,
            image.width,
            image.height,
            # TIFFs have none here: Pillow turns them itself.
            orientation_of(exif or image.info.get("exif") or b""),
            reducible,
            reducible or opaque_png,
            at_once=opaque_png
            or (reducible and ("progressive" in image.info or len(file) > BYTES_MAX // 2)),
            coloured=not image.mode.startswith(("1", "L", "I", "F"))
            and not (opaque_png and is_large),
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
        raise DamagedPhoto from error


def _costs_too_much(image: Image.Image, scans: int, coded: int) -> bool:
    """Whether a JPEG of several scans, so many bytes long, takes too much time or memory."""
    components = [(across, down) for _, across, down, _ in getattr(image, "layer", ())]
    largest = max((across * down for across, down in components), default=1)
    samples = sum(across * down for across, down in components) / max(largest, 1)  # 0 if broken
    coefficients = 2 * samples * image.width * image.height
    scanned = scans * coefficients + CODED * coded
    return scans > 1 and (coefficients > COEFFICIENTS_MAX or scanned > SCANNED_MAX)


def _size_of_rows(png: bytes) -> float:
    """Bytes of a PNG's rows before they are compressed (PNG, third edition, section 11.2.1)."""
    width, height, depth, kind = struct.unpack_from(">IIBB", png, 16)
    has_palette, has_colours, has_alpha = (bool(kind & flag) for flag in (1, 2, 4))
    channels = (3 if has_colours and not has_palette else 1) + has_alpha
    return float(width * height * channels * depth / 8)
