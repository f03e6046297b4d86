"""What the pipeline finds in one photo."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from preprocessing.binarization import Ink
from preprocessing.components import Region
from preprocessing.glyph import to_mnist
from preprocessing.segmentation.candidates import Selection


class Box(NamedTuple):
    """A digit's place, in pixels of the upright original."""

    x: int
    y: int
    w: int
    h: int

    def turned(self, turns: int, width: int, height: int) -> "Box":
        """Where it lies once a picture of this size is turned by quarters anticlockwise."""
        box = self
        for _ in range(turns % 4):
            box = Box(box.y, width - box.x - box.w, box.h, box.w)
            width, height = height, width
        return box


@dataclass(frozen=True, eq=False)
class Page:
    """What was found in one photo."""

    width: int  # px, upright original: the photo as it was sent, but for EXIF's turn
    height: int
    gray: NDArray[np.uint8]  # working picture: the photo, or the part of it that holds the ink
    scale: float  # working pixels per original pixel
    corner: tuple[float, float]  # px of the original, (x, y): upper left corner of that picture
    ink: NDArray[np.uint8]  # mask, 1 where the working picture has ink
    boxes: tuple[Box, ...]  # in reading order, pixels of the upright original
    lines: tuple[int, ...]  # number of the line of each box
    crops: tuple[NDArray[np.uint8], ...] = ()  # each digit's soft ink, with a margin of one pixel
    regions: tuple[Region, ...] = ()  # where each digit was found, in the turned working picture
    cluttered: bool = False  # whether objects make up more of the ink than digits do
    turns: int = 0  # quarters anticlockwise that the digits were read after
    segmentation: "Segmentation | None" = None  # to be read another way up; None: a glyph
    whole: NDArray[np.float32] | None = None  # (28, 28), the glyph that the picture is, if any

    @cached_property
    def glyphs(self) -> NDArray[np.float32]:
        """The digits' (n, 28, 28) glyphs, ink 1 on 0."""
        return self.some_glyphs(range(len(self.boxes)))

    def some_glyphs(self, indices: Iterable[int]) -> NDArray[np.float32]:
        """The glyphs of some digits: of a page that is not read no others are made."""
        if self.whole is not None:
            return self.whole[np.newaxis]
        return np.array([to_mnist(self.crops[index]) for index in indices], np.float32)


class Segmentation(NamedTuple):
    """The ink and the strokes of a working picture, the same whichever way up it is read."""

    width: int  # px, upright original
    height: int
    gray: NDArray[np.uint8]  # working picture
    scale: float  # working pixels per original pixel
    corner: tuple[float, float]  # px of the original, (x, y): upper left corner of that picture
    padding: int  # working px of paper put around it before its ink was measured
    ink: Ink
    selection: Selection
    crops: dict[Region, NDArray[np.uint8]]  # cache: the soft ink of digits, as sent


def page_of_glyph(side: int, gray: NDArray[np.uint8], glyph: NDArray[np.float32]) -> Page:
    """Return the page of a picture that is one glyph, noise and all, `side` px wide and high."""
    box, scale = Box(0, 0, side, side), len(gray) / side
    ink = np.ones_like(gray)
    return Page(side, side, gray, scale, (0, 0), ink, (box,), (0,), whole=glyph)
