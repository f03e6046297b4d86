"""Ink -> the same without lone lines and frames: straight runs of connected ink.

A run is a printed line's if it belongs to a component that spans the picture from edge to edge.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Field, Mask, least_squares, opening, quantile
from preprocessing.binarization import Ink
from preprocessing.components import Component, connected_components, labelled, pixels_of
from preprocessing.glyph import stroke_width
from preprocessing.line_removal.erase import Line, erase

LINE_MIN = 0.45  # of the picture's width (height): shorter straight runs are strokes
RUN_SHARE = 0.1  # of a line's length: the horizontal runs in which a leaning line is found
RUN_STROKES = 3.0  # ratio to the lines' mean thickness: at least so long are those runs
RUNS_MAX = 200  # runs that are joined to lines, the longest
GAP_SHARE = 0.25  # of a line's length: breaks over which a line goes on
INKED_MIN = 0.6  # of a line: more of it is ink than breaks
THICKNESS_MAX = 0.07  # of the long side: thicker runs are no lines
STRONG_MIN = 0.6  # of a line's pixels: as many are ink where it is as dark as the digits
KNOWN_MIN = 0.3  # of a line's pixels: so many belong to components that span the picture
SPANS_MIN = 0.3  # of the picture: smaller components do not span it
COUNTED_MIN = 0.05  # of the short side: a component beside smaller ones only is alone
BORDER_SHARE = 0.03  # of the short side: nearer to the picture's edge means touching it
SLOPE_MAX = 0.12  # of a line: a photo held straighter than 7 degrees
RUN_BEND_MAX = 0.008  # of a run's length: how far paper that is not flat bends it
RAGGED_MAX = 0.35  # of a run's thickness: how far its ink strays from the middle, half of it
THICKNESS_QUANTILE = 0.4  # of a run's depths: its own thickness, where digits touch it
DARKEST_QUANTILE = 0.9  # of the contrast along a line where no digit touches it: its darkest part
EVEN = 0.76  # of that: the contrast of most of a line that is printed evenly
OWN_QUANTILE = 0.25  # of the ink's thickness along a line: its own, where no digit touches it
CHAIN_ALIKE = 2.5  # ratio to a run's thickness, + 2 px: thicker runs are no part of its line
HIDDEN_MIN = 0.7  # of a long break: so much of it is ink that the line goes on under
PROBES = np.linspace(0.02, 0.98, 32)[:, None]  # of a long break: where its ink is probed first
PROBES_INKED_MIN = 0.5  # of those probes


class _Marks(NamedTuple):
    """One picture's ink, upright or transposed."""

    mask: Mask
    weak_mask: Mask
    contrast: Field
    spanning: Mask  # the components of `mask` that span the picture
    weak_spanning: Mask  # those of `weak_mask`

    def transposed(self) -> "_Marks":
        """Rows as columns."""
        mask, weak_mask, spanning, weak_spanning = (
            np.ascontiguousarray(mask.T)
            for mask in (self.mask, self.weak_mask, self.spanning, self.weak_spanning)
        )
        contrast = np.ascontiguousarray(self.contrast.T)
        return _Marks(mask, weak_mask, contrast, spanning, weak_spanning)


class LineChain(NamedTuple):
    """A line from left to right."""

    points: tuple[tuple[int, int], ...]  # (x, y), the ends of its runs
    thickness: float  # px

    @property
    def length(self) -> int:
        """How far it reaches, px."""
        return self.points[-1][0] - self.points[0][0]

    @property
    def inked(self) -> int:
        """How much of that is ink, px."""
        return sum(
            self.points[i + 1][0] - self.points[i][0] for i in range(0, len(self.points), 2)
        )


def remove_run_lines(ink: Ink) -> Ink:
    """Erase the lines of components that span the picture.

    They are looked for in all that stands out: lines paler than the digits are whole there.
    """
    spanning = spanning_components(ink.mask, ink.components)
    weak_spanning = spanning_components(ink.weak_mask, ink.weak_components)
    if not (spanning.any() or weak_spanning.any()):
        return ink
    marks = _Marks(ink.mask, ink.weak_mask, ink.contrast, spanning, weak_spanning)
    across, down = _printed_lines(marks), _printed_lines(marks.transposed())
    seen = ink.mask | ink.weak_mask
    return erase(
        ink,
        [line for line in across if _is_bounded(line, down, seen)],
        [line for line in down if _is_bounded(line, across, np.ascontiguousarray(seen.T))],
    )


def _is_bounded(line: Line, crossing: list[Line], mask: Mask) -> bool:
    """Whether a line goes on to the picture's edge, or to a line across it, at both ends.

    So it does not where a digit hangs together with a printed line: its straight sides end.
    Ink that goes on from an end, as in a thick frame, counts as the line's.
    """
    size = mask.shape[1]
    reach = BORDER_SHARE * size + line.thickness
    first, last = line.first, line.first + len(line.rows) - 1
    rows = line.rows[[0, -1]].clip(0, len(mask) - 1)
    before = np.cumprod(mask[rows[0], :first][::-1]).sum(dtype=np.intp)
    behind = np.cumprod(mask[rows[1], last + 1 :]).sum(dtype=np.intp)
    ends = (first, rows[0], first - before), (last, rows[1], size - 1 - last - behind)
    return all(
        to_edge <= reach
        or any(
            abs(other.rows[min(max(across - other.first, 0), len(other.rows) - 1)] - along)
            <= reach + other.thickness
            for other in crossing
        )
        for along, across, to_edge in ends
    )


def _printed_lines(marks: _Marks) -> list[Line]:
    """The horizontal lines that are long enough and belong to components that span the picture."""
    length = LINE_MIN * marks.mask.shape[1]
    stroke = stroke_width((marks.spanning | marks.weak_spanning) * 255)
    run = max(5, round(max(RUN_SHARE * length, RUN_STROKES * stroke)))
    seen = marks.mask | marks.weak_mask
    lines = []
    for chain in horizontal_lines(seen, run=run, gap=round(GAP_SHARE * length)):
        if chain.length < length or chain.inked < INKED_MIN * chain.length:
            continue
        if chain.thickness > THICKNESS_MAX * max(seen.shape):
            continue
        columns = np.arange(chain.points[0][0], chain.points[-1][0] + 1)
        xs, ys = zip(*chain.points, strict=True)
        rows = np.asarray(np.interp(columns, xs, ys).round(), np.intp)
        half = round(chain.thickness / 2)
        place = (rows + np.arange(-half, half + 1)[:, None]).clip(0, len(seen) - 1), columns
        on_line = seen[place] > 0
        strong = float(marks.mask[place][on_line].mean()) > STRONG_MIN
        known = (marks.spanning if strong else marks.weak_spanning)[place]
        if float(known[on_line].mean()) >= KNOWN_MIN:
            line = Line(int(columns[0]), rows, chain.thickness, np.inf)
            lines.append(_refined(seen, marks.contrast, line))
    return lines


def _refined(mask: Mask, contrast: Field, line: Line) -> Line:
    """The same line by its columns that no digit touches; between them it goes on straight.

    Its course, thickness and contrast are measured there alone: a digit's foot on a line would
    draw its course upwards, thicken it, and be erased with it.
    """
    reach = round(THICKNESS_MAX * max(mask.shape)) + 1
    away = np.arange(reach)[:, None]
    columns = line.first + np.arange(len(line.rows))
    sides = (line.rows + way * away for way in (1, -1))
    below, above = (
        np.cumprod(mask[side.clip(0, len(mask) - 1), columns], axis=0).sum(axis=0, dtype=np.intp)
        for side in sides
    )
    inked = below > 0
    if not inked.any():
        return line
    depths = below + above - 1
    thickness = quantile(depths[inked], OWN_QUANTILE)
    plain = inked & (depths <= thickness + 1)
    middles = (line.rows + (below - above) / 2)[plain]
    rows = np.interp(columns, columns[plain], middles).round().astype(np.intp)
    own = contrast[rows[plain].clip(0, len(mask) - 1), columns[plain]]
    return line._replace(
        rows=rows, thickness=thickness, contrast=EVEN * quantile(own, DARKEST_QUANTILE)
    )


def spanning_components(mask: Mask, parts: list[Component]) -> Mask:
    """The components that reach two opposite edges of the picture, 1 on 0."""
    height, width = mask.shape
    alone = sum(max(p.w, p.h) >= COUNTED_MIN * min(mask.shape) for p in parts) == 1
    spanning = [
        part
        for part in parts
        if max(part.w / width, part.h / height) >= SPANS_MIN
        and _spans(part, mask.shape, alone=alone)
    ]
    if not spanning:
        return np.zeros_like(mask)
    return pixels_of(mask, spanning).view(np.uint8)


def _spans(part: Component, shape: tuple[int, ...], *, alone: bool) -> bool:
    """Whether a component reaches two opposite edges; one alone and upright may be a digit."""
    height, width = shape
    edge = max(1.0, BORDER_SHARE * min(shape))
    across = part.x <= edge and part.x + part.w >= width - edge
    down = part.y <= edge and part.y + part.h >= height - edge
    return across or (down and not alone)


def horizontal_lines(mask: Mask, *, run: int, gap: int) -> list[LineChain]:
    """Find lines made of horizontal runs of at least `run` px, with breaks of at most `gap` px."""
    # Thickened by a pixel either way, so that a leaning line's steps hang together.
    thick = np.asarray(cv2.dilate(mask, np.ones((3, 1), np.uint8)), np.uint8)
    along = opening(thick, run, 1) & ~opening(thick, 1, run)
    runs = np.asarray(cv2.dilate(along, np.ones((1, 3), np.uint8)), np.uint8)
    _, labels = labelled(runs)
    pieces = []
    parts = sorted(connected_components(runs), key=lambda part: -part.w)
    for (at_x, at_y), x, y, w, h in parts[:RUNS_MAX]:
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
    thickness = quantile(depths[columns], THICKNESS_QUANTILE)
    plain = np.abs(middles - quantile(middles, 0.5)) <= SLOPE_MAX * len(columns) + thickness
    plain &= depths[columns] <= 2 * thickness + 1
    if plain.sum() < 2:
        return None
    slope, start = least_squares(columns[plain], middles[plain])
    off = quantile(np.abs(middles - (slope * columns + start)), 0.5)
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
    """Which of (n, 3) lines' ends (x, y, thickness) a piece may go on from, by a few probes."""
    (x, y), (ends_x, ends_y, thickness) = piece.points[0], ends.T
    thick = np.maximum(thickness, piece.thickness)
    alike = thick <= CHAIN_ALIKE * np.minimum(thickness, piece.thickness) + 2
    horizontal = np.abs(y - ends_y) <= thick + SLOPE_MAX * np.abs(x - ends_x)
    found = np.flatnonzero(alike & horizontal & (x - ends_x >= -gap))
    columns = (ends_x[found] + PROBES * (x - ends_x[found])).astype(int)
    rows = (ends_y[found] + PROBES * (y - ends_y[found])).round().astype(int)
    inked = mask[rows.clip(0, len(mask) - 1), columns.clip(0, mask.shape[1] - 1)].mean(axis=0)
    return np.asarray(found[(x - ends_x[found] <= gap) | (inked >= PROBES_INKED_MIN)])


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
