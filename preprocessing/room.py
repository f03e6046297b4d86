"""A picture that one digit fills -> the same with paper around.

The windows in which ink is told from paper are parts of the picture: strokes that are wide
beside it would be taken for paper, and hollow out.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.quantile import quantile

TIGHT_MAX = 48  # px, long side: smaller pictures are cut-out digits that may fill them
ROOM = 0.5  # of the short side: paper put around, so that not even a fat 1 fills a window
FLAT_SPREAD = 8  # grey levels from the border's median: this much is still one plain paper
FLAT_SHARE = 0.5  # of the border: so much of it is paper where a digit touches the edge
FAT = 0.15  # of the picture: strokes that cover as much, away from its border, are wide ones
FILLS = 0.75  # of the picture's height or width: a lower thing as fat is no digit
BLOCK = 0.45  # of the ink's longer side: what is wider at any place is an object, no stroke
INK_SHARE = 0.5  # of the distance from the border's grey to the strongest ink
INK_LEAST = 25  # grey levels, the same: less is the light's fall
STRONG_QUANTILE = 0.95  # of the pixels: the strongest ink
CALM = 0.12  # of the short side: narrower marks at the border do not go on in the paper around
LOOKED_AT = 64  # px, short side of the picture in which fat strokes are looked for

Gray = NDArray[np.uint8]


def with_room(gray: Gray, *, cut_out: bool) -> Gray:
    """Put paper around a digit that fills its picture, as wide on all sides, if any does."""
    sides = (round(ROOM * min(gray.shape)),) * 4
    if cut_out:
        border = _border(gray)
        paper = float(np.median(border))
        if (np.abs(border - paper) > FLAT_SPREAD).mean() <= 1 - FLAT_SHARE:
            way = cv2.BORDER_CONSTANT
            return np.asarray(cv2.copyMakeBorder(gray, *sides, way, value=paper), np.uint8)
    elif _is_fat(gray):
        calm = cv2.medianBlur(gray, round(CALM * min(gray.shape)) | 1)
        roomy = np.asarray(cv2.copyMakeBorder(calm, *sides, cv2.BORDER_REPLICATE), np.uint8)
        inner = slice(sides[0], -sides[0])
        roomy[inner, inner] = gray
        return roomy
    return gray


def _is_fat(gray: Gray) -> bool:
    """Whether there are wide strokes and no ink at all along the border, however it is lit."""
    step = max(1, min(gray.shape) // LOOKED_AT)
    few = np.asarray(cv2.medianBlur(np.ascontiguousarray(gray[::step, ::step]), 3), np.uint8)
    away = cv2.absdiff(few, np.full_like(few, np.median(_border(few))))
    strongest = quantile(away, STRONG_QUANTILE)
    ink = np.asarray(away > max(INK_LEAST, INK_SHARE * strongest), np.uint8)
    if _border(ink).any() or ink.mean() < FAT:
        return False
    _, _, w, h = cv2.boundingRect(ink)
    widest = 2 * float(cv2.distanceTransform(ink, cv2.DIST_L2, 3).max())
    fills = h >= FILLS * len(ink) or w >= FILLS * ink.shape[1]
    return fills and widest < BLOCK * max(w, h)


def _border(picture: Gray) -> Gray:
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
