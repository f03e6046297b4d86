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
from preprocessing.piece import Piece

NARROW = 0.6  # width over height: no narrower pair was among 200 that touch
VERY_WIDE = 1.5  # the same: wider pieces may be three
WAYS = tuple((middle / 100,) for middle in range(20, 81, 5))  # of the width: where cuts start
WAYS_OF_THREE = ((0.33, 0.67),)
STRAYS = (0.04, 0.08, 0.12)  # of the width: how far a cut may wander from there to cross less ink
INK_COST = 10.0  # steps aside that a cut makes rather than cross one more pixel of ink
RING = 0.65  # of the width: a wider hole is that of a 0, 6, 8 or 9
PLACES_MAX = 2  # where two digits touch: a B and a split stem's loops are crossed more often
NECK_MAX = 0.5  # of the height: a cut that crosses more ink splits a stem along its length
TALL_MIN = 0.65  # of the height: digits side by side are about as tall, flags are not
NEAR = 1.5  # stroke widths between the boxes of pieces that may be one broken digit
JOINED_TALL = 1.5  # times the taller one: two pieces of one digit are together no taller
JOINED_WIDE = 1.0  # width over height of what two such pieces make together

Mask = NDArray[np.bool_]


def cuts(own: Mask) -> Iterator[list[Mask]]:
    """Ways to part the mask of one piece into two or three, from left to right.

    It is looked at pixel by pixel: a mask some 50 px high will do.
    """
    height, width = own.shape
    if width < NARROW * height or _is_ring(own):
        return
    rows, columns = np.arange(height), np.arange(width)
    known: set[bytes] = set()
    for sides in _ways(own):
        left = [columns[None, :] < seam[:, None] for seam in sides]
        edges = [np.zeros_like(own), *left, np.ones_like(own)]
        parts = [own & b & ~a for a, b in pairwise(edges)]
        tall = min(part.any(axis=1).sum() for part in parts) >= TALL_MIN * height
        touching = all(_is_touch(own[rows, seam]) for seam in sides)
        # All of them: a way into three may begin like one into two.
        key = b"".join(part.tobytes() for part in parts)
        if tall and touching and key not in known:
            known.add(key)
            yield parts


def _is_ring(own: Mask) -> bool:
    """Whether a piece is a loop around most of its width."""
    # With paper all around, what is outside is one part as wide as the picture.
    paper = np.pad(~own, 1, constant_values=True).view(np.uint8)
    return any(RING * own.shape[1] < part.w < own.shape[1] for part in parts_of(paper))


def _is_touch(crossed: Mask) -> bool:
    """Whether what a cut crosses from top to bottom may be where two digits touch."""
    places = int(np.count_nonzero(np.diff(crossed, prepend=False) & crossed))
    return places <= PLACES_MAX and int(np.count_nonzero(crossed)) <= NECK_MAX * len(crossed)


def may_be_one(a: Piece, b: Piece) -> bool:
    """Whether two neighbours in a line may be one digit whose stroke broke."""
    stroke = NEAR * max(a.stroke, b.stroke)
    x, y = min(a.x, b.x), min(a.y, b.y)
    width, height = max(a.x + a.w, b.x + b.w) - x, max(a.y + a.h, b.y + b.h) - y
    near = a.w + b.w + stroke >= width and a.h + b.h + stroke >= height
    return near and width <= JOINED_WIDE * height and height <= JOINED_TALL * max(a.h, b.h)


def _ways(own: Mask) -> Iterator[list[NDArray[np.int64]]]:
    """The cuts of each way: narrow bands find digits close together, wide ones lean more."""
    height, width = own.shape
    ways = WAYS + (WAYS_OF_THREE if width >= VERY_WIDE * height else ())
    middles = [round(middle * width) for way in ways for middle in way]
    for stray in STRAYS:
        seams = iter(_seams(own, middles, max(1, round(stray * width))))
        yield from ([next(seams) for _ in way] for way in ways)


def _seams(own: Mask, middles: list[int], stray: int) -> NDArray[np.int64]:
    """For each middle the column, for every row, of the way down that crosses least ink."""
    height, width = own.shape
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
