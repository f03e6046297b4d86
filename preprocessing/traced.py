"""A rough path along a printed line -> the line, followed closely."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

WINDOW = 0.13  # of the picture's width: the length over which a line is averaged
BENDS = 5  # degree of the polynomial that a line on paper that is not flat follows
FAINTEST, BARE = 0.1, 0.4  # quantiles of a line's contrast: under no digit; its own

Field = NDArray[np.float32]


class Line(NamedTuple):
    """A level line: a row for each column from `first` on, px."""

    first: int
    rows: NDArray[np.intp]
    thickness: int
    contrast: float
    faintest: float  # the contrast where it is faintest


def traced(contrast: Field, columns: NDArray[np.intp], path: Field, reach: int) -> Line:
    """Follow a line closely that runs within `reach` px of a path."""
    beside = np.arange(-reach, reach + 1)
    window = max(9, round(WINDOW * contrast.shape[1] / 4)) | 1
    near = _around(contrast, columns, path, beside)
    shift = cv2.blur(near, (window, 1)).argmax(axis=0) - reach
    path = _smooth(path + shift)
    wide = np.arange(-3 * reach - 3, 3 * reach + 4)
    profile = np.quantile(_around(contrast, columns, path, wide), BARE, axis=1)
    middle = len(wide) // 2
    peak = float(profile[middle - 1 : middle + 2].max())
    out = profile <= peak / 2
    below = int(np.argmax(out[middle:])) or reach
    above = int(np.argmax(out[middle::-1])) or reach
    strength = cv2.blur(_around(contrast, columns, path, np.arange(-1, 2)), (5, 1)).max(axis=0)
    low, usual = np.quantile(strength, (FAINTEST, BARE))
    rows = np.round(path).astype(np.intp)
    return Line(int(columns[0]), rows, above + below - 1, float(usual), float(low))


def _smooth(path: Field) -> Field:
    """A path as paper bends, whatever strokes along it have drawn some of its points to."""
    columns = np.linspace(-1, 1, len(path))
    trusted = np.ones(len(path), bool)
    for _ in range(3):
        curve = np.polyval(np.polyfit(columns[trusted], path[trusted], BENDS), columns)
        off = np.abs(path - curve)
        trusted = off <= max(1.0, 2 * float(np.median(off)))
    return np.asarray(curve, np.float32)


def _around(
    contrast: Field, columns: NDArray[np.intp], path: Field, beside: NDArray[np.intp]
) -> Field:
    """The contrast along a path, and beside it: (places beside, columns)."""
    rows = np.round(path).astype(np.intp)[None, :] + beside[:, None]
    return np.asarray(contrast[rows.clip(0, len(contrast) - 1), columns], np.float32)
