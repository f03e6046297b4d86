"""Pale ink of a page -> the picture in which its colour makes it dark, if it has any.

Orange on grey paper may be hardly darker than the paper, and yet much darker in blue.
"""

import numpy as np
from numpy.typing import NDArray

from preprocessing.boxes import Box
from preprocessing.photo import Photo

PALE = 0.25  # mean contrast: darker ink is seen well enough in grey
STRONGER = 1.5  # times that contrast: pencil's and blue ink's grows less

Gray = NDArray[np.uint8]


def coloured(source: Photo, gray: Gray, ink: Gray, boxes: tuple[Box, ...]) -> Gray | None:
    """The picture by the darkest colour, as large as the grey one where the ink is pale.

    Args:
        ink: mask, 1 where the grey picture has ink.
        boxes: of the digits found there, in px of the upright original.
    """
    scale = max(gray.shape) / max(source.width, source.height)
    pale = _contrast(gray, ink, boxes, scale)
    if not 0 < pale < PALE:
        return None
    darkest = source.darkest(max(gray.shape))
    if darkest is None or darkest.shape != gray.shape:
        return None
    return darkest if _contrast(darkest, ink, boxes, scale) > STRONGER * pale else None


def _contrast(picture: Gray, ink: Gray, boxes: tuple[Box, ...], scale: float) -> float:
    """By what part of the paper's brightness the ink in boxes is darker; 0 where none is."""
    places = [tuple(round(side * scale) for side in box) for box in boxes]
    areas = [np.s_[y : y + h, x : x + w] for x, y, w, h in places]
    own = np.concatenate([ink[area].ravel() for area in areas]) > 0
    shades = np.concatenate([picture[area].ravel() for area in areas])
    if own.all() or not own.any():
        return 0.0
    return 1 - float(shades[own].mean()) / max(1.0, float(shades[~own].mean()))
