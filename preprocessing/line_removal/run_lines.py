"""Mask of ink -> the same without ruled lines, squares of graph paper and frames of forms.

A line is ruling if it holds a piece that is. Only the lines' own thickness is taken away: where
a digit's stroke crosses, the ink goes on for longer and stays.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Mask, least_squares
from preprocessing.binarization import Ink
from preprocessing.components import Component, connected_components, labelled, pixels_of
from preprocessing.glyph import stroke_width

RUN_SHARE = 0.1  # of a line's length: the horizontal runs in which a leaning line is found
RUN_STROKES = 3.0  # times the ruling's mean thickness: at least so long are those runs
GAP_SHARE = 0.25  # of a line's length: breaks over which a line goes on
INKED_MIN = 0.6  # of a line: more of it is ink than breaks
THICKNESS_MAX = 0.07  # of the long side: thicker runs are no ruling
WIDER = 1.4  # times a line's thickness, and 2 px: the band in which its ink strays
CROSSING = 1.6  # times a line's thickness, and 2 px: ink that goes on this far crosses the line
STRONG_MIN = 0.6  # of a line: more of it is as dark as the digits
DARKER = 1.7  # times a line's contrast: darker ink is not its own
RULING_MIN = 0.3  # of a line's ink: so much is of pieces known as ruling
FREE_MIN = 0.95  # of the ink near a line: as much lies on it where nothing grows out of it
REST_MAX = 0.5  # of a piece left over: more of it on a line, and it is a bit of that line
REST_FLAT = 0.03  # of the long side: thicker pieces on a line are digits
LEFT_MIN = 0.08  # of the short side: if no more is left beside the lines, they were strokes
LINE_MIN = 0.45  # of the picture's width (height): shorter straight runs are strokes
LINE_MIN_DIGITS = 1.4  # times the height of the ink inside a frame: the same, where it is known
FRAME_SIZE_MIN = 0.3  # of the picture: smaller pieces are no frames
INSIDE_MIN = 0.2  # of the frame's height: specks inside prove nothing
INSIDE_TALL = 0.5  # of the same: one as tall needs no ink on each side, as in a comb of boxes
OTHER_MIN = 0.05  # of the short side: smaller pieces prove nothing
BAR_MAX = 0.1  # height of a horizontal bar over its length
BORDER_SHARE = 0.03  # of the short side: nearer to the picture's edge means touching it
SLOPE_MAX = 0.12  # of a line: a photo held straighter than 7 degrees
RUN_BEND_MAX = 0.008  # of a piece's length: how far paper that is not flat bends it
RAGGED_MAX = 0.35  # of a piece's thickness: how far its ink strays from the middle, half of it
HIDDEN_MIN = 0.7  # of a long break: so much of it is ink that the line goes on under
PROBE_POSITIONS = np.linspace(0.02, 0.98, 32)[
    :, None
]  # of a long break: where it is looked at first
PROBE_INKED_MIN = 0.5  # of those that have to be ink
CHAIN_ALIKE = 2.5  # times a piece's thickness, and 2 px: thicker runs are no part of its line
THICKNESS_QUANTILE = (
    0.4  # quantile of a piece's depths that is the line alone, where digits touch it
)


class _Marks(NamedTuple):
    """One picture's ink, vertical or transposed on its side."""

    ink: Mask
    weak_mask: Mask
    contrast: NDArray[np.float32]
    ruling: Mask  # the pieces of ink that are ruling
    weak_ruling: Mask  # the same for all that stands out
    digit: float  # px, from where on a line is longer than the digits' strokes, if known

    def transposed(self) -> "_Marks":
        """Rows as columns."""
        ink, weak_mask, ruling, weak_ruling = (
            np.ascontiguousarray(mask.T)
            for mask in (self.ink, self.weak_mask, self.ruling, self.weak_ruling)
        )
        contrast = np.ascontiguousarray(self.contrast.T)
        return _Marks(ink, weak_mask, contrast, ruling, weak_ruling, self.digit)


class LineChain(NamedTuple):
    """A line from left to right."""

    points: tuple[tuple[int, int], ...]  # (x, y), ends of its pieces
    thickness: float  # px

    @property
    def length(self) -> int:
        """How far it reaches, in pixels."""
        return self.points[-1][0] - self.points[0][0]

    @property
    def inked(self) -> int:
        """How much of that is ink, in pixels."""
        return sum(
            self.points[i + 1][0] - self.points[i][0] for i in range(0, len(self.points), 2)
        )


def remove_run_lines(found: Ink) -> Mask:
    """Take the lines out of the ink; returns its mask, uint8, 1 on 0.

    They are looked for in all that stands out: lines paler than the digits are whole in
    there, not only where no strong ink is near.
    """
    ruling, ink_digit = line_components(found.mask, found.components)
    weak_ruling, weak_digit = line_components(found.weak_mask, found.weak_components)
    digit = min(ink_digit, weak_digit)
    if not (ruling.any() or weak_ruling.any()):
        return found.mask
    height, width = found.mask.shape
    marks = _Marks(found.mask, found.weak_mask, found.contrast, ruling, weak_ruling, digit)
    horizontal, horizontal_bands = _run_line_pixels(marks, min(LINE_MIN * width, digit))
    vertical, vertical_bands = _run_line_pixels(marks.transposed(), min(LINE_MIN * height, digit))
    rest = found.mask & ~(horizontal | vertical.T)
    _drop_remains(rest, horizontal_bands | vertical_bands.T, REST_FLAT * max(rest.shape))
    largest = max((max(part.w, part.h) for part in connected_components(rest)), default=0)
    return rest if largest >= LEFT_MIN * min(rest.shape) else found.mask


def _run_line_pixels(marks: _Marks, length: float) -> tuple[Mask, Mask]:
    """The pixels and the bands of horizontal lines of at least `length` px."""
    stroke = stroke_width((marks.ruling | marks.weak_ruling) * 255)
    run = max(5, round(max(RUN_SHARE * length, RUN_STROKES * stroke)))
    own, bands = np.zeros_like(marks.ink), np.zeros_like(marks.ink)
    seen = marks.ink | marks.weak_mask
    for line in horizontal_lines(seen, run=run, gap=round(GAP_SHARE * length)):
        if line.length < length or line.inked < INKED_MIN * line.length:
            continue
        if line.thickness > THICKNESS_MAX * max(seen.shape):
            continue
        reach = round(CROSSING * line.thickness) + 2
        xs, ys = zip(*line.points, strict=True)
        top, left = max(0, min(ys) - 2 * reach), min(xs)
        part = np.s_[top : max(ys) + 2 * reach + 1, left : max(xs) + 1]
        band = np.zeros_like(seen[part])
        wide = round(WIDER * line.thickness) + 2
        points = np.array(line.points) - (left, top)
        cv2.polylines(band, [points], isClosed=False, color=1, thickness=wide)
        ink, on_line = marks.ink[part], (band & seen[part]) > 0
        strong = float(ink[on_line].mean()) > STRONG_MIN
        known = (marks.ruling if strong else marks.weak_ruling)[part]
        of_ruling = float(known[on_line].mean()) >= RULING_MIN
        longer = line.length >= marks.digit
        if not of_ruling and not (longer and _stands_free(ink, band, reach)):
            continue
        tall = np.ones((reach, 1), np.uint8)
        crossing = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, tall), np.uint8)
        if not strong:
            contrast = marks.contrast[part]
            crossing |= (contrast > DARKER * np.median(contrast[on_line])).astype(np.uint8)
        own[part] |= band & ink & ~crossing
        bands[part] |= band
    return own, bands


def _stands_free(ink: Mask, band: Mask, reach: int) -> bool:
    """Whether next to no ink grows out of a line, as strokes would out of a digit's stem."""
    around = np.asarray(cv2.dilate(band, np.ones((2 * reach + 1, 1), np.uint8)), np.uint8)
    return bool((ink & band).sum() >= FREE_MIN * (ink & around).sum())


def _drop_remains(rest: Mask, zone: Mask, flat_max: float) -> None:
    """Wipe out, in place, the pieces flatter than `flat_max` px that lie mostly on a line."""
    count, labels = labelled(rest)
    areas = np.bincount(labels.ravel(), minlength=count)
    remains = np.bincount(labels[zone > 0], minlength=count) > REST_MAX * areas
    for part in connected_components(rest):
        remains[labels[part.at[1], part.at[0]]] &= min(part.w, part.h) <= flat_max
    remains[0] = False
    rest[remains[labels]] = 0


def line_components(mask: Mask, parts: list[Component]) -> tuple[Mask, float]:
    """The pieces of a mask that are ruling, and from what length on their runs are lines, px."""
    height, width = mask.shape
    large = [p for p in parts if max(p.w / width, p.h / height) >= FRAME_SIZE_MIN]
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


def _inside(part: Component, frame: Component, mask: Mask) -> bool:
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


def _spans(part: Component, shape: tuple[int, ...], *, alone: bool) -> bool:
    """Whether a piece reaches two opposite edges; one alone and vertical may be a digit."""
    height, width = shape
    edge = max(1.0, BORDER_SHARE * min(shape))
    across = part.x <= edge and part.x + part.w >= width - edge
    down = part.y <= edge and part.y + part.h >= height - edge
    return across or (down and not alone)


def horizontal_lines(mask: Mask, *, run: int, gap: int) -> list[LineChain]:
    """Find lines made of horizontal runs of at least `run` px, with breaks of at most `gap` px."""
    # Thickened by a pixel either way, so that a leaning line's steps hang together.
    thick = np.asarray(cv2.dilate(mask, np.ones((3, 1), np.uint8)), np.uint8)
    horizontal = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    vertical = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    along = cv2.bitwise_and(horizontal, cv2.bitwise_not(vertical))
    runs = np.asarray(cv2.dilate(along, np.ones((1, 3), np.uint8)), np.uint8)
    _, labels = labelled(runs)
    pieces = []
    for (at_x, at_y), x, y, w, h in connected_components(runs):
        area = np.s_[y : y + h, x : x + w]
        own = (labels[area] == labels[at_y, at_x]) & (mask[area] > 0)
        piece = _fit_run(own) if w >= run // 2 else None
        if piece is not None:
            ends = tuple((px + int(x), py + int(y)) for px, py in piece.points)
            pieces.append(LineChain(ends, piece.thickness))
    return _chain(sorted(pieces), gap, thick)


def _fit_run(ink: NDArray[np.bool_]) -> LineChain | None:
    """One run as a line, or None if it is not straight."""
    depths = ink.sum(axis=0)
    columns = np.nonzero(depths)[0]
    if len(columns) < 2:
        return None
    middles = (ink * np.arange(len(ink))[:, None]).sum(axis=0)[columns] / depths[columns]
    thickness = float(np.quantile(depths[columns], THICKNESS_QUANTILE))
    plain = np.abs(middles - np.median(middles)) <= SLOPE_MAX * len(columns) + thickness
    plain &= depths[columns] <= 2 * thickness + 1
    if plain.sum() < 2:
        return None
    slope, start = least_squares(columns[plain], middles[plain])
    off = float(np.median(np.abs(middles - (slope * columns + start))))
    if abs(slope) > SLOPE_MAX or off > RAGGED_MAX * thickness + RUN_BEND_MAX * len(columns):
        return None
    ends = tuple((int(x), round(slope * x + start)) for x in (columns[0], columns[-1]))
    return LineChain(ends, thickness)


def _chain(pieces: list[LineChain], gap: int, mask: Mask) -> list[LineChain]:
    """Join pieces, sorted from the left, that go on where another ends, or behind a digit."""
    lines: list[LineChain] = []
    ends = np.empty((len(pieces), 3))  # of each line so far: x, y, thickness
    for piece in pieces:
        for index in _candidates_behind(ends[: len(lines)], piece, gap, mask):
            line = lines[index]
            if _continues(line, piece, gap, mask):
                parts = (line.inked, line.thickness), (piece.inked, piece.thickness)
                thickness = sum(a * b for a, b in parts) / max(1, sum(a for a, _ in parts))
                lines[index] = LineChain(line.points + piece.points, thickness)
                break
        else:
            index = len(lines)
            lines.append(piece)
        ends[index] = *lines[index].points[-1], lines[index].thickness
    return lines


def _candidates_behind(
    ends: NDArray[np.float64], piece: LineChain, gap: int, mask: Mask
) -> NDArray[np.intp]:
    """Which of (n, 3) lines' ends (x, y, thickness) a piece may go on from, at a glance."""
    (x, y), (ends_x, ends_y, thickness) = piece.points[0], ends.T
    thick = np.maximum(thickness, piece.thickness)
    alike = thick <= CHAIN_ALIKE * np.minimum(thickness, piece.thickness) + 2
    horizontal = np.abs(y - ends_y) <= thick + SLOPE_MAX * np.abs(x - ends_x)
    found = np.flatnonzero(alike & horizontal & (x - ends_x >= -gap))
    columns = (ends_x[found] + PROBE_POSITIONS * (x - ends_x[found])).astype(int)
    rows = (ends_y[found] + PROBE_POSITIONS * (y - ends_y[found])).round().astype(int)
    inked = mask[rows.clip(0, len(mask) - 1), columns.clip(0, mask.shape[1] - 1)].mean(axis=0)
    return np.asarray(found[(x - ends_x[found] <= gap) | (inked >= PROBE_INKED_MIN)])


def _continues(line: LineChain, piece: LineChain, gap: int, mask: Mask) -> bool:
    """Whether the break between them is short, or hidden by ink."""
    (x, y), (next_x, next_y) = line.points[-1], piece.points[0]
    if next_x - x <= gap:
        return True
    columns = np.arange(x, next_x)
    rows = np.round(np.interp(columns, (x, next_x), (y, next_y))).astype(int)
    # The ends lie on fitted lines, which may leave the picture by a pixel.
    rows = rows.clip(0, len(mask) - 1)
    return float(mask[rows, columns].mean()) >= HIDDEN_MIN
