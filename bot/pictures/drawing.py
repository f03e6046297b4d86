"""What every picture is drawn with: one palette, text, rounded boxes, files.

A picture is a uint8 array (height, width, 3), blue before green before red as OpenCV has it.
The letters are OpenCV's own (Rubik), so they look alike on every machine.
"""

from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[int, int]
NIGHT: Colour = (51, 39, 28)  # behind everything: dark, so that it glares in no chat
PANEL: Colour = (70, 54, 40)
WHITE: Colour = (252, 250, 248)
MUTED: Colour = (188, 172, 158)
TEAL: Colour = (186, 196, 42)  # sure
AMBER: Colour = (30, 158, 247)  # in doubt
REGULAR, BOLD = 400, 650  # weights of the letters
JPEG_QUALITY = 88  # Telegram compresses once more
RATIO_MAX = 20  # of a photo's sides, as Telegram takes it
MASK_SCALE = 4  # rounded corners are drawn so many times larger, then shrunk: smooth edges


def canvas(width: int, height: int, colour: Colour = NIGHT) -> Picture:
    """Return an empty picture, sizes in pixels."""
    return np.full((height, width, 3), colour, np.uint8)


def write(
    picture: Picture,
    words: str,
    at: Point,
    size: int,
    *,
    colour: Colour = WHITE,
    weight: int = REGULAR,
    align: Literal["left", "middle", "right"] = "left",
) -> None:
    """Write a line; `at` is its left end, middle or right end on the baseline, `size` in px."""
    shift = {"left": 0.0, "middle": 0.5, "right": 1.0}[align] * text_width(words, size, weight)
    start = round(at[0] - shift), at[1]
    cv2.putText(picture, words, start, colour, _font(), size, weight)


def text_width(words: str, size: int, weight: int = REGULAR) -> int:
    """Return how many pixels wide a line would be."""
    return cv2.getTextSize((0, 0), words, (0, 0), _font(), size, weight)[2]


def box(picture: Picture, x: int, y: int, w: int, h: int, colour: Colour, radius: int) -> None:
    """Fill a rectangle with round corners."""
    paste(picture, canvas(w, h, colour), x, y, radius)


def paste(picture: Picture, part: Picture, x: int, y: int, radius: int = 0) -> None:
    """Lay a part on a picture, its corners round; what reaches over the edge is cut."""
    height, width = part.shape[:2]
    top, left = max(0, -y), max(0, -x)
    room = picture[max(0, y) : y + height, max(0, x) : x + width]
    bottom, right = top + room.shape[0], left + room.shape[1]
    mask = _round_mask(width, height, radius)[top:bottom, left:right, np.newaxis]
    room[:] = np.rint(part[top:bottom, left:right] * mask + room * (1 - mask))


def outline(
    picture: Picture, x: int, y: int, w: int, h: int, colour: Colour, thickness: int
) -> None:
    """Draw a frame with a dark rim, visible on paper and on ink alike."""
    for shade, line in ((NIGHT, thickness + max(2, thickness // 2)), (colour, thickness)):
        cv2.rectangle(picture, (x, y, w, h), color=shade, thickness=line, lineType=cv2.LINE_AA)


def jpeg(picture: Picture) -> bytes:
    """Return a JPEG file: for photos; a strip gets borders, as Telegram refuses it otherwise."""
    height, width = picture.shape[:2]
    x, y = (max(0, -(-max(height, width) // RATIO_MAX) - side) for side in (width, height))
    sides = y // 2, y - y // 2, x // 2, x - x // 2
    picture = np.asarray(cv2.copyMakeBorder(picture, *sides, cv2.BORDER_CONSTANT, value=NIGHT))
    return _encoded(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def png(picture: Picture) -> bytes:
    """Return a PNG file: for what is drawn."""
    return _encoded(".png", picture, [])


def _encoded(ending: str, picture: Picture, options: list[int]) -> bytes:
    done, data = cv2.imencode(ending, picture, options)
    if not done:
        raise RuntimeError(f"OpenCV wrote no {ending}")
    return bytes(data)


def _round_mask(width: int, height: int, radius: int) -> NDArray[np.float32]:
    """1 inside a rectangle with round corners, 0 outside, in between on their edge."""
    if not radius:
        return np.ones((height, width), np.float32)
    large = np.zeros((height * MASK_SCALE, width * MASK_SCALE), np.uint8)
    radius = min(radius, min(width, height) // 2) * MASK_SCALE
    right, bottom = large.shape[1] - 1 - radius, large.shape[0] - 1 - radius
    large[radius : bottom + 1] = large[:, radius : right + 1] = 255
    for corner in ((radius, radius), (right, radius), (radius, bottom), (right, bottom)):
        cv2.circle(large, corner, radius, color=255, thickness=-1)
    small = cv2.resize(large, dsize=(width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small / 255, np.float32)


def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")
