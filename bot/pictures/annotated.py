"""The photo with its digits framed and labelled."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from bot.answers.state import doubts
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
from bot.store.tables import ReadingRow
from model.classes import NOT_A_DIGIT
from model.reader import Reading
from preprocessing import Box, Page, Photo

LONG_SIDE = 1280  # px of the picture at most: as large as a phone shows it
LONG_SIDE_MIN = 800  # px: smaller photos are enlarged to it, so that marks are legible
LINE = 0.0035  # of the long side: thickness of a frame
PAD = 0.1  # of a box's longer side: margin between digit and frame
LABEL = 0.5  # of a box's height: size of its label's letters
LABEL_MIN, LABEL_MAX = 0.026, 0.06  # of the long side: bounds of that size
PILL = 1.2  # of the letters' size: height of their background


class Mark(NamedTuple):
    """A frame around a digit: `box` in px of the upright original; `number` of its question."""

    box: Box
    label: str
    is_doubtful: bool
    number: str = ""


def marks_of(
    reading: Reading,
    row: ReadingRow,
    should_be: Mapping[int, int],
    asked: Collection[int] = (),
) -> list[Mark]:
    """Return a mark for each digit, with corrected labels; those in `asked` get a number."""
    doubtful = set(doubts(row, should_be))
    marks = []
    for position, digit in enumerate(reading.digits):
        right = should_be.get(position, digit.digit)
        label = "×" if right == NOT_A_DIGIT else f"{right}{'?' if position in doubtful else ''}"
        number = f"#{position + 1}" if position in asked else ""
        marks.append(Mark(digit.box, label, position in doubtful, number))
    return marks


def marked_photo(photo: bytes, page: Page, marks: Sequence[Mark]) -> bytes:
    """Return a JPEG of the photo with the marks; those of doubtful digits are amber."""
    return jpeg(marked(photo, page, marks))


def marked(
    photo: bytes, page: Page, marks: Sequence[Mark], label_min: float = LABEL_MIN
) -> Picture:
    """Return the photo with its marks; a label without free space beside its digit is omitted.

    `label_min`: least size of the labels' letters, over the long side.
    """
    plain = upright(photo, page)
    boxes = [shown_box(mark.box, page, plain) for mark in marks]
    size = _letters(boxes, max(plain.shape[:2]), label_min)
    room = round(PILL * size) + 1
    frames = [_frame(box) for box in boxes]
    above = max(0, room - min(frame.y for frame in frames))
    numbered = any(mark.number for mark in marks)
    foot = max(frame.y + frame.h for frame in frames) + (room if numbered else 1)
    below = max(0, foot - plain.shape[0])
    framed = cv2.copyMakeBorder(plain, above, below, 0, 0, cv2.BORDER_CONSTANT, value=NIGHT)
    picture = np.asarray(framed, np.uint8)
    frames = [frame._replace(y=frame.y + above) for frame in frames]
    taken = [digit._replace(y=digit.y + above) for digit in boxes]
    for mark, frame in zip(marks, frames, strict=True):
        x, y, w, h = frame
        colour, long_side = _colour(mark), max(picture.shape[:2])
        outline(picture, x, y, w, h, colour, max(2, round(LINE * long_side)))
    for mark, frame in zip(marks, frames, strict=True):
        _label(picture, mark.label, frame, size, _colour(mark), taken)
        if mark.number:
            least = round(LABEL_MIN * max(picture.shape[:2]))
            _label(picture, mark.number, frame, least, _colour(mark), taken, is_below=True)
    return picture


def upright(photo: bytes, page: Page) -> Picture:
    """Return a photo in colour, turned as it was read, with a long side in the bounds above."""
    long_side = max(page.width, page.height)
    scale = min(max(long_side, LONG_SIDE_MIN), LONG_SIDE) / long_side
    size = round(page.width * scale), round(page.height * scale)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sent = cv2.resize(Photo(photo).colour(LONG_SIDE), dsize=size, interpolation=way)
    return np.ascontiguousarray(np.rot90(sent, page.turns))


def shown_box(digit: Box, page: Page, picture: Picture) -> Box:
    """Return a box in pixels of the `upright` picture."""
    scale = max(picture.shape[:2]) / max(page.width, page.height)
    x, y, w, h = digit.turned(page.turns, page.width, page.height)
    return Box(round(x * scale), round(y * scale), round(w * scale), round(h * scale))


def _letters(boxes: list[Box], long_side: int, least: float) -> int:
    """Return the size of all labels in px, from the median height of the digits."""
    size = LABEL * float(np.median([box.h for box in boxes]))
    return round(max(min(size, LABEL_MAX * long_side), least * long_side))


def _frame(digit: Box) -> Box:
    """Return a digit's box with a margin."""
    x, y, w, h = digit
    pad = round(PAD * max(w, h))
    return Box(x - pad, y - pad, w + 2 * pad, h + 2 * pad)


def _colour(mark: Mark) -> Colour:
    return AMBER if mark.is_doubtful else TEAL


def _label(
    picture: Picture,
    words: str,
    frame: Box,
    size: int,
    colour: Colour,
    taken: list[Box],
    *,
    is_below: bool = False,
) -> None:
    """Write a label above or below a frame, on a background of `colour`, if there is space.

    `taken`: boxes of digits and labels that it must not cover; its own is appended.
    """
    width, height = round(text_width(words, size, BOLD) + 0.5 * size), round(PILL * size)
    left = min(max(0, frame.x + (frame.w - width) // 2), picture.shape[1] - width)
    tops = [frame.y - height, frame.y + frame.h]
    for top in reversed(tops) if is_below else tops:
        ground = Box(left, top, width, height)
        inside = top >= 0 and top + height <= picture.shape[0]
        if inside and not any(_overlap(ground, other) for other in taken):
            box(picture, *ground, colour, round(0.3 * size))
            at = left + width // 2, top + round(0.95 * size)
            write(picture, words, at, size, colour=NIGHT, weight=BOLD, align="middle")
            taken.append(ground)
            return


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.w
        and other.x < one.x + one.w
        and one.y < other.y + other.h
        and other.y < one.y + one.h
    )
