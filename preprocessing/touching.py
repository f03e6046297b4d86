"""Digits' pieces -> the other ways to part or join them, for a network to choose from.

No shape tells two touching digits from one wide digit, nor a broken digit from two near ones,
as surely as reading both ways does (recognition-driven segmentation; Casey and Lecolinet, "A
survey of methods and strategies in character segmentation", 1996, section 3).
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from preprocessing.parts import parts_of
from preprocessing.pieces import Piece

WIDE = 0.9  # width over height: wider pieces may be two digits that touch
NARROW = 0.62  # the same, where they touch in a single place:
COLUMN_MAX = 1.6  # stroke widths of ink in some column between them
RING = 0.65  # of the width: a wider hole is that of a 0, 6, 8 or 9
VERY_WIDE = 1.5  # width over height: wider pieces may be three
MIDDLES = {2: ((0.38,), (0.5,), (0.62,)), 3: ((0.33, 0.67),)}  # of the width: where cuts start
STRAY = 0.12  # of the width: how far a cut may wander from there to cross less ink
INK_COST = 10.0  # steps aside that a cut makes rather than cross one more pixel of ink
CUT_HEIGHT = 48  # px, height of the picture in which cuts are looked for
NEAR = 1.5  # stroke widths between the boxes of pieces that may be one broken digit
JOINED_TALL = 1.5  # times the taller one: two pieces of one digit are together no taller
JOINED_WIDE = 1.0  # width over height of what two such pieces make together

Mask = NDArray[np.bool_]


def cuts(own: Mask, stroke: float) -> Iterator[list[Mask]]:
    """Ways to part the mask of one wide piece into two or three, from left to right.

    It is looked at pixel by pixel: a mask of CUT_HEIGHT and its stroke width, in px, will do.
    """
    height, width = own.shape
    if width < WIDE * height:
        # Columns are a coarse look, but a hundred times as quick as the best way down.
        between = np.s_[round(0.3 * width) : round(0.7 * width) + 1]
        if width < NARROW * height or own[:, between].sum(axis=0).min() > COLUMN_MAX * stroke:
            return
    # With paper all around, what is outside is one part as wide as the picture.
    paper = np.pad(~own, 1, constant_values=True).view(np.uint8)
    widths = sorted(part.w for part in parts_of(paper))[:-1]
    if widths and widths[-1] > RING * width:
        return
    for parts, ways in MIDDLES.items():
        if parts == 3 and width < VERY_WIDE * height:
            continue
        seams = _seams(own, [round(middle * width) for middles in ways for middle in middles])
        for way in range(len(ways)):
            sides = np.s_[way * (parts - 1) : (way + 1) * (parts - 1)]
            columns = np.arange(width)
            left = [columns[None, :] < seam[:, None] for seam in seams[sides]]
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


def _seams(own: Mask, middles: list[int]) -> NDArray[np.int64]:
    """For each middle the column, for every row, of the way down that crosses least ink."""
    height, width = own.shape
    stray = max(1, min(round(STRAY * width), *middles, *(width - 1 - m for m in middles)))
    window = np.arange(-stray, stray + 1)[None, :] + np.array(middles)[:, None]
    cost = own[:, window.clip(0, width - 1)] * INK_COST
    total = np.full((height, len(middles), window.shape[1] + 2), np.inf)
    total[0, :, 1:-1] = cost[0]
    for row in range(1, height):
        above = total[row - 1]
        aside = np.minimum(above[:, :-2], above[:, 2:]) + 1
        total[row, :, 1:-1] = cost[row] + np.minimum(above[:, 1:-1], aside)
    ways = np.arange(len(middles))
    seams = np.empty((len(middles), height), np.int64)
    seams[:, -1] = np.argmin(total[-1], axis=1)
    for row in range(height - 2, -1, -1):
        at = seams[:, row + 1]
        steps = [total[row, ways, at + step] + abs(step) for step in (-1, 0, 1)]
        seams[:, row] = at + np.argmin(steps, axis=0) - 1
    columns = seams - 1 - stray + np.array(middles)[:, None]
    return np.asarray(columns.clip(0, width - 1), np.int64)
