"""Pictures with single wrong pixels -> the same cleaned, or, if tiny, the noisy glyph as it is.

In a photo a digit's stroke is wider than a pixel, and so a lonely pixel is noise. In a picture
that is itself a 28x28 glyph, enlarged or not, nothing tells one from the other: such a picture
goes to the network untouched.
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import SIDE

ENLARGED_MAX = 22  # times 28 px: the largest working picture that may be one enlarged glyph
RESIDUE_MAX = 0.35  # of the picture's spread: what 28x28 points leave unexplained
RING = 3  # px at a glyph's edge that MNIST leaves empty
LONELY_GLYPH_MIN = 5  # pixels of a glyph that differ from all around: a clean digit has none
GRAIN_MIN = 0.1  # spread of the empty ring (1 is black to white): coarser grain is noise too
APART = 50  # grey levels from the pixels around: grain and edges stay below
NEIGHBOURS_MAX = 1  # wrong pixels beside a wrong pixel: more, and it is a thin line
SHARE_MIN = 0.01  # of all pixels: fewer wrong ones are dust
LONELY_MIN = 0.35  # of the wrong pixels: with fewer lonely ones they are thin lines

Gray = NDArray[np.uint8]


def as_noisy_glyph(gray: Gray) -> NDArray[np.float32] | None:
    """The float32 (28, 28) glyph, ink 1 on 0, that a picture is, if it is one and has noise."""
    side, times = gray.shape[0], gray.shape[0] // SIDE
    if gray.shape != (side, side) or side % SIDE or not 1 <= times <= ENLARGED_MAX:
        return None
    # A bilinear enlargement keeps the glyph's own levels only at the middle of its cells.
    margin = (times - 1) // 2
    cells = gray.reshape(SIDE, times, SIDE, times)[
        :, margin : times - margin, :, margin : times - margin
    ]
    points = cells.mean(axis=(1, 3), dtype=np.float32)
    ways = (cv2.INTER_NEAREST, cv2.INTER_LINEAR)
    rebuilt = (cv2.resize(points, dsize=(side, side), interpolation=way) for way in ways)
    residue = min(float(np.abs(again - gray).mean()) for again in rebuilt)
    low, high = np.quantile(points, (0.01, 0.99))
    if high - low < APART or residue > RESIDUE_MAX * float(points.std()):
        return None
    glyph = np.clip((points - low) / (high - low), 0, 1)
    ring = np.ones((SIDE, SIDE), bool)
    ring[RING:-RING, RING:-RING] = False
    if np.median(glyph[ring]) > 0.5:
        glyph = 1 - glyph
    grain = 1.4826 * float(np.median(np.abs(glyph[ring] - np.median(glyph[ring]))))
    is_noisy = _lonely(glyph) >= LONELY_GLYPH_MIN or grain > GRAIN_MIN
    return cast(NDArray[np.float32], glyph.astype(np.float32)) if is_noisy else None


def without_specks(gray: Gray) -> Gray:
    """Replace lonely wrong pixels (salt and pepper) by what is around, if there are many."""
    # Lonely ones stand out from the nearest pixels too, which is seen in a tenth of the time.
    apart = cv2.absdiff(gray, cv2.medianBlur(gray, 3)) > APART // 2
    if np.count_nonzero(apart) < LONELY_MIN * SHARE_MIN * gray.size:
        return gray
    middle = cv2.medianBlur(gray, 5)
    wrong = (cv2.absdiff(gray, middle) > APART).astype(np.uint8)
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


def _lonely(glyph: NDArray[np.float32]) -> int:
    """How many pixels differ strongly from all eight around."""
    ring = np.ones((3, 3), np.uint8)
    ring[1, 1] = 0
    above, below = cv2.dilate(glyph, ring), cv2.erode(glyph, ring)
    return int(((glyph - above > 0.3) | (below - glyph > 0.3)).sum())
