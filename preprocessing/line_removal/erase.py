"""Printed lines -> erased from the ink, except where a stroke crosses or is darker than them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask, Field, Mask, opening
from preprocessing.binarization import Ink

SLOPE_MAX = 0.16  # px up or down for each px along: a photo held straighter than 9 degrees
LINES_MAX = 100  # lines in one direction: a sheet of 4 mm squares has fewer
INKED_MIN = 0.6  # of a line or a side of a box: so much is ink along a straight course
BORDER_SHARE = 0.03  # of a side of the picture: a line that ends nearer to its edge reaches it
OWN_QUANTILE = (
    0.4  # of the thickness or contrast along a line: that of the line itself, no digit's
)
UNTOUCHED_QUANTILE = 0.25  # the same where digits touch much of the line, but none lies on it
ALIKE_MAX = 1.8  # ratio: printed lines of one sheet differ less in thickness and contrast
BAND_SLOPE, BAND_BASE = 0.7, 1.0  # half width of a line's band, px: this times its thickness + px
CROSSING_MIN = 1.6  # ratio: ink taller than this times a line's thickness, + 3 px, crosses it
PEN_CONTRAST_MIN = 1.7  # ratio: ink of more than this times a line's contrast is the pen's


class Line(NamedTuple):
    """A nearly horizontal line: one row for each column from `first` on, px."""

    first: int
    rows: NDArray[np.intp]
    thickness: float  # px
    contrast: float  # median, as in Ink.contrast


def erase(ink: Ink, horizontal: Sequence[Line], vertical: Sequence[Line]) -> Ink:
    """The ink without these lines; vertical ones are given in the transposed picture."""
    if not horizontal and not vertical:
        return ink
    own = _line_pixels(horizontal, ink.contrast, ink.mask)
    own |= _line_pixels(vertical, ink.contrast.T, ink.mask.T).T
    return ink.erased(own)


def half_band(thickness: float) -> float:
    """The largest distance of a line's ink from its middle, px, with ragged and blurred edges."""
    return BAND_SLOPE * thickness + BAND_BASE


def _line_pixels(lines: Sequence[Line], contrast: Field, mask: Mask) -> BoolMask:
    """The pixels of horizontal lines that no stroke covers, as a mask.

    Lines whose bands cover the picture twice are none, but inked areas.
    """
    own = np.zeros_like(contrast, bool)  # in the same order in memory
    bands = sum(2 * half_band(line.thickness) * len(line.rows) for line in lines)
    if bands > 2 * own.size:
        return own
    # Indices into flat arrays take half the time of those for rows and columns. The flat arrays
    # are views, of transposed ones too: to copy these takes as long as all else here.
    wiped, levels = own.ravel("K"), contrast.ravel("K")
    down, across = (stride // contrast.itemsize for stride in contrast.strides)
    tall = [round(CROSSING_MIN * line.thickness) + 3 for line in lines]
    crossings = {height: _vertical_opening(mask, height).ravel("K") for height in set(tall)}
    for line, height in zip(lines, tall, strict=True):
        half = round(half_band(line.thickness))
        rows = (line.rows + np.arange(-half, half + 1)[:, None]).clip(0, len(own) - 1)
        columns = line.first + np.arange(len(line.rows))
        place = rows * down + columns * across
        wiped[place] |= (crossings[height].take(place) == 0) & (
            levels.take(place) <= PEN_CONTRAST_MIN * line.contrast
        )
    return own


def _vertical_opening(mask: Mask, height: int) -> Mask:
    """What of a mask, or of a transposed one, vertical runs of so many px fit into."""
    return opening(mask, 1, height) if mask.flags.c_contiguous else opening(mask.T, height, 1).T
