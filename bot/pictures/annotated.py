"""A photo and its reading -> the photo with the digits marked on it."""

from collections.abc import Sequence

import cv2
import numpy as np

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
from preprocessing.photo import in_colour, opened, orientation_of, set_upright

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
    return jpeg(marked(photo, reading, places_in_doubt(reading)))


def marked(
    photo: bytes, reading: Reading, asked: Sequence[int] = (), label_least: float = LABEL_LEAST
) -> Picture:
    """Return the photo with its digits framed; those at the places `asked` bear their number.

    `label_least`: of the long side, the letters of the labels.
    """
    plain = upright(photo, reading.page)
    boxes = [shown_box(digit, reading.page, plain) for digit in reading.digits]
    size = _letters(boxes, max(plain.shape[:2]), label_least)
    room = round(PILL * size) + 1
    frames = [_frame(box) for box in boxes]
    above = max(0, room - min(frame.y for frame in frames))
    foot = max(frame.y + frame.h for frame in frames) + (room if asked else 1)
    below = max(0, foot - plain.shape[0])
    framed = cv2.copyMakeBorder(plain, above, below, 0, 0, cv2.BORDER_CONSTANT, value=NIGHT)
    picture = np.asarray(framed, np.uint8)
    for position, (digit, frame) in enumerate(zip(reading.digits, frames, strict=True)):
        number = f"#{position + 1}" if position in asked else ""
        _mark(picture, frame._replace(y=frame.y + above), digit, number, size)
    return picture


def upright(photo: bytes, page: Page) -> Picture:
    """Return a photo that was read as `page` in colour, its long side as the constants say.

    It is turned as it was read.
    """
    long_side = max(page.width, page.height)
    scale = min(max(long_side, SHORT_OF_IT), LONG_SIDE) / long_side
    size = round(page.width * scale), round(page.height * scale)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sent = cv2.resize(_colours(photo, page), dsize=size, interpolation=way)
    return np.ascontiguousarray(np.rot90(sent, page.turns))


def shown_box(digit: Digit, page: Page, picture: Picture) -> Box:
    """Return the digit's box in pixels of the `upright` picture."""
    scale = max(picture.shape[:2]) / max(page.width, page.height)
    x, y, w, h = digit.box.turned(page.turns, page.width, page.height)
    return Box(round(x * scale), round(y * scale), round(w * scale), round(h * scale))


def _colours(photo: bytes, page: Page) -> Picture:
    """Decode once more, now in colour; where that is no use, the grey page stands in."""
    with opened(photo) as image:
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))
        if image.mode.startswith(("I", "F")) or image.width * image.height > COLOUR_PIXELS_MAX:
            return np.repeat(page.gray[..., np.newaxis], 3, axis=2)
        # As it was read: Pillow's own way finds more in EXIF once it has decoded, or breaks off.
        orientation = orientation_of(image)
        return set_upright(np.asarray(in_colour(image))[..., ::-1], orientation)


def _letters(boxes: list[Box], long_side: int, least: float) -> int:
    """Size of all labels in px: it fits the middle one of the digits."""
    size = LABEL * float(np.median([box.h for box in boxes]))
    return round(max(min(size, LABEL_MOST * long_side), least * long_side))


def _frame(digit: Box) -> Box:
    """A digit's box with some room around the ink."""
    x, y, w, h = digit
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
