"""Pieces of ink at the picture's edge -> those that may be digits; the rest is cut off something.

A table beside the sheet has grain and knots that look like strokes; but along the picture's
edge there are many of them, and digits' edges are short.
"""

from dataclasses import replace

import cv2
import numpy as np

from preprocessing.arrays import Mask
from preprocessing.binarization import Ink
from preprocessing.components import Region, digit_height

ALONG = 0.3  # of the picture's edge: a strip covers at least so much of it
DEEP = 0.15  # of the short side: a deeper strip is looked at no further in
DEEPEST = 255  # px, the same: what a byte holds
ROWS_MAX = 1024  # along the edge: OpenCV takes no median over a window of 400 and more
LOCALLY = 0.25  # of the edge: a strip is usually as deep as the median over this length
STRIP_GAP = 2  # px between strip and digit
ROUGH = 0.01  # of the long side: so far a strip's rough edge juts out
DIGIT_SIZE_MIN = 0.025  # of the long side: what is no larger either way is no digit
REST_MIN = 0.5  # times the joined ink: with less elsewhere, that ink is the digit itself
BORDER_NEAR = 0.04  # of the short side: nearer to the picture's edge means along it
EDGE_LINE_RATIO = (
    0.35  # of its length: a flatter piece along the picture's edge is a line cut by it
)
FRAGMENT_HEIGHT = (
    0.6  # of the digits' height: a smaller piece at the picture's edge is cut off something
)
BORDER_TOUCH = 1  # px from the picture's edge


def detach_from_border(found: Ink) -> Ink:
    """The same ink with a gap in its mask where digits leave a strip along the border."""
    result = found.mask.copy()
    for ink in (result, result.T, result[:, ::-1], result.T[:, ::-1]):
        _detach_left(ink)
    return replace(found, mask=result)


def _detach_left(ink: Mask) -> None:
    """Part, in place, what is joined to a strip along the left edge."""
    if np.count_nonzero(ink[:, 0]) < ALONG * len(ink):
        return
    near = ink[:, : min(DEEPEST, round(DEEP * min(ink.shape)))] == 0
    if not near.size:
        return  # the picture itself is a strip
    depth = np.where(near.any(axis=1), near.argmax(axis=1), near.shape[1])
    every = -(-len(ink) // ROWS_MAX)
    some = depth[::every].astype(np.uint8)[:, None]
    window = 2 * round(LOCALLY * len(some) / 2) + 1
    usual = cv2.medianBlur(some, window)[:, 0].repeat(every)[: len(ink)].astype(np.intp)
    rows = np.flatnonzero(usual)
    parted = ink.copy()
    for step in range(STRIP_GAP):
        parted[rows, usual[rows] + step] = 0
    count, labels, stats, _ = cv2.connectedComponentsWithStats(parted, connectivity=8)
    strip = np.append(np.unique(labels[:, 0]), 0)  # with what is no ink
    beside = np.setdiff1d(labels[rows, usual[rows] + STRIP_GAP], strip)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    side = max(ink.shape)
    large = (wide > ROUGH * side) & (np.maximum(wide, high) > DIGIT_SIZE_MIN * side)
    is_digit, is_strip = np.zeros(count, bool), np.zeros(count, bool)
    is_digit[beside[large[beside]]], is_strip[strip] = True, True
    areas = stats[:, cv2.CC_STAT_AREA]
    if is_digit.any() and areas[~is_digit & ~is_strip].sum() >= REST_MIN * areas[is_digit].sum():
        digits = is_digit[labels]
        at = np.flatnonzero(digits.any(axis=1))
        around = slice(max(0, at[0] - STRIP_GAP), at[-1] + STRIP_GAP + 1)
        ink[around] = parted[around]


def is_edge_line(piece: Region, shape: tuple[int, ...]) -> bool:
    """Whether a piece is a line or a table's edge that the picture's edge cuts."""
    edge = BORDER_NEAR * min(shape)
    vertical = piece.x <= edge or piece.x + piece.w >= shape[1] - edge
    horizontal = piece.y <= edge or piece.y + piece.h >= shape[0] - edge
    thin, flat = piece.w < EDGE_LINE_RATIO * piece.h, piece.h < EDGE_LINE_RATIO * piece.w
    return (vertical and thin) or (horizontal and flat)


def drop_border_regions(pieces: list[Region], shape: tuple[int, ...]) -> list[Region]:
    """Leave out pieces smaller than the digits that the picture's edge cuts."""
    digit = digit_height(pieces)
    return [
        piece
        for piece in pieces
        if _border_distance(piece, shape) > BORDER_TOUCH
        or max(piece.w, piece.h) >= FRAGMENT_HEIGHT * digit
    ]


def _border_distance(piece: Region, shape: tuple[int, ...]) -> int:
    """How far a piece is from the nearest edge of the picture, in px."""
    height, width = shape
    return min(piece.x, piece.y, width - piece.x - piece.w, height - piece.y - piece.h)
