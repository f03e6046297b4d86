"""One connected piece of ink, and how high the digits are that pieces make up."""

from typing import NamedTuple

import numpy as np


class Piece(NamedTuple):
    """One connected piece of ink in the working picture."""

    labels: tuple[int, ...]
    x: int
    y: int
    w: int
    h: int
    area: int
    stroke: float  # px, mean width
    contrast: float  # to the paper, of its inkier part

    @property
    def place(self) -> tuple[slice, slice]:
        """Its rows and columns in the working picture."""
        return np.s_[self.y : self.y + self.h, self.x : self.x + self.w]

    def around(self, reach: int) -> tuple[slice, slice]:
        """The same with so many px more on each side, as far as the picture goes."""
        top, left = max(0, self.y - reach), max(0, self.x - reach)
        return np.s_[top : self.y + self.h + reach, left : self.x + self.w + reach]


def digit_height(pieces: list[Piece]) -> float:
    """The height that most of the ink is written in."""
    if not pieces:
        return 0.0
    heights = np.array([max(p.h, p.w) for p in pieces], float)
    order = np.argsort(heights)
    share = np.cumsum(heights[order]) / heights.sum()
    return float(heights[order][np.searchsorted(share, 0.5)])
