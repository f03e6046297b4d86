"""Mask of ink -> its long, straight, nearly level lines, breaks in them bridged."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.parts import labelled, parts_of

SLOPE_MAX = 0.12  # of a line: a photo held straighter than 7 degrees
BEND_MAX = 0.008  # of a piece's length: how far paper that is not flat bends it
RAGGED_MAX = 0.35  # of a piece's thickness: how far its ink strays from the middle, half of it
HIDDEN_MIN = 0.7  # of a long break: so much of it is ink that the line goes on under
GLANCES = np.linspace(0.02, 0.98, 32)[:, None]  # of a long break: where it is looked at first
GLANCED_MIN = 0.5  # of those that have to be ink
ALIKE = 2.5  # times a piece's thickness, and 2 px: thicker runs are no part of its line
PLAIN = 0.4  # quantile of a piece's depths that is the line alone, where digits touch it

Mask = NDArray[np.uint8]


class Line(NamedTuple):
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


def level_lines(mask: Mask, *, run: int, gap: int) -> list[Line]:
    """Find lines made of level runs of at least `run` px, with breaks of at most `gap` px."""
    # Thickened by a pixel either way, so that a leaning line's steps hang together.
    thick = np.asarray(cv2.dilate(mask, np.ones((3, 1), np.uint8)), np.uint8)
    level = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    upright = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    along = cv2.bitwise_and(level, cv2.bitwise_not(upright))
    runs = np.asarray(cv2.dilate(along, np.ones((1, 3), np.uint8)), np.uint8)
    _, labels = labelled(runs)
    pieces = []
    for (at_x, at_y), x, y, w, h in parts_of(runs):
        area = np.s_[y : y + h, x : x + w]
        own = (labels[area] == labels[at_y, at_x]) & (mask[area] > 0)
        piece = _piece(own) if w >= run // 2 else None
        if piece is not None:
            ends = tuple((px + int(x), py + int(y)) for px, py in piece.points)
            pieces.append(Line(ends, piece.thickness))
    return _chained(sorted(pieces), gap, thick)


def least_squares(along: NDArray[np.intp], away: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and start of a straight line through points, in a fraction of np.polyfit's time."""
    middle = float(along.mean())
    apart = along - middle
    slope = float(apart @ away) / float(apart @ apart)
    return slope, float(away.mean()) - slope * middle


def _piece(ink: NDArray[np.bool_]) -> Line | None:
    """One run as a line, or None if it is not straight."""
    depths = ink.sum(axis=0)
    columns = np.nonzero(depths)[0]
    if len(columns) < 2:
        return None
    middles = (ink * np.arange(len(ink))[:, None]).sum(axis=0)[columns] / depths[columns]
    thickness = float(np.quantile(depths[columns], PLAIN))
    plain = np.abs(middles - np.median(middles)) <= SLOPE_MAX * len(columns) + thickness
    plain &= depths[columns] <= 2 * thickness + 1
    if plain.sum() < 2:
        return None
    slope, start = least_squares(columns[plain], middles[plain])
    off = float(np.median(np.abs(middles - (slope * columns + start))))
    if abs(slope) > SLOPE_MAX or off > RAGGED_MAX * thickness + BEND_MAX * len(columns):
        return None
    ends = tuple((int(x), round(slope * x + start)) for x in (columns[0], columns[-1]))
    return Line(ends, thickness)


def _chained(pieces: list[Line], gap: int, mask: Mask) -> list[Line]:
    """Join pieces, sorted from the left, that go on where another ends, or behind a digit."""
    lines: list[Line] = []
    ends = np.empty((len(pieces), 3))  # of each line so far: x, y, thickness
    for piece in pieces:
        for index in _behind(ends[: len(lines)], piece, gap, mask):
            line = lines[index]
            if _goes_on(line, piece, gap, mask):
                parts = (line.inked, line.thickness), (piece.inked, piece.thickness)
                thickness = sum(a * b for a, b in parts) / max(1, sum(a for a, _ in parts))
                lines[index] = Line(line.points + piece.points, thickness)
                break
        else:
            index = len(lines)
            lines.append(piece)
        ends[index] = *lines[index].points[-1], lines[index].thickness
    return lines


def _behind(ends: NDArray[np.float64], piece: Line, gap: int, mask: Mask) -> NDArray[np.intp]:
    """Which of (n, 3) lines' ends (x, y, thickness) a piece may go on from, at a glance."""
    (x, y), (ends_x, ends_y, thickness) = piece.points[0], ends.T
    thick = np.maximum(thickness, piece.thickness)
    alike = thick <= ALIKE * np.minimum(thickness, piece.thickness) + 2
    level = np.abs(y - ends_y) <= thick + SLOPE_MAX * np.abs(x - ends_x)
    found = np.flatnonzero(alike & level & (x - ends_x >= -gap))
    columns = (ends_x[found] + GLANCES * (x - ends_x[found])).astype(int)
    rows = (ends_y[found] + GLANCES * (y - ends_y[found])).round().astype(int)
    inked = mask[rows.clip(0, len(mask) - 1), columns.clip(0, mask.shape[1] - 1)].mean(axis=0)
    return np.asarray(found[(x - ends_x[found] <= gap) | (inked >= GLANCED_MIN)])


def _goes_on(line: Line, piece: Line, gap: int, mask: Mask) -> bool:
    """Whether the break between them is short, or hidden by ink."""
    (x, y), (next_x, next_y) = line.points[-1], piece.points[0]
    if next_x - x <= gap:
        return True
    columns = np.arange(x, next_x)
    rows = np.round(np.interp(columns, (x, next_x), (y, next_y))).astype(int)
    # The ends lie on fitted lines, which may leave the picture by a pixel.
    rows = rows.clip(0, len(mask) - 1)
    return float(mask[rows, columns].mean()) >= HIDDEN_MIN
