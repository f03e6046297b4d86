"""Grey picture -> how far each pixel stands out from its paper, and which pixels are ink.

The paper is estimated twice on a small copy. A morphological closing (opening, for light ink)
wipes out everything narrower than its window and so follows the edges of shadows; a median
over a much larger window tells paper from ink where the closing cannot. Ink has to stand out
from both. Dividing by the paper makes the result the same in shadow and in light.
"""

from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

SMALL_SIDE = 160  # px, short side of the copy on which the paper is estimated
STROKE_WINDOW = 0.22  # of the short side: wider dark things are no strokes but paper or objects
PAPER_WINDOW = 0.6  # of the short side: ink fills less than half of any such window
PAPER_MIN = 32  # grey levels: darker paper is divided by this, or its noise would look like ink
PAPER_MIN_LIGHT = 100  # grey levels, the same for light ink, which stands out without division
REGION = 0.25  # of the short side: within it ink is all dark or all light
NOISE_SPANS = 4.0  # times the paper's own spread: ink stands out at least so far
CONTRAST_MIN = 0.05  # of the paper's brightness: fainter marks are print-through and stains
STRONG_SHARE_NEAR = 0.3  # of the strongest ink within a region: fainter pixels are its halo
STRONG_SHARE_FAR = 0.15  # of the strongest ink anywhere
STRONG_QUANTILE = 0.999  # of the pixels of the small copy: the strongest ink, but for glints


class Ink(NamedTuple):
    """Where the ink is, and how much of it."""

    contrast: NDArray[np.float32]  # part of the paper's brightness by which a pixel stands out
    mask: NDArray[np.uint8]  # 1 where that is ink
    faint: NDArray[np.uint8]  # 1 where anything at all stands out from the paper's grain
    light: bool  # whether most of the ink is lighter than its paper


def find_ink(gray: NDArray[np.uint8]) -> Ink:
    """Measure the ink of an upright uint8 picture of at least 8x8 pixels."""
    dark, light = _stand_out(gray)
    strong_dark, strong_light = _strongest_near(dark), _strongest_near(light)
    is_light = strong_light > strong_dark
    near = np.maximum(strong_dark, strong_light)
    height, width = gray.shape
    where = cv2.resize(is_light.astype(np.uint8), (width, height)) > 0
    contrast = np.where(where, light, dark)
    floor = _paper_level(contrast)
    strongest = float(np.quantile(near, STRONG_QUANTILE))
    level = np.maximum(near * STRONG_SHARE_NEAR, max(floor, strongest * STRONG_SHARE_FAR))
    mask = contrast > cv2.resize(level, (width, height), interpolation=cv2.INTER_LINEAR)
    faint = contrast > floor
    is_light_ink = bool(mask.any()) and float(where[mask].mean()) > 0.5
    return Ink(contrast, mask.astype(np.uint8), faint.astype(np.uint8), is_light_ink)


def _stand_out(gray: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Contrast to the paper of every pixel taken as dark ink, and taken as light ink."""
    height, width = gray.shape
    shrink = max(1, round(min(gray.shape) / SMALL_SIDE))
    size = max(8, width // shrink), max(8, height // shrink)
    small = cv2.medianBlur(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), 3)
    stroke = round(STROKE_WINDOW * min(small.shape)) | 1
    room = cv2.copyMakeBorder(small, stroke, stroke, stroke, stroke, cv2.BORDER_REPLICATE)
    kernel = np.ones((stroke, stroke), np.uint8)
    inner = np.s_[stroke:-stroke, stroke:-stroke]
    closed = cv2.blur(cv2.morphologyEx(room, cv2.MORPH_CLOSE, kernel)[inner], (5, 5))
    opened = cv2.blur(cv2.morphologyEx(room, cv2.MORPH_OPEN, kernel)[inner], (5, 5))
    window = min(round(PAPER_WINDOW * min(small.shape)) | 1, 255)
    edge = window // 2
    room = cv2.copyMakeBorder(small, edge, edge, edge, edge, cv2.BORDER_REFLECT)
    paper = cv2.medianBlur(room, window)[edge:-edge, edge:-edge]

    def grown(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        return cast(
            NDArray[np.float32],
            cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR).astype(
                np.float32
            ),
        )

    smooth = cv2.GaussianBlur(gray, (3, 3), 0).astype(np.float32)
    level = grown(paper)
    dark = (grown(np.minimum(closed, paper)) - smooth) / np.maximum(level, PAPER_MIN)
    light = (smooth - grown(np.maximum(opened, paper))) / np.maximum(level, PAPER_MIN_LIGHT)
    return dark, light


def _strongest_near(contrast: NDArray[np.float32]) -> NDArray[np.float32]:
    """The strongest contrast within a region around each pixel, on an eighth of the size."""
    step = 8
    pooled = cv2.dilate(contrast, np.ones((step + 1, step + 1), np.uint8))[::step, ::step]
    side = round(REGION * min(pooled.shape)) | 1
    return cast(NDArray[np.float32], cv2.blur(cv2.dilate(pooled, np.ones((side, side))), (3, 3)))


def _paper_level(contrast: NDArray[np.float32]) -> float:
    """The contrast that the paper itself, with its grain and its stains, does not reach."""
    low, middle = np.quantile(contrast[::4, ::4], (0.16, 0.5))
    return float(middle + max(NOISE_SPANS * (middle - low), CONTRAST_MIN))
