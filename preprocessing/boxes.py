"""Mask of ink -> the boxes of digits: specks and objects out, broken strokes joined."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT_MIN = 0.02  # of the long side: smaller marks are specks
HEIGHT_SHARE_MIN = 0.3  # of the tallest digit: smaller marks beside it are dots and specks


class Box(NamedTuple):
    """A digit's place, in pixels of the upright original."""

    x: int
    y: int
    w: int
    h: int


class Piece(NamedTuple):
    """One connected piece of ink in the working picture."""

    label: int
    x: int
    y: int
    w: int
    h: int
    area: int


def find_pieces(mask: NDArray[np.uint8]) -> tuple[list[Piece], NDArray[np.int32]]:
    """Connected pieces of ink, large enough to be part of a digit, and the picture of labels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    pieces = [Piece(i, *(int(v) for v in stats[i])) for i in range(1, count)]
    least = HEIGHT_MIN * max(mask.shape)
    return [p for p in pieces if max(p.w, p.h) >= least], labels


def join(pieces: list[Piece]) -> list[list[Piece]]:
    """Group the pieces that are strokes of one digit."""
    groups = [[p] for p in pieces]
    merged = True
    while merged:
        merged = False
        for i in range(len(groups)):
            for j in range(i + 1, len(groups)):
                if _belong(bounds(groups[i]), bounds(groups[j])):
                    groups[i] += groups.pop(j)
                    merged = True
                    break
            if merged:
                break
    tallest = max((bounds(g).h for g in groups), default=0)
    return [g for g in groups if max(bounds(g).h, bounds(g).w) >= HEIGHT_SHARE_MIN * tallest]


def bounds(group: list[Piece]) -> Box:
    """The box around all pieces of a group."""
    x, y = min(p.x for p in group), min(p.y for p in group)
    right, bottom = max(p.x + p.w for p in group), max(p.y + p.h for p in group)
    return Box(x, y, right - x, bottom - y)


def _belong(a: Box, b: Box) -> bool:
    """Whether two boxes are parts of one digit: one over the other and near."""
    across = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    gap = max(a.y, b.y) - min(a.y + a.h, b.y + b.h)
    return across > 0.5 * min(a.w, b.w) and gap < 0.25 * max(a.h, b.h)
