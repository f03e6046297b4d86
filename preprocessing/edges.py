"""Pieces of ink at the picture's edge -> those that may be digits; the rest is cut off something.

A table beside the sheet has grain and knots that look like strokes; but along the picture's
edge there are many of them, and digits' edges are short.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.piece import Piece, digit_height

NEAR = 0.04  # of the short side: nearer to the picture's edge means along it
BAR = 0.35  # of its length: a flatter piece along the picture's edge is a line cut by it
BIT = 0.6  # of the digits' height: a smaller piece at the picture's edge is cut off something
TOUCHES = 1  # px from the picture's edge
RIM = 3  # px: how far the picture's edge is looked along
MARK = 0.018  # of the long side: shorter runs along the edge are ends of lines
TABLE = 0.2  # of an edge: where other ink covers more, it is of a table


def is_edge_line(piece: Piece, shape: tuple[int, ...]) -> bool:
    """Whether a piece is a line or a table's edge that the picture's edge cuts."""
    edge = NEAR * min(shape)
    upright = piece.x <= edge or piece.x + piece.w >= shape[1] - edge
    level = piece.y <= edge or piece.y + piece.h >= shape[0] - edge
    thin, flat = piece.w < BAR * piece.h, piece.h < BAR * piece.w
    return (upright and thin) or (level and flat)


def without_cut(pieces: list[Piece], mask: NDArray[np.uint8]) -> list[Piece]:
    """Leave out bits cut by the picture's edge, and all of a table there, but for most ink."""
    digit, ink = digit_height(pieces), sum(p.area for p in pieces)
    cut: set[Piece] = set()
    for side in range(4):
        at_side = [p for p in pieces if _distances(p, mask.shape)[side] <= TOUCHES]
        cut |= {p for p in at_side if max(p.w, p.h) < BIT * digit}
        covered = _covered(mask, side) if at_side else 0
        if sum(p.area for p in at_side) < ink / 2:
            along = [(p, (p.h if side % 2 == 0 else p.w)) for p in at_side]
            cut |= {p for p, own in along if covered - own > TABLE * mask.shape[side % 2]}
    return [p for p in pieces if p not in cut]


def _distances(piece: Piece, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """How far a piece is from the picture's left, upper, right and lower edge, in px."""
    height, width = shape
    return piece.x, piece.y, width - piece.x - piece.w, height - piece.y - piece.h


def _covered(mask: NDArray[np.uint8], side: int) -> int:
    """How many px of an edge, numbered as above, long enough marks cover."""
    rims = mask[:, :RIM].T, mask[:RIM], mask[:, -RIM:].T, mask[-RIM:]
    inked = np.ascontiguousarray(rims[side].max(axis=0, keepdims=True))
    least = max(3, round(MARK * max(mask.shape)))
    marks = cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    return int(np.count_nonzero(marks))
