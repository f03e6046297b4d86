"""A decoded picture -> the working image: enlarged, impulse noise removed, padded."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Gray, quantile

IMPULSE_CONTRAST = 50  # grey levels from the pixels around: grain and edges stay below
NEIGHBOURS_MAX = 1  # wrong pixels beside a wrong pixel: more, and it is a thin line
SHARE_MIN = 0.01  # of all pixels: fewer wrong ones are dust
LONELY_MIN = 0.35  # of the wrong pixels: with fewer lonely ones they are thin lines
TIGHT_MAX = 48  # px, long side: smaller pictures are cut-out digits that may fill them
PADDING = 0.5  # of the short side: paper put around, so that not even a fat 1 fills a window
FLAT_SPREAD = 8  # grey levels from the border's median: this much is still one plain paper
FLAT_SHARE = 0.5  # of the border: so much of it is paper where a digit touches the edge
FAT_STROKE = (
    0.15  # of the picture: strokes that cover as much, away from its border, are wide ones
)
FILLS = 0.75  # of the picture's height or width: a lower thing as fat is no digit
BLOCK = 0.45  # of the ink's longer side: what is wider at any place is an object, no stroke
INK_SHARE = 0.5  # of the distance from the border's grey to the strongest ink
INK_LEAST = 25  # grey levels, the same: less is the light's fall
STRONG_QUANTILE = 0.95  # of the pixels: the strongest ink
CALM = 0.12  # of the short side: narrower marks at the border do not go on in the paper around
LOOKED_AT = 64  # px, short side of the picture in which fat strokes are looked for
WORK_SIDE = 640  # px, long side of the picture in which the ink is looked for
WORK_SHORT_MIN = 120  # px, short side to which small pictures are enlarged
STRIP_ENLARGED_MAX = 4.0  # times WORK_SIDE: the long side of an enlarged strip


def remove_impulse_noise(gray: Gray) -> Gray:
    """Replace lonely wrong pixels (salt and pepper) by what is around, if there are many."""
    # Lonely ones stand out from the nearest pixels too, which is seen in a tenth of the time.
    apart = cv2.absdiff(gray, cv2.medianBlur(gray, 3)) > IMPULSE_CONTRAST // 2
    if np.count_nonzero(apart) < LONELY_MIN * SHARE_MIN * gray.size:
        return gray
    middle = cv2.medianBlur(gray, 5)
    wrong = (cv2.absdiff(gray, middle) > IMPULSE_CONTRAST).astype(np.uint8)
    if wrong.mean() < SHARE_MIN:
        return gray
    beside = cv2.boxFilter(wrong, ddepth=cv2.CV_16S, ksize=(3, 3), normalize=False) - 1
    if (beside[wrong > 0] <= NEIGHBOURS_MAX).mean() < LONELY_MIN:
        return gray
    right = (1 - wrong).astype(np.float32)
    weight = cv2.GaussianBlur(right, (5, 5), 0.8)
    filled = cv2.GaussianBlur(gray * right, (5, 5), 0.8) / np.maximum(weight, 1e-3)
    filled = np.where(weight > 0.05, filled, middle)
    return np.where(wrong > 0, filled, gray).astype(np.uint8)


def pad_tight_crop(gray: Gray, *, cut_out: bool) -> Gray:
    """Put paper around a digit that fills its picture, as wide on all sides, if any does."""
    sides = (round(PADDING * min(gray.shape)),) * 4
    if cut_out:
        border = _border_pixels(gray)
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
    away = cv2.absdiff(few, np.full_like(few, np.median(_border_pixels(few))))
    strongest = quantile(away, STRONG_QUANTILE)
    ink = np.asarray(away > max(INK_LEAST, INK_SHARE * strongest), np.uint8)
    if _border_pixels(ink).any() or ink.mean() < FAT_STROKE:
        return False
    _, _, w, h = cv2.boundingRect(ink)
    widest = 2 * float(cv2.distanceTransform(ink, cv2.DIST_L2, 3).max())
    fills = h >= FILLS * len(ink) or w >= FILLS * ink.shape[1]
    return fills and widest < BLOCK * max(w, h)


def _border_pixels(picture: Gray) -> Gray:
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])


def enlarge_small(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give windows of a few pixels room to work in a small picture."""
    grow = min(WORK_SHORT_MIN / min(gray.shape), STRIP_ENLARGED_MAX * WORK_SIDE / max(gray.shape))
    if grow <= 1:
        return gray
    way = cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, None, fx=grow, fy=grow, interpolation=way), np.uint8)
