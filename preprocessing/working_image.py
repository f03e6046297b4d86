"""A decoded picture -> the working image: enlarged, impulse noise removed."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Gray

IMPULSE_CONTRAST = 50  # grey levels from the pixels around: grain and edges stay below
NEIGHBOURS_MAX = 1  # wrong pixels beside a wrong pixel: more, and it is a thin line
SHARE_MIN = 0.01  # of all pixels: fewer wrong ones are dust
LONELY_MIN = 0.35  # of the wrong pixels: with fewer lonely ones they are thin lines
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


def enlarge_small(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give windows of a few pixels room to work in a small picture."""
    grow = min(WORK_SHORT_MIN / min(gray.shape), STRIP_ENLARGED_MAX * WORK_SIDE / max(gray.shape))
    if grow <= 1:
        return gray
    way = cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, None, fx=grow, fy=grow, interpolation=way), np.uint8)
