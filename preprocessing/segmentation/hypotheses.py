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
from preprocessing.line_removal.erase import SLOPE_MAX
from preprocessing.page import Box, Page

PAIR_WIDTH_MIN = 0.6  # width over height: no narrower region was among 200 touching pairs
CUT_HEIGHT = 48  # px: height of the mask in which cuts are looked for
CUT_STEP = 0.05  # of the height: distance of the columns along which cuts are looked for
COLUMNS_MAX = 80  # such columns in a region: in wider ones they are further apart
CUT_REACH = 0.02, 0.1  # of the height: how far a cut may leave its column to cross less ink
INK_COST = 10.0  # steps to the side that a cut makes rather than cross one more pixel of ink
CROSSINGS_MAX = 2  # strokes that a cut may cross
CROSSED_MAX = 0.75  # of the height: a cut through more ink splits a stem along its length
ROW_SLOPES = np.linspace(-SLOPE_MAX, SLOPE_MAX, 17)  # px down for each px along
DIGIT_WIDTHS = 0.15, 1.2  # width over height of a digit between two cuts
TALL_MIN = 0.65  # of the region's height: touching digits are about as tall as each other
SHARED_WIDTH = 2.0  # stroke widths: so far two touching digits may overlap

Cut = NDArray[np.int64]  # (height,): for each row the first column to the right of a cut
Cuts = NDArray[np.int64]  # (n, height): several


class Row(NamedTuple):
    """The ink of regions side by side, its columns moved so that it is lowest."""

    page: Page
    indices: range  # of its regions
    soft: Gray  # the soft ink, 255 where fully inked
    own: BoolMask  # where it has ink
    size: tuple[float, float]  # px, width and height of all regions in the same scale
    slope: float = 0.0  # px down for each px along, as sent
    top: float = 0.0  # px from the regions' top to this picture's in column 0

    def box(self, part: BoolMask) -> Box:
        """Where some of the ink lies, in px of the upright original."""
        page, (wide, high) = self.page, self.size
        sizes = (page.width, page.height), (page.height, page.width)
        boxes = [page.boxes[index].turned(page.turns, *sizes[0]) for index in self.indices]
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        across = (max(box.x + box.w for box in boxes) - left) / wide
        down = (max(box.y + box.h for box in boxes) - top) / high
        columns, above, below = _outline(part)
        moved = self.top + self.slope * columns
        x, y = columns[0] * across, (above + moved).min() * down
        w, h = (columns[-1] + 1) * across - x, (below + moved).max() * down - y
        box = Box(left + round(x), top + round(y), max(1, round(w)), max(1, round(h)))
        return box.turned(-page.turns, *sizes[page.turns % 2])


class Segment(NamedTuple):
    """Ink between two cuts, read as one digit."""

    start: int  # number of the cut before it
    end: int  # number of the cut after it
    row: Row
    left: Cut  # the cuts before and after it
    right: Cut

    # Made where a segment is read, since most are not.

    @property
    def part(self) -> BoolMask:
        """Which of the row's ink is this segment's."""
        return ink_between(self.row.own, self.left, self.right)

    @property
    def box(self) -> Box:
        """Where it lies, in px of the upright original."""
        return self.row.box(self.part)

    @property
    def glyph(self) -> NDArray[np.float32]:
        """The (28, 28) glyph, ink 1 on 0."""
        return to_mnist(self.row.soft * self.part)


class Lattice(NamedTuple):
    """All ways to cut a row of regions; its sides are its first and its last cut."""

    segments: tuple[Segment, ...]
    overlaps: tuple[int, ...]  # for each cut the last one where the digit before it may end
    begins: tuple[int, ...]  # cuts that a path may begin at: only a mark is on their left
    ends: tuple[int, ...]  # cuts that it may end at


def lattice_of(page: Page, indices: range) -> Lattice | None:
    """The ways to cut a row of a page's regions; None where there is none."""
    if not page.crops:
        return None
    row = _row_of(page, indices)
    stroke = stroke_width(row.own.view(np.uint8) * 255)
    cuts = find_cuts(row.own, stroke)
    segments = tuple(
        Segment(start, end, row, cuts[start], cuts[end]) for start, end in fragments(row.own, cuts)
    )
    if not segments:
        return None
    follow = overlaps(cuts, SHARED_WIDTH * stroke)
    return Lattice(segments, follow, *beyond_marks(row.own, cuts))


def _row_of(page: Page, indices: range) -> Row:
    """A row of regions, straightened and shrunk to the height in which cuts are looked for."""
    joined = _joined(page, indices)
    soft, slope, top = straightened(joined)
    shrink = max(1.0, len(soft) / CUT_HEIGHT)
    size = max(1, round(soft.shape[1] / shrink)), max(1, round(soft.shape[0] / shrink))
    small = np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), np.uint8)
    whole = small.shape[1], len(joined) / shrink
    return Row(page, indices, small, small > 255 * INK_LEVEL, whole, slope, top / shrink)


def straightened(soft: Gray) -> tuple[Gray, float, int]:
    """The ink of a row with its columns moved up and down, as it is lowest.

    Digits that touch are about as tall as each other, so they are then on one level, as on a page
    that was held straight. What may be one digit, or gets lower by no more than a pixel of the
    mask in which cuts are looked for, stays as it is. Nothing is resampled.

    Returns:
        the picture, the row's slope in px down for each px along, and the px from the old
        picture's top to the new one's in column 0.
    """
    height, width = soft.shape
    if width <= DIGIT_WIDTHS[1] * height:
        return soft, 0.0, 0
    columns, above, below = _outline(soft > 255 * INK_LEVEL)
    sides = []
    for slope in sorted(ROW_SLOPES, key=abs):
        moved = np.round(slope * columns)
        sides.append((int((above - moved).min()) - 1, int((below - moved).max()) + 1, slope))
    top, bottom, slope = min(sides, key=lambda side: side[1] - side[0])
    level_top, level_bottom, _ = sides[0]
    if (level_bottom - level_top) - (bottom - top) <= height / CUT_HEIGHT:
        return soft, 0.0, 0
    rows = np.arange(top, bottom)[:, None] + np.round(slope * np.arange(width)).astype(int)
    # The outermost rows of a crop are empty.
    return np.take_along_axis(soft, rows.clip(0, height - 1), axis=0), float(slope), top


def _outline(own: BoolMask) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """The columns that have ink; in each of them its first row, and the one after its last."""
    columns = np.flatnonzero(own.any(axis=0))
    return columns, own.argmax(axis=0)[columns], len(own) - own[::-1].argmax(axis=0)[columns]


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
            indices = range(index, index + 2)
            soft = _joined(page, indices)
            high, wide = soft.shape
            row = Row(page, indices, soft, soft > 0, (wide, high))
            sides = np.zeros(high, np.int64), np.full(high, wide)
            pairs.append((index, Segment(0, 1, row, *sides)))
    return pairs


def _are_near(page: Page, index: int, gap: float) -> bool:
    a, b = page.regions[index : index + 2]
    across, along = overlap(a, b)
    is_near = across > -gap * max(a.stroke, b.stroke) and along > 0
    return is_near and page.lines[index] == page.lines[index + 1]


def _joined(page: Page, indices: range) -> Gray:
    """The soft ink of a row of regions in one crop."""
    if len(indices) == 1:
        return page.crops[indices[0]]
    regions = [page.regions[index] for index in indices]
    left, top = min(region.x for region in regions), min(region.y for region in regions)
    right = max(region.x + region.w for region in regions)
    bottom = max(region.y + region.h for region in regions)
    joined = np.zeros((bottom - top + 2, right - left + 2), np.uint8)  # a pixel of paper around
    for index, region in zip(indices, regions, strict=True):
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
