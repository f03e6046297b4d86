"""Pieces of ink that may be several touching digits -> a lattice of the ways to cut each.

No shape tells touching digits from one wide digit as surely as reading both does. So a piece is
cut into more parts than it has digits, every run of parts that may be a digit becomes a glyph,
and the likeliest path from the piece's left side to its right is the reading (Casey and Lecolinet,
"A survey of methods and strategies in character segmentation", 1996, section 3; LeCun et al.,
"Gradient-based learning applied to document recognition", 1998, section V).
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask
from preprocessing.glyph import INK_LEVEL, stroke_width, to_mnist
from preprocessing.page import Box, Page

PAIR_WIDTH_MIN = 0.6  # width over height: no narrower piece was among 200 touching pairs
CUT_HEIGHT = 48  # px: height of the mask in which cuts are looked for
CUT_STEP = 0.08  # of the height: distance of the columns along which cuts are looked for
COLUMNS_MAX = 26  # such columns in a piece: in wider ones they are further apart
CUT_REACH = 0.02, 0.1  # of the height: how far a cut may leave its column to cross less ink
INK_COST = 10.0  # steps to the side that a cut makes rather than cross one more pixel of ink
CROSSINGS_MAX = 2  # strokes that a cut may cross
CROSSED_MAX = 0.75  # of the height: a cut through more ink splits a stem along its length
DISTINCT_AREA = 0.5  # squares of the stroke width: ink between two cuts that are not the same
DIGIT_WIDTHS = 0.15, 1.2  # width over height of a digit between two cuts
TALL_MIN = 0.65  # of the piece's height: touching digits are about as tall as each other
SHARED_WIDTH = 1.5  # stroke widths: so far two touching digits may overlap

Cuts = NDArray[np.int64]  # (n, height): for each row the first column to the right of each cut


class Segment(NamedTuple):
    """Ink between two cuts, read as one digit."""

    start: int  # number of the cut before it
    end: int  # number of the cut after it
    box: Box  # px of the upright original
    crop: NDArray[np.uint8]  # its soft ink, 255 where fully inked

    @property
    def glyph(self) -> NDArray[np.float32]:
        """The (28, 28) glyph, ink 1 on 0: made where it is read, since most are not."""
        return to_mnist(self.crop)


class Lattice(NamedTuple):
    """All ways to cut one piece of ink; the piece's sides are its first and its last cut."""

    piece: int  # its index in the reading order
    segments: tuple[Segment, ...]
    overlaps: tuple[int, ...]  # for each cut the last one where the digit before it may end


def lattices(page: Page, doubtful: Collection[int]) -> list[Lattice]:
    """The ways to cut those of a page's pieces that have these indices, if there are any."""
    pieces = (index for index in range(len(page.crops)) if index in doubtful)
    found = (_lattice(page, index) for index in pieces)
    return [lattice for lattice in found if lattice.segments]


def _lattice(page: Page, index: int) -> Lattice:
    soft = page.crops[index]
    shrink = max(1.0, len(soft) / CUT_HEIGHT)
    size = max(1, round(soft.shape[1] / shrink)), max(1, round(soft.shape[0] / shrink))
    small = np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), np.uint8)
    own = small > 255 * INK_LEVEL
    stroke = stroke_width(own.view(np.uint8) * 255)
    cuts = find_cuts(own, stroke)
    segments = tuple(
        Segment(start, end, _part_box(page, index, part), small * part)
        for start, end, part in fragments(own, cuts)
    )
    return Lattice(index, segments, overlaps(cuts, SHARED_WIDTH * stroke))


def find_cuts(own: BoolMask, stroke: float) -> Cuts:
    """Where the mask of a piece may be cut, from left to right, its two sides included.

    Along every column the seam of least ink is looked for, close to the column, where two strokes
    touch along their length, and further from it. Of seams with nearly the same ink on their left
    the one that crosses least of it is kept.
    """
    height, width = own.shape
    step = max(CUT_STEP * height, width / COLUMNS_MAX)
    middles = [round(middle) for middle in np.arange(step, width - step / 2, step)]
    inner: list[NDArray[np.int64]] = []
    if width >= PAIR_WIDTH_MIN * height and middles:
        seams = _seams(own, middles, [max(1, round(reach * height)) for reach in CUT_REACH])
        crossed = own[np.arange(height), seams]
        lefts = own & (np.arange(width) < seams[:, :, None])
        kept: list[int] = []
        for index in np.argsort(crossed.sum(axis=1), kind="stable"):
            between = np.count_nonzero(lefts[kept] ^ lefts[index], axis=(1, 2))
            if _is_touch(crossed[index]) and np.all(between > DISTINCT_AREA * stroke**2):
                kept.append(int(index))
        inner = sorted(seams[kept], key=lambda seam: float(seam.mean()))
    return np.array([np.zeros(height), *inner, np.full(height, width)], np.int64)


def _is_touch(crossed: BoolMask) -> bool:
    """Whether two digits may touch where a cut, from top to bottom, crosses ink."""
    strokes = int(np.count_nonzero(np.diff(crossed, prepend=False) & crossed))
    return strokes <= CROSSINGS_MAX and int(np.count_nonzero(crossed)) <= CROSSED_MAX * len(
        crossed
    )


def fragments(own: BoolMask, cuts: Cuts) -> Iterator[tuple[int, int, BoolMask]]:
    """The parts of a piece's mask that may be digits: cut before, cut after, and part."""
    height, width = own.shape
    right_of = np.arange(width) >= cuts[:, :, None]
    places = cuts.mean(axis=1) / height
    last = len(cuts) - 1
    for start in range(last):
        for end in range(start + 1, last + 1):
            is_whole = start == 0 and end == last
            if is_whole or not DIGIT_WIDTHS[0] <= places[end] - places[start] <= DIGIT_WIDTHS[1]:
                continue
            part = own & right_of[start] & ~right_of[end]
            if np.count_nonzero(part.any(axis=1)) >= TALL_MIN * height:
                yield start, end, part


def overlaps(cuts: Cuts, shared: float) -> tuple[int, ...]:
    """For each cut the last one where the digit before it may end: at most `shared` px further.

    Only behind the piece's right side no digit begins, and before its left side none ends.
    """
    places, last = cuts.mean(axis=1), len(cuts) - 1
    ends = np.searchsorted(places[:last], places[:last] + shared, side="right") - 1
    return 0, *(int(end) for end in ends[1:]), last


def _seams(own: BoolMask, middles: list[int], reaches: list[int]) -> NDArray[np.int64]:
    """For each reach, and each column, the seam of least cost at most so many px from the column.

    Returns (reaches * columns, height): for each row, from the top, the seam's column.
    """
    height, width = own.shape
    aside = np.arange(-max(reaches), max(reaches) + 1)
    columns = np.tile(middles, len(reaches))
    cost = own[:, (aside + columns[:, None]).clip(0, width - 1)] * INK_COST
    cost[:, np.abs(aside) > np.repeat(reaches, len(middles))[:, None]] = np.inf
    total = np.full((height, len(columns), len(aside) + 2), np.inf)
    total[0, :, 1:-1] = cost[0]
    for row in range(1, height):
        above = total[row - 1]
        moved = np.minimum(above[:, :-2], above[:, 2:]) + 1
        total[row, :, 1:-1] = cost[row] + np.minimum(above[:, 1:-1], moved)
    ways, steps = np.arange(len(columns)), np.array([-1, 0, 1])[:, None]
    seams = np.empty((len(columns), height), np.int64)
    seams[:, -1] = np.argmin(total[-1], axis=1)
    for row in range(height - 2, -1, -1):
        at = seams[:, row + 1]
        seams[:, row] = at + np.argmin(total[row, ways, at + steps] + abs(steps), axis=0) - 1
    return np.asarray((seams - 1 + aside[0] + columns[:, None]).clip(0, width - 1), np.int64)


def _part_box(page: Page, index: int, part: BoolMask) -> Box:
    """Where part of a piece lies, in px of the upright original."""
    sizes = (page.width, page.height), (page.height, page.width)
    whole = page.boxes[index].turned(page.turns, *sizes[0])
    x, y, w, h = cv2.boundingRect(part.astype(np.uint8))
    down, across = (side / size for side, size in zip((whole.h, whole.w), part.shape, strict=True))
    left, top = whole.x + round(x * across), whole.y + round(y * down)
    box = Box(left, top, max(1, round(w * across)), max(1, round(h * down)))
    return box.turned(-page.turns, *sizes[page.turns % 2])
