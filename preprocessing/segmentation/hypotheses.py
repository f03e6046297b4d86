"""Digits' pieces -> the other ways to part or join them, for a network to choose from.

No shape tells two touching digits from one wide digit, nor a broken digit from two near ones,
as surely as reading both ways does (recognition-driven segmentation; Casey and Lecolinet, "A
survey of methods and strategies in character segmentation", 1996, section 3).
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask
from preprocessing.components import Region, connected_components
from preprocessing.glyph import INK_LEVEL, to_mnist
from preprocessing.page import Box, Page
from preprocessing.segmentation.grouping import merge_regions

NARROW = 0.6  # width over height: no narrower pair was among 200 that touch
VERY_WIDE = 1.5  # the same: wider pieces may be three
CUT_POSITIONS = tuple(
    (middle / 100,) for middle in range(20, 81, 5)
)  # of the width: where cuts start
TRIPLE_CUT_POSITIONS = ((0.33, 0.67),)
SEAM_STRAYS = (
    0.04,
    0.08,
    0.12,
)  # of the width: how far a cut may wander from there to cross less ink
INK_COST = 10.0  # steps aside that a cut makes rather than cross one more pixel of ink
RING_WIDTH = 0.65  # of the width: a wider hole is that of a 0, 6, 8 or 9
PLACES_MAX = 2  # where two digits touch: a B and a split stem's loops are crossed more often
NECK_MAX = 0.5  # of the height: a cut that crosses more ink splits a stem along its length
TALL_MIN = 0.65  # of the height: digits side by side are about as tall, flags are not
MERGE_GAP = 1.5  # stroke widths between the boxes of pieces that may be one broken digit
JOINED_TALL = 1.5  # times the taller one: two pieces of one digit are together no taller
JOINED_WIDE = 1.0  # width over height of what two such pieces make together
CUT_HEIGHT = 48  # px, height of the picture in which cuts are looked for


class Hypothesis(NamedTuple):
    """Another way to see some neighbours in the reading order: parted or joined."""

    first: int  # index of the first of them
    replaces: int  # how many they are
    boxes: tuple[Box, ...]  # pixels of the upright original
    glyphs: NDArray[np.float32]  # (n, 28, 28), ink 1 on 0


def merge_hypotheses(page: Page, first: int) -> list[Hypothesis]:
    """The digit of that index and the next one as one, where their pieces may be one digit."""
    if not 0 <= first < len(page.regions) - 1:
        return []
    pair = page.regions[first : first + 2]
    if not mergeable(*pair):
        return []
    both = merge_regions(*pair)
    soft = np.zeros((both.h + 2, both.w + 2), np.uint8)
    for piece, own in zip(pair, page.crops[first : first + 2], strict=True):
        place = soft[piece.y - both.y :, piece.x - both.x :][: own.shape[0], : own.shape[1]]
        place[:] = np.maximum(place, own * (piece.contrast / both.contrast))
    box = _bounding_box(*page.boxes[first : first + 2])
    return [Hypothesis(first, 2, (box,), to_mnist(soft)[np.newaxis])]


def _bounding_box(a: Box, b: Box) -> Box:
    """The smallest box around two."""
    x, y = min(a.x, b.x), min(a.y, b.y)
    return Box(x, y, max(a.x + a.w, b.x + b.w) - x, max(a.y + a.h, b.y + b.h) - y)


def seam_cuts(own: BoolMask) -> Iterator[list[BoolMask]]:
    """Ways to part the mask of one piece into two or three, from left to right.

    It is looked at pixel by pixel: a mask some 50 px high will do.
    """
    height, width = own.shape
    if width < NARROW * height or _is_ring(own):
        return
    rows, columns = np.arange(height), np.arange(width)
    known: set[bytes] = set()
    for sides in _seam_groups(own):
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


def _is_ring(own: BoolMask) -> bool:
    """Whether a piece is a loop around most of its width."""
    # With paper all around, what is outside is one part as wide as the picture.
    paper = np.pad(~own, 1, constant_values=True).view(np.uint8)
    return any(
        RING_WIDTH * own.shape[1] < part.w < own.shape[1] for part in connected_components(paper)
    )


def _is_touch(crossed: BoolMask) -> bool:
    """Whether what a cut crosses from top to bottom may be where two digits touch."""
    places = int(np.count_nonzero(np.diff(crossed, prepend=False) & crossed))
    return places <= PLACES_MAX and int(np.count_nonzero(crossed)) <= NECK_MAX * len(crossed)


def mergeable(a: Region, b: Region) -> bool:
    """Whether two neighbours in a line may be one digit whose stroke broke."""
    stroke = MERGE_GAP * max(a.stroke, b.stroke)
    x, y = min(a.x, b.x), min(a.y, b.y)
    width, height = max(a.x + a.w, b.x + b.w) - x, max(a.y + a.h, b.y + b.h) - y
    near = a.w + b.w + stroke >= width and a.h + b.h + stroke >= height
    return near and width <= JOINED_WIDE * height and height <= JOINED_TALL * max(a.h, b.h)


def _seam_groups(own: BoolMask) -> Iterator[list[NDArray[np.int64]]]:
    """The cuts of each way: narrow bands find digits close together, wide ones lean more."""
    height, width = own.shape
    ways = CUT_POSITIONS + (TRIPLE_CUT_POSITIONS if width >= VERY_WIDE * height else ())
    middles = [round(middle * width) for way in ways for middle in way]
    for stray in SEAM_STRAYS:
        seams = iter(_seam_paths(own, middles, max(1, round(stray * width))))
        yield from ([next(seams) for _ in way] for way in ways)


def _seam_paths(own: BoolMask, middles: list[int], stray: int) -> NDArray[np.int64]:
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


def split_hypotheses(page: Page, index: int) -> list[Hypothesis]:
    """Ways to part the digit of that index; none where it is narrow or the whole picture."""
    if index >= len(page.crops):
        return []
    soft = page.crops[index]
    shrink = max(1.0, len(soft) / CUT_HEIGHT)
    size = max(1, round(soft.shape[1] / shrink)), max(1, round(soft.shape[0] / shrink))
    small = np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), np.uint8)
    choices = []
    for parts in seam_cuts(small > 255 * INK_LEVEL):
        glyphs = [to_mnist(np.where(part, small, 0).astype(np.uint8)) for part in parts]
        boxes = tuple(_part_box(page, index, part) for part in parts)
        choices.append(Hypothesis(index, 1, boxes, np.array(glyphs, np.float32)))
    return choices


def _part_box(page: Page, index: int, part: NDArray[np.bool_]) -> Box:
    """Where part of a digit lies, in px of the upright original."""
    sizes = (page.width, page.height), (page.height, page.width)
    whole = page.boxes[index].turned(page.turns, *sizes[0])
    x, y, w, h = cv2.boundingRect(part.astype(np.uint8))
    down, across = (side / size for side, size in zip((whole.h, whole.w), part.shape, strict=True))
    left, top = whole.x + round(x * across), whole.y + round(y * down)
    box = Box(left, top, max(1, round(w * across)), max(1, round(h * down)))
    return box.turned(-page.turns, *sizes[page.turns % 2])
