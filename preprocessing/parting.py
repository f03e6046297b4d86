"""A digit of a page -> the ways to part it into two or three that touch.

Few digits are ever in such doubt, so the ways are looked for only when asked.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.boxes import Box
from preprocessing.glyph import INK_LEVEL, to_mnist
from preprocessing.joining import Choice
from preprocessing.page import Page
from preprocessing.touching import cuts

CUT_HEIGHT = 48  # px, height of the picture in which cuts are looked for


def parted(page: Page, index: int) -> list[Choice]:
    """Ways to part the digit of that index; none where it is narrow or the whole picture."""
    if index >= len(page.softs):
        return []
    soft = page.softs[index]
    shrink = max(1.0, len(soft) / CUT_HEIGHT)
    size = max(1, round(soft.shape[1] / shrink)), max(1, round(soft.shape[0] / shrink))
    small = np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), np.uint8)
    choices = []
    for parts in cuts(small > 255 * INK_LEVEL):
        glyphs = [to_mnist(np.where(part, small, 0).astype(np.uint8)) for part in parts]
        boxes = tuple(_place(page, index, part) for part in parts)
        choices.append(Choice(index, 1, boxes, np.array(glyphs, np.float32)))
    return choices


def _place(page: Page, index: int, part: NDArray[np.bool_]) -> Box:
    """Where part of a digit lies, in px of the upright original."""
    sizes = (page.width, page.height), (page.height, page.width)
    whole = page.boxes[index].turned(page.turns, *sizes[0])
    x, y, w, h = cv2.boundingRect(part.astype(np.uint8))
    down, across = (side / size for side, size in zip((whole.h, whole.w), part.shape, strict=True))
    left, top = whole.x + round(x * across), whole.y + round(y * down)
    box = Box(left, top, max(1, round(w * across)), max(1, round(h * down)))
    return box.turned(-page.turns, *sizes[page.turns % 2])
