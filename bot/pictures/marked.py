"""A photo and its reading -> the photo with the digits marked on it."""

import io

import cv2
import numpy as np
from PIL import Image, ImageOps

from bot.answers.buttons import places_in_doubt
from bot.pictures.drawing import (
    AMBER,
    BOLD,
    NIGHT,
    TEAL,
    Colour,
    Picture,
    box,
    jpeg,
    outline,
    text_width,
    write,
)
from model.reader import Digit, Reading
from preprocessing import Box, Page

LONG_SIDE = 1280  # px; what a phone shows
SHORT_OF_IT = 800  # px, smaller photos are enlarged to it: marks on them could not be read
COLOUR_PIXELS_MAX = 16_000_000  # larger ones, 3 or 4 bytes a pixel, are shown in grey
LINE = 0.0035  # of the long side: a frame's thickness
PAD = 0.1  # of a box's longer side: the room between digit and frame
LABEL = 0.5  # of a box's height: the letters of its label
LABEL_LEAST, LABEL_MOST = 0.026, 0.06  # of the long side
PILL = 1.2  # of the letters: height of the ground they stand on


def marked_photo(photo: bytes, reading: Reading) -> bytes:
    """Return a JPEG of the photo, each digit framed and written above it.

    Digits in doubt are amber; those that have buttons bear their number, too.
    """
    plain = upright(photo, reading.page)
    scale = plain.shape[1] / reading.page.width
    size = _letters(reading, scale, max(plain.shape[:2]))
    room = round(PILL * size) + 1
    asked = places_in_doubt(reading)
    frames = [_frame(digit, scale) for digit in reading.digits]
    above = max(0, room - min(frame.y for frame in frames))
    foot = max(frame.y + frame.h for frame in frames) + (room if asked else 1)
    below = max(0, foot - plain.shape[0])
    picture = cv2.copyMakeBorder(plain, above, below, 0, 0, cv2.BORDER_CONSTANT, value=NIGHT)
    for position, (digit, frame) in enumerate(zip(reading.digits, frames, strict=True)):
        number = f"#{position + 1}" if position in asked else ""
        _mark(np.asarray(picture), frame._replace(y=frame.y + above), digit, number, size)
    return jpeg(np.asarray(picture))


def upright(photo: bytes, page: Page) -> Picture:
    """Return a photo that was read as `page` in colour, its long side as the constants say."""
    long_side = max(page.width, page.height)
    scale = min(max(long_side, SHORT_OF_IT), LONG_SIDE) / long_side
    size = round(page.width * scale), round(page.height * scale)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.ascontiguousarray(cv2.resize(_colours(photo, page), dsize=size, interpolation=way))


def _colours(photo: bytes, page: Page) -> Picture:
    """Decode once more, now in colour; where that is no use, the grey page stands in."""
    with Image.open(io.BytesIO(photo)) as image:
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        if image.mode.startswith(("I", "F")) or image.width * image.height > COLOUR_PIXELS_MAX:
            return np.repeat(page.gray[..., np.newaxis], 3, axis=2)
        turned = ImageOps.exif_transpose(image)
        if turned.has_transparency_data:
            paper = Image.new("RGBA", turned.size, "white")
            turned = Image.alpha_composite(paper, turned.convert("RGBA"))
        return np.asarray(turned.convert("RGB"))[..., ::-1]


def _letters(reading: Reading, scale: float, long_side: int) -> int:
    """Size of all labels in px: it fits the middle one of the digits."""
    size = LABEL * scale * float(np.median([digit.box.h for digit in reading.digits]))
    return round(min(max(size, LABEL_LEAST * long_side), LABEL_MOST * long_side))


def _frame(digit: Digit, scale: float) -> Box:
    """The digit's box on the picture shown, with some room around the ink."""
    x, y, w, h = (round(side * scale) for side in digit.box)
    pad = round(PAD * max(w, h))
    return Box(x - pad, y - pad, w + 2 * pad, h + 2 * pad)


def _mark(picture: Picture, frame: Box, digit: Digit, number: str, size: int) -> None:
    long_side = max(picture.shape[:2])
    x, y, w, h = frame
    colour = AMBER if digit.unsure else TEAL
    outline(picture, x, y, w, h, colour, max(2, round(LINE * long_side)))
    label = f"{digit.digit}?" if digit.unsure else str(digit.digit)
    _label(picture, label, x + w // 2, y - round(PILL * size), size, colour)
    if number:
        _label(picture, number, x + w // 2, y + h, round(LABEL_LEAST * long_side), colour)


def _label(picture: Picture, words: str, middle: int, top: int, size: int, colour: Colour) -> None:
    """Write words on a ground of that colour, wholly inside the picture's sides."""
    width = round(text_width(words, size, BOLD) + 0.5 * size)
    left = min(max(0, middle - width // 2), picture.shape[1] - width)
    box(picture, left, top, width, round(PILL * size), colour, round(0.3 * size))
    at = left + width // 2, top + round(0.95 * size)
    write(picture, words, at, size, colour=NIGHT, weight=BOLD, align="middle")
