"""Mask -> its connected parts and their boxes, as fast as OpenCV can.

Contours give the boxes in a tenth of the time that `connectedComponentsWithStats` takes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

NO_PARENT = -1


class Part(NamedTuple):
    """One connected part of a mask: a pixel of it, and its box."""

    at: tuple[int, int]  # x, y
    x: int
    y: int
    w: int
    h: int

    @property
    def place(self) -> tuple[slice, slice]:
        """Its rows and columns in the mask."""
        return np.s_[self.y : self.y + self.h, self.x : self.x + self.w]


def parts_of(mask: NDArray[np.uint8]) -> list[Part]:
    """The 8-connected parts, those in the holes of others too."""
    outlines, levels = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return []
    outer = (np.reshape(levels, (-1, 4))[:, 3] == NO_PARENT).nonzero()[0]
    parts = []
    for outline in (outlines[index] for index in outer):
        x, y = (int(value) for value in outline[0, 0])
        parts.append(Part((x, y), *cv2.boundingRect(outline)))
    return parts


def own_pixels(mask: NDArray[np.uint8], part: Part) -> NDArray[np.uint8]:
    """A part alone within its box, 1 on 0: for a few parts less work than to label them all."""
    _, labels = labelled(mask[part.place])
    own = labels == labels[part.at[1] - part.y, part.at[0] - part.x]
    return np.asarray(own, np.uint8)


def pixels_of(mask: NDArray[np.uint8], parts: Sequence[Part]) -> NDArray[np.bool_]:
    """These parts alone, in a mask as large as theirs."""
    _, labels = labelled(mask)
    return np.isin(labels, [labels[part.at[1], part.at[0]] for part in parts])


def labelled(mask: NDArray[np.uint8]) -> tuple[int, NDArray[np.int32]]:
    """How many labels there are, the paper's 0 among them, and the picture of them."""
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    return count, np.asarray(labels, np.int32)
