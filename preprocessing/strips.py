"""Ink along the picture's edge, as of a desk beside the sheet -> parted from digits there.

A digit that reaches the sheet's edge hangs together with the desk and would be taken for it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

ALONG = 0.3  # of the picture's edge: a strip covers at least so much of it
DEEP = 0.15  # of the short side: a deeper strip is looked at no further in
DEEPEST = 255  # px, the same: what a byte holds
ROWS_MAX = 1024  # along the edge: OpenCV takes no median over a window of 400 and more
LOCALLY = 0.25  # of the edge: a strip is usually as deep as the median over this length
GAP = 2  # px between strip and digit
ROUGH = 0.01  # of the long side: so far a strip's rough edge juts out
BIT = 0.025  # of the long side: what is no larger either way is no digit
REST = 0.5  # times the joined ink: with less elsewhere, that ink is the digit itself

Mask = NDArray[np.uint8]


def parted_from_strips(mask: Mask) -> Mask:
    """Return the (height, width) ink, 1 on 0, with a gap where digits leave a strip."""
    result = mask.copy()
    for ink in (result, result.T, result[:, ::-1], result.T[:, ::-1]):
        _part(ink)
    return result


def _part(ink: Mask) -> None:
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
    for step in range(GAP):
        parted[rows, usual[rows] + step] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(parted, connectivity=8)
    strip = np.append(labels[:, 0], 0)  # with what is no ink
    beside = np.setdiff1d(labels[rows, usual[rows] + GAP], strip)
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    side = max(ink.shape)
    large = (wide > ROUGH * side) & (np.maximum(wide, high) > BIT * side)
    digits = np.isin(labels, beside[large[beside]])
    rest = ~digits & ~np.isin(labels, strip)
    if digits.any() and np.count_nonzero(rest) >= REST * np.count_nonzero(digits):
        at = np.flatnonzero(digits.any(axis=1))
        around = slice(max(0, at[0] - GAP), at[-1] + GAP + 1)
        ink[around] = parted[around]
