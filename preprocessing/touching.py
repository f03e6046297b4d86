"""Digits' pieces -> the other ways to part or join them, for a network to choose from.

No shape tells two touching digits from one wide digit, nor a broken digit from two near ones,
as surely as reading both ways does (recognition-driven segmentation; Casey and Lecolinet, "A
survey of methods and strategies in character segmentation", 1996, section 3).
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from preprocessing.pieces import Piece

WIDE = 0.9  # width over height: wider pieces may be two digits that touch
VERY_WIDE = 1.5  # width over height: wider pieces may be three
MIDDLES = {2: ((0.38,), (0.5,), (0.62,)), 3: ((0.33, 0.67),)}  # of the width: where cuts start
STRAY = 0.12  # of the width: how far a cut may wander from there to cross less ink
SEAM_HEIGHT = 40  # px, about the height of the picture in which a cut is looked for
INK_COST = 10.0  # steps aside that a cut makes rather than cross one more pixel of ink
NEAR = 1.5  # stroke widths between the boxes of pieces that may be one broken digit
JOINED_TALL = 1.5  # times the taller one: two pieces of one digit are together no taller
JOINED_WIDE = 1.0  # width over height of what two such pieces make together

Mask = NDArray[np.bool_]


def cuts(own: Mask) -> Iterator[list[Mask]]:
    """Ways to part the mask of one wide piece into two or three, from left to right."""
    height, width = own.shape
    for parts, ways in MIDDLES.items():
        if width < (WIDE if parts == 2 else VERY_WIDE) * height:
            continue
        for middles in ways:
            sides = [_seam(own, round(middle * width)) for middle in middles]
            columns = np.arange(width)
            left = [columns[None, :] < seam[:, None] for seam in sides]
            edges = [np.zeros_like(own), *left, np.ones_like(own)]
            pieces = [own & b & ~a for a, b in pairwise(edges)]
            if all(piece.any() for piece in pieces):
                yield pieces


def may_be_one(a: Piece, b: Piece) -> bool:
    """Whether two neighbours in a line may be one digit whose stroke broke."""
    stroke = NEAR * max(a.stroke, b.stroke)
    x, y = min(a.x, b.x), min(a.y, b.y)
    width, height = max(a.x + a.w, b.x + b.w) - x, max(a.y + a.h, b.y + b.h) - y
    near = a.w + b.w + stroke >= width and a.h + b.h + stroke >= height
    return near and width <= JOINED_WIDE * height and height <= JOINED_TALL * max(a.h, b.h)


def _seam(own: Mask, middle: int) -> NDArray[np.int64]:
    """The column, for every row, of the way down that crosses least ink."""
    shrink = max(1, round(len(own) / SEAM_HEIGHT))
    if shrink > 1:
        seam = _seam(own[::shrink, ::shrink], round(middle / shrink))
        return np.repeat(seam * shrink, shrink)[: len(own)]
    height, width = own.shape
    stray = max(2, round(STRAY * width))
    first, last = max(0, middle - stray), min(width, middle + stray + 1)
    cost = own[:, first:last] * INK_COST
    total = np.full((height, last - first + 2), np.inf)
    total[0, 1:-1] = cost[0]
    for row in range(1, height):
        above = total[row - 1]
        aside = np.minimum(above[:-2], above[2:]) + 1
        total[row, 1:-1] = cost[row] + np.minimum(above[1:-1], aside)
    seam = np.empty(height, np.int64)
    seam[-1] = np.argmin(total[-1])
    for row in range(height - 2, -1, -1):
        at = seam[row + 1]
        steps = total[row, at - 1 : at + 2] + (1, 0, 1)
        seam[row] = at - 1 + np.argmin(steps)
    return np.asarray(seam - 1 + first, np.int64)
