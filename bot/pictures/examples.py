"""Drawn example photos: some to try, a good one and a bad one; /draw's blank canvas."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from bot.pictures.drawing import AMBER, NIGHT, TEAL, Colour, Picture, box, canvas, jpeg, paste, png

SIDE = 460  # px: side of the good and of the bad photo
EDGE = 30  # px: margin around them
RADIUS = 24
TRY_SIDE, TRY_STEP, TRY_EDGE, TRY_HEIGHT, TRY_PEN = 220, 250, 100, 420, 16  # px of photos to try
CANVAS_SIDE = 1024  # px: side of the blank canvas
CANVAS_WHITE: Colour = (255, 255, 255)
PAPER: Colour = (226, 234, 238)
TABLE: Colour = (74, 98, 124)
INK: Colour = (96, 44, 30)
SMOOTH = 3  # fractional bits of coordinates (OpenCV's `shift`)
# Pen strokes of digits, as (x, y) in a square of 100.
FOUR = ([(46, 14), (20, 60), (84, 60)], [(64, 30), (60, 90)])
SEVEN = ([(20, 22), (78, 18), (44, 88)], [(32, 54), (70, 52)])
ZERO = (
    [(52, 14), (30, 24), (20, 52), (32, 82), (54, 88), (74, 70), (78, 42), (66, 18), (50, 14)],
)
ONE = ([(54, 10), (50, 92)],)
# Between a 4 and a 9: open at the top, round at the right.
FOUR_OR_NINE = (
    [(44, 13), (25, 30), (25, 46), (45, 54), (67, 46)],
    [(63, 12), (67, 35), (60, 90)],
)
TO_TRY = {"one": (SEVEN,), "several": (FOUR, ZERO, SEVEN, ONE), "doubt": (FOUR_OR_NINE,)}
TICK = ([(-14, 1), (-4, 12), (15, -11)],)  # px from the centre of the disc
CROSS = ([(-12, -12), (12, 12)], [(-12, 12), (12, -12)])


@cache
def photo_to_try(name: str) -> bytes:
    """Return a JPEG of drawn digits: "one", "several" or a "doubt"."""
    digits = TO_TRY[name]
    photo = canvas(TRY_EDGE + len(digits) * TRY_STEP, TRY_HEIGHT, PAPER)
    for place, strokes in enumerate(digits):
        _write(photo, strokes, TRY_EDGE + place * TRY_STEP, TRY_EDGE, TRY_SIDE, TRY_PEN)
    lit = _lit(photo, 1.0, 0.9)
    return jpeg(cv2.GaussianBlur(lit, (0, 0), 0.8).astype(np.uint8))


@cache
def good_photo() -> bytes:
    """Return a JPEG of large, dark digits on paper that fills the picture."""
    return jpeg(_framed([_good()]))


@cache
def good_and_bad_photo() -> bytes:
    """Return a JPEG of the good photo, and beside it one that is small, dark and blurred."""
    return jpeg(_framed([_good(), _bad()]))


@cache
def blank_canvas() -> bytes:
    """Return a PNG of white paper."""
    return png(canvas(CANVAS_SIDE, CANVAS_SIDE, CANVAS_WHITE))


def _framed(photos: list[Picture]) -> Picture:
    """Return the photos side by side, with a tick below the first and a cross below the second."""
    width = EDGE + len(photos) * (SIDE + EDGE)
    picture = canvas(width, SIDE + 2 * EDGE + 90)
    for number, photo in enumerate(photos):
        left = EDGE + number * (SIDE + EDGE)
        paste(picture, photo, left, EDGE, RADIUS)
        _sign(picture, left + SIDE // 2, SIDE + EDGE + 55, good=number == 0)
    return picture


def _good() -> Picture:
    photo = _lit(canvas(SIDE, SIDE, PAPER), 1.0, 0.9)
    _write(photo, FOUR, 40, 110, 200, 15)
    _write(photo, SEVEN, 225, 105, 200, 15)
    return cv2.GaussianBlur(photo, (0, 0), 0.8).astype(np.uint8)


def _bad() -> Picture:
    photo = canvas(SIDE, SIDE, TABLE)
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), 14, 0.62)
    sheet = canvas(SIDE, SIDE, PAPER)
    _write(sheet, FOUR, 250, 255, 62, 4)
    _write(sheet, SEVEN, 305, 250, 62, 4)
    flags = {"flags": cv2.INTER_AREA, "borderMode": cv2.BORDER_TRANSPARENT}
    cv2.warpAffine(sheet, turn, (SIDE, SIDE), dst=photo, **flags)
    return _lit(cv2.GaussianBlur(photo, (0, 0), 3.2).astype(np.uint8), 0.6, 0.16)


def _lit(photo: Picture, left: float, right: float) -> Picture:
    """Return the photo with its brightness times a factor, from `left` to `right` of the width."""
    light: NDArray[np.float64] = np.linspace(left, right, photo.shape[1])[:, np.newaxis]
    return (photo * light).astype(np.uint8)


def _write(
    photo: Picture,
    strokes: tuple[list[tuple[int, int]], ...],
    x: int,
    y: int,
    side: int,
    pen: int,
) -> None:
    for stroke in strokes:
        points = np.add(np.multiply(stroke, side / 100), (x, y)) * 2**SMOOTH
        cv2.polylines(
            photo,
            [points.astype(np.int32)],
            isClosed=False,
            color=INK,
            thickness=pen,
            lineType=cv2.LINE_AA,
            shift=SMOOTH,
        )


def _sign(picture: Picture, x: int, y: int, *, good: bool) -> None:
    """Draw a tick or a cross in a disc."""
    box(picture, x - 32, y - 32, 64, 64, TEAL if good else AMBER, 32)
    for line in TICK if good else CROSS:
        cv2.polylines(
            picture,
            [np.add(line, (x, y)).astype(np.int32)],
            isClosed=False,
            color=NIGHT,
            thickness=7,
            lineType=cv2.LINE_AA,
        )
