"""Pieces of ink -> those that are ruling: lines, squares of graph paper, frames of forms.

Long straight strokes alone prove nothing: a 1, a 4 and a 7 have them. A connected piece of ink
is taken for ruling if it runs from edge to edge of the picture, has other pieces inside, or is
a level bar beside other ink.
"""

import numpy as np
from numpy.typing import NDArray

from preprocessing.parts import Part, pixels_of

LINE_MIN = 0.45  # of the picture's width (height): shorter straight runs are strokes
LINE_MIN_DIGITS = 1.4  # times the height of the ink inside a frame: the same, where it is known
SIZE_MIN = 0.3  # of the picture: smaller pieces are no frames
INSIDE_MIN = 0.2  # of the frame's height: specks inside prove nothing
INSIDE_TALL = 0.5  # of the same: one as tall needs no ink on each side, as in a comb of boxes
OTHER_MIN = 0.05  # of the short side: smaller pieces prove nothing
BAR_MAX = 0.1  # height of a level bar over its length
EDGE_SHARE = 0.03  # of the short side: nearer to the picture's edge means touching it

Mask = NDArray[np.uint8]


def ruling_of(mask: Mask, parts: list[Part]) -> tuple[Mask, float]:
    """The pieces of a mask that are ruling, and from what length on their runs are lines, px."""
    height, width = mask.shape
    large = [p for p in parts if max(p.w / width, p.h / height) >= SIZE_MIN]
    counted = [p for p in parts if max(p.w, p.h) >= OTHER_MIN * min(mask.shape)]
    digit, ruling = float(max(mask.shape)), []
    for part in large:
        inside = [p.h for p in counted if p != part and _inside(p, part, mask)]
        if inside:
            digit = min(digit, LINE_MIN_DIGITS * float(np.median(inside)))
        bar = part.w >= LINE_MIN * width and part.h <= BAR_MAX * part.w and len(counted) > 1
        if inside or bar or _spans(part, mask.shape, alone=len(counted) == 1):
            ruling.append(part)
    if not ruling:
        return np.zeros_like(mask), digit
    return pixels_of(mask, ruling).view(np.uint8), digit


def _inside(part: Part, frame: Part, mask: Mask) -> bool:
    """Whether a frame holds a piece; a low one, as a bit of a 5, only with ink on all sides."""
    across = frame.x < part.x and part.x + part.w < frame.x + frame.w
    down = frame.y < part.y + part.h / 2 < frame.y + frame.h
    if not (across and down and INSIDE_MIN * frame.h < part.h):
        return False
    right, bottom = part.x + part.w, part.y + part.h
    rows, columns = slice(part.y, bottom), slice(part.x, right)
    sides = (
        mask[rows, frame.x : part.x],
        mask[rows, right : frame.x + frame.w],
        mask[frame.y : part.y, columns],
        mask[bottom : frame.y + frame.h, columns],
    )
    return part.h >= INSIDE_TALL * frame.h or all(side.any() for side in sides)


def _spans(part: Part, shape: tuple[int, ...], *, alone: bool) -> bool:
    """Whether a piece reaches two opposite edges; one alone and upright may be a digit."""
    height, width = shape
    edge = max(1.0, EDGE_SHARE * min(shape))
    across = part.x <= edge and part.x + part.w >= width - edge
    down = part.y <= edge and part.y + part.h >= height - edge
    return across or (down and not alone)
