"""Neighbours on a page -> the way to see them as one digit whose stroke broke.

Few digits are ever in such doubt, so it is looked for only when asked.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from preprocessing.boxes import Box, joined
from preprocessing.glyph import to_mnist
from preprocessing.page import Page
from preprocessing.touching import may_be_one


class Choice(NamedTuple):
    """Another way to see some neighbours in the reading order: parted or joined."""

    first: int  # index of the first of them
    replaces: int  # how many they are
    boxes: tuple[Box, ...]  # pixels of the upright original
    glyphs: NDArray[np.float32]  # (n, 28, 28), ink 1 on 0


def joins(page: Page, first: int) -> list[Choice]:
    """The digit of that index and the next one as one, where their pieces may be one digit."""
    if not 0 <= first < len(page.pieces) - 1:
        return []
    pair = page.pieces[first : first + 2]
    if not may_be_one(*pair):
        return []
    both = joined(*pair)
    soft = np.zeros((both.h + 2, both.w + 2), np.uint8)
    for piece, own in zip(pair, page.softs[first : first + 2], strict=True):
        place = soft[piece.y - both.y :, piece.x - both.x :][: own.shape[0], : own.shape[1]]
        place[:] = np.maximum(place, own * (piece.contrast / both.contrast))
    box = _around(*page.boxes[first : first + 2])
    return [Choice(first, 2, (box,), to_mnist(soft)[np.newaxis])]


def _around(a: Box, b: Box) -> Box:
    """The smallest box around two."""
    x, y = min(a.x, b.x), min(a.y, b.y)
    return Box(x, y, max(a.x + a.w, b.x + b.w) - x, max(a.y + a.h, b.y + b.h) - y)
