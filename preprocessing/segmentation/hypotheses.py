"""Regions that may be several touching digits -> a lattice of the ways to cut each.

No shape tells touching digits from one wide digit as surely as reading both does. So a region is
cut into more parts than it has digits, every run of parts that may be a digit becomes a glyph,
and the likeliest path from the region's left side to its right is the reading (Casey and
Lecolinet, "A survey of methods and strategies in character segmentation", 1996, section 3; LeCun
et al., "Gradient-based learning applied to document recognition", 1998, section V).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask, Gray
from preprocessing.components import MARK_MAX, lies_above, overlap
from preprocessing.glyph import INK_LEVEL, stroke_width, to_mnist
from preprocessing.page import Box, Page

PAIR_WIDTH_MIN = 0.6  # width over height: no narrower region was among 200 touching pairs
CUT_HEIGHT = 48  # px: height of the mask in which cuts are looked for
CUT_STEP = 0.05  # of the height: distance of the columns along which cuts are looked for
COLUMNS_MAX = 80  # such columns in a region: in wider ones they are further apart
CUT_REACH = 0.02, 0.1  # of the height: how far a cut may leave its column to cross less ink
INK_COST = 10.0  # steps to the side that a cut makes rather than cross one more pixel of ink
CROSSINGS_MAX = 2  # strokes that a cut may cross
CROSSED_MAX = 0.75  # of the height: a cut through more ink splits a stem along its length
DIGIT_WIDTHS = 0.15, 1.2  # width over height of a digit between two cuts
TALL_MIN = 0.65  # of the region's height: touching digits are about as tall as each other
SHARED_WIDTH = 2.0  # stroke widths: so far two touching digits may overlap

Cut = NDArray[np.int64]  # (height,): for each row the first column to the right of a cut
Cuts = NDArray[np.int64]  # (n, height): several


class Segment(NamedTuple):
    """Ink between two cuts, read as one digit."""

    start: int  # number of the cut before it
    end: int  # number of the cut after it
    page: Page
    row: range  # of the page's regions of which it is part
    soft: Gray  # the soft ink of the row, 255 where fully inked
    own: BoolMask  # where it has ink
    left: Cut  # the cuts before and after it
    right: Cut

    # Made where a segment is read, since most are not.

    @property
    def part(self) -> BoolMask:
        """Which of the row's ink is this segment's."""
        return ink_between(self.own, self.left, self.right)

    @property
    def box(self) -> Box:
        """Where it lies, in px of the upright original."""
        return _part_box(self.page, self.row, self.part)

    @property
    def glyph(self) -> NDArray[np.float32]:
        """The (28, 28) glyph, ink 1 on 0."""
        return to_mnist(self.soft * self.part)


class Lattice(NamedTuple):
    """All ways to cut a row of regions; its sides are its first and its last cut."""

    segments: tuple[Segment, ...]
    overlaps: tuple[int, ...]  # for each cut the last one where the digit before it may end
    begins: tuple[int, ...]  # cuts that a path may begin at: only a mark is on their left
    ends: tuple[int, ...]  # cuts that it may end at


def lattice_of(page: Page, row: range) -> Lattice | None:
    """The ways to cut a row of a page's regions; None where there is none."""
    if not page.crops:
        return None
    soft = _joined(page, row)
    shrink = max(1.0, len(soft) / CUT_HEIGHT)
    size = max(1, round(soft.shape[1] / shrink)), max(1, round(soft.shape[0] / shrink))
    small = np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), np.uint8)
    own = small > 255 * INK_LEVEL
    stroke = stroke_width(own.view(np.uint8) * 255)
    cuts = find_cuts(own, stroke)
    segments = tuple(
        Segment(start, end, page, row, small, own, cuts[start], cuts[end])
        for start, end in fragments(own, cuts)
    )
    if not segments:
        return None
    follow = overlaps(cuts, SHARED_WIDTH * stroke)
    return Lattice(segments, follow, *beyond_marks(own, cuts))


def rows_around(page: Page, indices: Sequence[int], gap: float) -> list[range]:
    """Rows of regions: those with these indices, in order, and their neighbours in the line.

    A neighbour is less than `gap` stroke widths away from left to right, and overlaps in height;
    what has none is left out.
    """
    rows: list[range] = []
    for index in indices if page.crops else ():
        start = index - (index > 0 and _are_near(page, index - 1, gap))
        end = index + 1 + (index + 1 < len(page.crops) and _are_near(page, index, gap))
        if rows and start < rows[-1].stop:
            start = rows.pop().start
        rows.append(range(start, end))
    return [row for row in rows if len(row) > 1]


def broken_pairs(page: Page) -> list[tuple[int, Segment]]:
    """Neighbours of a line, one above the other, and their ink as one digit that broke.

    Returns the index of the first of each pair, and both as a segment.
    """
    pairs = []
    for index, (a, b) in enumerate(pairwise(page.regions)):
        if lies_above(a, b) and page.lines[index] == page.lines[index + 1]:
            row = range(index, index + 2)
            soft = _joined(page, row)
            sides = np.zeros(len(soft), np.int64), np.full(len(soft), soft.shape[1])
            pairs.append((index, Segment(0, 1, page, row, soft, soft > 0, *sides)))
    return pairs


def _are_near(page: Page, index: int, gap: float) -> bool:
    a, b = page.regions[index : index + 2]
    across, along = overlap(a, b)
    is_near = across > -gap * max(a.stroke, b.stroke) and along > 0
    return is_near and page.lines[index] == page.lines[index + 1]


def _joined(page: Page, row: range) -> Gray:
    """The soft ink of a row of regions in one crop."""
    if len(row) == 1:
        return page.crops[row[0]]
    regions = [page.regions[index] for index in row]
    left, top = min(region.x for region in regions), min(region.y for region in regions)
    right = max(region.x + region.w for region in regions)
    bottom = max(region.y + region.h for region in regions)
    joined = np.zeros((bottom - top + 2, right - left + 2), np.uint8)  # a pixel of paper around
    for index, region in zip(row, regions, strict=True):
        crop = page.crops[index]
        place = joined[region.y - top :, region.x - left :][: len(crop), : crop.shape[1]]
        np.maximum(place, crop, out=place)
    return joined


def find_cuts(own: BoolMask, stroke: float) -> Cuts:
    """Where the mask of a region may be cut, from left to right, its two sides included.

    Along every column the seam of least ink is looked for, close to the column, where two strokes
    touch along their length, and further from it. Of seams with less ink between them than a
    square of the stroke width the one that crosses least is kept.
    """
    height, width = own.shape
    step = max(CUT_STEP * height, width / COLUMNS_MAX)
    middles = [round(middle) for middle in np.arange(step, width - step / 2, step)]
    inner: list[NDArray[np.int64]] = []
    if width >= PAIR_WIDTH_MIN * height and middles:
        seams = _seams(own, middles, [max(1, round(reach * height)) for reach in CUT_REACH])
        crossed = own[np.arange(height), seams]
        inked = np.count_nonzero(crossed, axis=1)
        strokes = np.count_nonzero(crossed[:, 1:] > crossed[:, :-1], axis=1) + crossed[:, 0]
        touches = (strokes <= CROSSINGS_MAX) & (inked <= CROSSED_MAX * height)
        lefts = _ink_left_of(own, seams)
        kept: list[int] = []
        others = [np.zeros(height), np.count_nonzero(own, axis=1)]  # of the region's sides
        for index in np.argsort(inked, kind="stable"):
            between = np.abs(others - lefts[index]).sum(axis=1)
            if touches[index] and np.all(between > stroke**2):
                kept.append(int(index))
                others.append(lefts[index])
        inner = sorted(seams[kept], key=lambda seam: float(seam.mean()))
    return np.array([np.zeros(height), *inner, np.full(height, width)], np.int64)


def ink_between(own: BoolMask, left: Cut, right: Cut) -> BoolMask:
    """The ink of a mask between two cuts: from the column of one to before that of the other."""
    columns = np.arange(own.shape[1])
    return np.asarray(own & (columns >= left[:, None]) & (columns < right[:, None]), bool)


def _ink_left_of(own: BoolMask, cuts: Cuts) -> NDArray[np.int64]:
    """The number of inked pixels on the left of each cut, in each row: (n, height)."""
    left_of = np.pad(np.cumsum(own, axis=1), ((0, 0), (1, 0)))
    return np.asarray(left_of[np.arange(len(own)), cuts], np.int64)


def fragments(own: BoolMask, cuts: Cuts) -> Iterator[tuple[int, int]]:
    """The parts of a region's mask that may be digits, each by the cuts before and after it."""
    height = len(own)
    lefts = _ink_left_of(own, cuts)
    places = cuts.mean(axis=1) / height
    last = len(cuts) - 1
    for start in range(last):
        tall = np.count_nonzero(lefts > lefts[start], axis=1) >= TALL_MIN * height
        for end in range(start + 1, last + 1):
            is_whole = start == 0 and end == last
            wide = places[end] - places[start]
            if tall[end] and not is_whole and DIGIT_WIDTHS[0] <= wide <= DIGIT_WIDTHS[1]:
                yield start, end


def overlaps(cuts: Cuts, shared: float) -> tuple[int, ...]:
    """For each cut the last one where the digit before it may end: at most `shared` px further.

    Only behind the region's right side no digit begins, and before its left side none ends.
    """
    places, last = cuts.mean(axis=1), len(cuts) - 1
    ends = np.searchsorted(places[:last], places[:last] + shared, side="right") - 1
    return 0, *(int(end) for end in ends[1:]), last


def beyond_marks(own: BoolMask, cuts: Cuts) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The cuts with no ink but a mark's on their left, and those with such on their right.

    A minus before a number, a point or a dash behind it, so near that it was taken for a stroke:
    the cut between crosses no ink. The region's sides are among them.
    """
    height, width = own.shape
    right_of = np.arange(width) >= cuts[:, :, None]
    crossed = own[np.arange(height), cuts.clip(0, width - 1)].any(axis=1)
    marks = (own & ~right_of, own & right_of)
    begins, ends = (
        ~crossed & np.array([_is_dash(mark, height) for mark in side]) for side in marks
    )
    begins[0] = ends[-1] = True
    return tuple(np.flatnonzero(begins).tolist()), tuple(np.flatnonzero(ends).tolist())


def _is_dash(mark: BoolMask, height: int) -> bool:
    """Whether some ink is low beside digits of this height, and wider than high."""
    rows, columns = (int(np.count_nonzero(mark.any(axis=axis))) for axis in (1, 0))
    return rows < min(columns, MARK_MAX * height)


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


def _part_box(page: Page, row: range, part: BoolMask) -> Box:
    """Where part of a row of regions lies, in px of the upright original."""
    sizes = (page.width, page.height), (page.height, page.width)
    boxes = [page.boxes[index].turned(page.turns, *sizes[0]) for index in row]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    wide = max(box.x + box.w for box in boxes) - left
    high = max(box.y + box.h for box in boxes) - top
    x, y, w, h = cv2.boundingRect(part.astype(np.uint8))
    down, across = (side / size for side, size in zip((high, wide), part.shape, strict=True))
    left, top = left + round(x * across), top + round(y * down)
    box = Box(left, top, max(1, round(w * across)), max(1, round(h * down)))
    return box.turned(-page.turns, *sizes[page.turns % 2])
