"""A decoded picture -> the working image: enlarged where it is small, impulse noise removed."""

import cv2
import numpy as np

from preprocessing.arrays import Gray

WORK_SIDE = 640  # px, long side of the picture in which the ink is looked for
COARSE_SIDE = 180  # px, the same of the picture in which large digits are looked for first
WORK_SIDE_MAX = 2560  # px, the same for strips and for small digits, at most
WORK_SHORT_MIN = 120  # px, short side to which small pictures are enlarged
IMPULSE_CONTRAST = 50  # grey levels from the median of the 3x3 around: grain and edges differ less
IMPULSES_MIN = 0.01  # of all pixels: fewer lone impulses are dust


def remove_impulse_noise(gray: Gray) -> Gray:
    """Replace impulses (salt and pepper), if there are many, by the median of the 3x3 around.

    A switching median filter (Sun and Neuvo, "Detail-preserving median based filters in image
    processing", 1994): all other pixels stay as they are. Only impulses without another beside
    them are counted, since a thin line is a row of pixels that differ from the median.
    """
    median = np.asarray(cv2.medianBlur(gray, 3), np.uint8)
    is_impulse = cv2.absdiff(gray, median) > IMPULSE_CONTRAST
    if np.count_nonzero(is_impulse) < IMPULSES_MIN * gray.size:
        return gray
    beside = cv2.boxFilter(is_impulse.view(np.uint8), -1, (3, 3), normalize=False)
    if np.count_nonzero(is_impulse & (beside == 1)) < IMPULSES_MIN * gray.size:
        return gray
    return np.where(is_impulse, median, gray)


def enlarge_small(gray: Gray) -> Gray:
    """Enlarge a picture to WORK_SHORT_MIN, so that windows of a few pixels fit into it."""
    grow = min(WORK_SHORT_MIN / min(gray.shape), WORK_SIDE_MAX / max(gray.shape))
    if grow <= 1:
        return gray
    way = cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, None, fx=grow, fy=grow, interpolation=way), np.uint8)
