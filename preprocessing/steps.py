"""Whether brightness only steps at a piece of ink, as where a shadow or a thing ends."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.piece import Piece
from preprocessing.quantile import quantile

STEP = 0.15  # of what a piece is darker than its surroundings: a stroke's valley is half as deep
BLUR = 2  # px: so far a camera blurs a stroke; further out there is its paper
LIGHT = 0.9  # quantile of what is around: its light part, of whatever is on either side


def is_step(piece: Piece, gray: NDArray[np.uint8], labels: NDArray[np.integer]) -> bool:
    """Whether what a piece covers is no valley, or ridge, of the picture's brightness.

    Closing by a window wider than the stroke fills a stroke up to its paper; a slope from light
    to dark stays as it is, since the window fits into its dark side.
    """
    wide = 2 * (round(piece.stroke) + BLUR) + 1
    area = piece.around(2 * wide)
    own, shades = labels[area] == piece.labels[0], gray[area]
    window = np.ones((wide, wide), np.uint8)
    around = (cv2.dilate(own.view(np.uint8), window) > 0) & ~own
    sides = shades, 255 - shades
    return bool(around.any()) and all(_is_flat(side, own, around, window) for side in sides)


def _is_flat(
    shades: NDArray[np.uint8],
    own: NDArray[np.bool_],
    around: NDArray[np.bool_],
    window: NDArray[np.uint8],
) -> bool:
    filled = cv2.morphologyEx(shades, cv2.MORPH_CLOSE, window)
    ink, paper = float(shades[own].mean()), quantile(shades[around], LIGHT)
    return float(filled[own].mean()) - ink < STEP * (paper - ink)
