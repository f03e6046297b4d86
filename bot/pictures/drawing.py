"""Drawing functions of all pictures: palette, text, rounded boxes, encoding.

A picture is a uint8 array (height, width, 3) in OpenCV's order of colours, BGR. The font is
OpenCV's own (Rubik), so pictures are the same on every machine.
"""

from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[int, int]
NIGHT: Colour = (51, 39, 28)  # background: dark, so that it suits dark and light chats
PANEL: Colour = (70, 54, 40)
WHITE: Colour = (252, 250, 248)
MUTED: Colour = (188, 172, 158)
TEAL: Colour = (186, 196, 42)  # of sure digits
AMBER: Colour = (30, 158, 247)  # of doubtful digits
REGULAR, BOLD = 400, 650  # weights of the font
JPEG_QUALITY = 88  # Telegram compresses the picture again
RATIO_MAX = 20  # of a photo's sides: Telegram's limit
MASK_SCALE = 4  # rounded corners are drawn so many times larger and reduced, for smooth edges


def canvas(width: int, height: int, colour: Colour = NIGHT) -> Picture:
    """Return a picture of one colour; sizes in px."""
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
    """Write a line of text of `size` px; `at`: left end, middle or right end of its baseline."""
    shift = {"left": 0.0, "middle": 0.5, "right": 1.0}[align] * text_width(words, size, weight)
    start = round(at[0] - shift), at[1]
    cv2.putText(picture, words, start, colour, _font(), size, weight)


def text_width(words: str, size: int, weight: int = REGULAR) -> int:
    """Return the width of a line of text in px."""
    return cv2.getTextSize((0, 0), words, (0, 0), _font(), size, weight)[2]


def box(picture: Picture, x: int, y: int, w: int, h: int, colour: Colour, radius: int) -> None:
    """Fill a rectangle with round corners."""
    paste(picture, canvas(w, h, colour), x, y, radius)


def paste(picture: Picture, part: Picture, x: int, y: int, radius: int = 0) -> None:
    """Copy a part onto a picture, with round corners, cropped at the picture's edges."""
    height, width = part.shape[:2]
    top, left = max(0, -y), max(0, -x)
    room = picture[max(0, y) : y + height, max(0, x) : x + width]
    bottom, right = top + room.shape[0], left + room.shape[1]
    mask = _round_mask(width, height, radius)[top:bottom, left:right, np.newaxis]
    room[:] = np.rint(part[top:bottom, left:right] * mask + room * (1 - mask))


def outline(
    picture: Picture, x: int, y: int, w: int, h: int, colour: Colour, thickness: int
) -> None:
    """Draw a frame with a dark rim, so that it is visible on paper and on ink."""
    for shade, line in ((NIGHT, thickness + max(2, thickness // 2)), (colour, thickness)):
        cv2.rectangle(picture, (x, y, w, h), color=shade, thickness=line, lineType=cv2.LINE_AA)


def jpeg(picture: Picture) -> bytes:
    """Return a JPEG file, for photos; one beyond RATIO_MAX gets borders."""
    height, width = picture.shape[:2]
    x, y = (max(0, -(-max(height, width) // RATIO_MAX) - side) for side in (width, height))
    sides = y // 2, y - y // 2, x // 2, x - x // 2
    picture = np.asarray(cv2.copyMakeBorder(picture, *sides, cv2.BORDER_CONSTANT, value=NIGHT))
    return _encoded(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])


def png(picture: Picture) -> bytes:
    """Return a PNG file, for drawings."""
    return _encoded(".png", picture, [])


def _encoded(ending: str, picture: Picture, options: list[int]) -> bytes:
    done, data = cv2.imencode(ending, picture, options)
    if not done:
        raise RuntimeError(f"OpenCV wrote no {ending}")
    return bytes(data)


def _round_mask(width: int, height: int, radius: int) -> NDArray[np.float32]:
    """Return an antialiased mask of a rectangle with round corners: 1 inside, 0 outside."""
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
