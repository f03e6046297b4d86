"""Digits' pieces -> a lattice of the ways to part and join them, for a network to choose from.

No shape tells touching digits from one wide digit, nor a broken digit from two near ones, as
surely as reading both ways does. So a piece is cut wherever two digits may touch, every run of
fragments that may be one digit is a glyph, and the best path through these glyphs is the reading
(Casey and Lecolinet, "A survey of methods and strategies in character segmentation", 1996,
section 3; LeCun et al., "Gradient-based learning applied to document recognition", 1998, V).
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask
from preprocessing.components import Region
from preprocessing.glyph import INK_LEVEL, stroke_width, to_mnist
from preprocessing.page import Box, Page
from preprocessing.segmentation.grouping import merge_regions

NARROW = 0.6  # width over height: no narrower pair was among 200 that touch
VERY_WIDE = 1.5  # the same: wider pieces may be three digits or more
CUT_POSITIONS = tuple(middle / 100 for middle in range(20, 81, 5))  # of the width, of a pair
CHAIN_STEP = 0.08  # of the height: from cut to cut of a longer chain
CHAIN_CUTS_MAX = 26  # of a piece: in wider ones they are further apart
CHAIN_STRAY = 0.1  # of the height: how far such a cut may wander to cross less ink
SEAM_STRAYS = (0.04, 0.08, 0.12)  # of the width of a pair, the same
CHAIN_WIDTHS = 0.15, 1.2  # width over height of a digit of a chain
SHARES = (0, 0), (1, 0), (0, 1)  # whether a digit has part of its left, its right neighbour's side
SHARING_WIDTH = 0.35  # width over height of a digit's own ink, without what it shares
SHARED_STROKES = 1.5  # stroke widths of ink that two digits of a chain may share
INK_COST = 10.0  # steps aside that a cut makes rather than cross one more pixel of ink
PLACES_MAX = 2  # where two digits touch: a B and a split stem's loops are crossed more often
NECK_MAX = 0.5  # of the height: a cut that crosses more ink splits a stem along its length
TALL_MIN = 0.65  # of the height: digits side by side are about as tall, flags are not
MERGE_GAP = 1.5  # stroke widths between the boxes of pieces that may be one broken digit
JOINED_TALL = 1.5  # times the taller one: two pieces of one digit are together no taller
JOINED_WIDE = 1.0  # width over height of what two such pieces make together
CUT_HEIGHT = 48  # px, height of the picture in which cuts are looked for


class Segment(NamedTuple):
    """Ink between two cuts, read as one digit."""

    start: int  # cut before it, from 0
    end: int  # cut after it
    box: Box  # px of the upright original
    crop: NDArray[np.uint8]  # its soft ink, 255 where fully inked

    @property
    def glyph(self) -> NDArray[np.float32]:
        """The (28, 28) glyph, ink 1 on 0: made where it is read, since most are not."""
        return to_mnist(self.crop)


class Lattice(NamedTuple):
    """All ways to see some neighbours in the reading order, parted and joined."""

    first: int  # index of the first of them
    bounds: tuple[int, ...]  # the cuts before, between and behind them as they were found
    segments: tuple[Segment, ...]  # all others, sorted by their starts


def lattices(page: Page, doubtful: Collection[int]) -> list[Lattice]:
    """The ways to part these digits of a page and to join them with their neighbours."""
    count = len(page.regions)
    joined = [
        (index in doubtful or index + 1 in doubtful)
        and mergeable(*page.regions[index : index + 2])
        for index in range(count - 1)
    ]
    found, first = [], 0
    while first < count:
        last = first
        while last < count - 1 and joined[last]:
            last += 1
        chain = range(first, last + 1)
        if any(index in doubtful for index in chain):
            lattice = _lattice(page, chain, doubtful)
            if lattice.segments:
                found.append(lattice)
        first = last + 1
    return found


def _lattice(page: Page, chain: range, doubtful: Collection[int]) -> Lattice:
    segments, bounds = [], [0]
    for index in chain:
        start = bounds[-1]
        parts = list(_parts(page, index)) if index in doubtful else []
        bounds.append(start + max((after for _, after, _, _ in parts), default=1))
        segments += [
            Segment(start + before, start + after, box, crop) for before, after, box, crop in parts
        ]
        if index > chain.start:
            segments.append(Segment(bounds[-3], bounds[-1], *_joined(page, index - 1)))
    segments.sort(key=lambda segment: segment.start)
    return Lattice(chain.start, tuple(bounds), tuple(segments))


def _joined(page: Page, first: int) -> tuple[Box, NDArray[np.uint8]]:
    """The digit of that index and the next one as one."""
    pair = page.regions[first : first + 2]
    both = merge_regions(*pair)
    soft = np.zeros((both.h + 2, both.w + 2), np.uint8)
    for piece, own in zip(pair, page.crops[first : first + 2], strict=True):
        place = soft[piece.y - both.y :, piece.x - both.x :][: own.shape[0], : own.shape[1]]
        place[:] = np.maximum(place, own * (piece.contrast / both.contrast))
    return _bounding_box(*page.boxes[first : first + 2]), soft


def _bounding_box(a: Box, b: Box) -> Box:
    """The smallest box around two."""
    x, y = min(a.x, b.x), min(a.y, b.y)
    return Box(x, y, max(a.x + a.w, b.x + b.w) - x, max(a.y + a.h, b.y + b.h) - y)


def _parts(page: Page, index: int) -> Iterator[tuple[int, int, Box, NDArray[np.uint8]]]:
    """The digits that a piece may be made of: cut before and after, box, and soft ink."""
    soft = page.crops[index]
    shrink = max(1.0, len(soft) / CUT_HEIGHT)
    size = max(1, round(soft.shape[1] / shrink)), max(1, round(soft.shape[0] / shrink))
    small = np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_AREA), np.uint8)
    for before, after, part in fragments(small > 255 * INK_LEVEL):
        yield before, after, _part_box(page, index, part), small * part


def fragments(own: BoolMask) -> Iterator[tuple[int, int, BoolMask]]:
    """Parts of the mask of one piece that may be digits, with the numbers of the cuts around.

    Cuts go from 0, before the piece, to a last one behind it; of a piece that is not very wide a
    cut parts two digits. It is looked at pixel by pixel: a mask some 50 px high will do.
    """
    height, width = own.shape
    seams = _seams(own)
    sides = [np.zeros(height, np.int64), *seams, np.full(height, width)]
    columns, last = np.arange(width), len(sides) - 1
    chain = width >= VERY_WIDE * height
    shared = round(SHARED_STROKES * stroke_width(own.view(np.uint8) * 255))
    for before in range(last):
        for after in range(before + 1, last + 1):
            whole, inner = before == 0 and after == last, before > 0 and after < last
            if whole or (inner and not chain):
                continue
            apart = float((sides[after] - sides[before]).mean()) / height
            if chain and not CHAIN_WIDTHS[0] <= apart <= CHAIN_WIDTHS[1]:
                continue
            for more_left, more_right in (
                SHARES if chain and apart >= SHARING_WIDTH else SHARES[:1]
            ):
                left = sides[before][:, None] - more_left * shared
                right = sides[after][:, None] + more_right * shared
                if (more_left and not before) or (more_right and after == last):
                    continue
                part = own & (columns >= left) & (columns < right)
                if np.count_nonzero(part.any(axis=1)) >= TALL_MIN * height:
                    yield before, after, part


def _seams(own: BoolMask) -> list[NDArray[np.int64]]:
    """The cuts from top to bottom, from left to right: for each row the column after it."""
    height, width = own.shape
    if width < NARROW * height:
        return []
    if width < VERY_WIDE * height:
        middles = [round(middle * width) for middle in CUT_POSITIONS]
        strays = [max(1, round(stray * width)) for stray in SEAM_STRAYS]
    else:
        step = max(CHAIN_STEP * height, width / CHAIN_CUTS_MAX)
        middles = [round(middle) for middle in np.arange(step, width - step / 2, step)]
        strays = [max(1, round(CHAIN_STRAY * height))]
    rows, columns = np.arange(height), np.arange(width)
    known: dict[bytes, NDArray[np.int64]] = {}
    for stray in strays:
        for seam in _seam_paths(own, middles, stray):
            if _is_touch(own[rows, seam.clip(0, width - 1)]):
                known.setdefault((own & (columns < seam[:, None])).tobytes(), seam)
    seams = sorted(known.values(), key=lambda seam: float(seam.mean()))
    if width >= VERY_WIDE * height:
        return seams
    # The two digits of a pair are both about as tall as it is.
    return [
        seam
        for seam in seams
        if all(
            np.count_nonzero((own & side).any(axis=1)) >= TALL_MIN * height
            for side in (columns < seam[:, None], columns >= seam[:, None])
        )
    ]


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


def _part_box(page: Page, index: int, part: NDArray[np.bool_]) -> Box:
    """Where part of a digit lies, in px of the upright original."""
    sizes = (page.width, page.height), (page.height, page.width)
    whole = page.boxes[index].turned(page.turns, *sizes[0])
    x, y, w, h = cv2.boundingRect(part.astype(np.uint8))
    down, across = (side / size for side, size in zip((whole.h, whole.w), part.shape, strict=True))
    left, top = whole.x + round(x * across), whole.y + round(y * down)
    box = Box(left, top, max(1, round(w * across)), max(1, round(h * down)))
    return box.turned(-page.turns, *sizes[page.turns % 2])
