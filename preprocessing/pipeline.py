"""A photo -> its Page: the steps in order."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.boxes import Box, Piece, find_pieces, group
from preprocessing.errors import NoDigitsFound
from preprocessing.glyph import to_mnist
from preprocessing.ink import Ink, find_ink
from preprocessing.lines import in_reading_order
from preprocessing.photo import Photo
from preprocessing.ruling import without_ruling

VERSION = "1"  # of the recipe: goes up whenever glyphs of the same photo change
WORK_SIDE = 640  # px, long side of the picture in which the ink is looked for
WORK_SHORT_MIN = 120  # px, short side to which small pictures are enlarged


@dataclass(frozen=True, eq=False)
class Page:
    """What was found in one photo."""

    width: int  # px, upright original
    height: int
    gray: NDArray[np.uint8]  # working picture
    scale: float  # working pixels per original pixel
    ink: NDArray[np.uint8]  # mask, 1 where the working picture has ink
    boxes: tuple[Box, ...]  # in reading order, pixels of the upright original
    lines: tuple[int, ...]  # number of the line of each box
    glyphs: NDArray[np.float32]  # (n, 28, 28), ink 1 on 0


def read_page(photo: bytes) -> Page:
    """Find the digits in a photo; raises PhotoError."""
    source = Photo(photo)
    gray = source.gray(WORK_SIDE)
    if min(gray.shape) < WORK_SHORT_MIN:
        grow = WORK_SHORT_MIN / min(gray.shape)
        grow = min(grow, 4 * WORK_SIDE / max(gray.shape))
        gray = np.asarray(cv2.resize(gray, None, fx=grow, fy=grow, interpolation=cv2.INTER_CUBIC))
    scale = max(gray.shape) / max(source.width, source.height)
    ink = find_ink(gray)
    mask = without_ruling(ink)
    pieces, labels = find_pieces(mask, ink.contrast)
    digits = group(pieces)
    if not digits:
        raise NoDigitsFound
    order = in_reading_order(digits)
    glyphs = [to_mnist(_soft(ink, labels, digits[i])) for i, _ in order]
    boxes = [_original(digits[i], scale) for i, _ in order]
    return Page(
        source.width, source.height, gray, scale, mask,
        tuple(boxes), tuple(line for _, line in order), np.array(glyphs, np.float32),
    )  # fmt: skip


def _original(piece: Piece, scale: float) -> Box:
    x, y, w, h = (round(v / scale) for v in (piece.x, piece.y, piece.w, piece.h))
    return Box(x, y, max(w, 1), max(h, 1))


def _soft(ink: Ink, labels: NDArray[np.int32], piece: Piece) -> NDArray[np.uint8]:
    """The soft ink of one digit alone, 255 where its strokes are fully inked."""
    top, left = max(0, piece.y - 1), max(0, piece.x - 1)
    part = np.s_[top : piece.y + piece.h + 1, left : piece.x + piece.w + 1]
    own = np.isin(labels[part], piece.labels)
    near = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    contrast = np.where(near & (own | (labels[part] == 0)), ink.contrast[part], 0)
    full = float(np.quantile(contrast[own], 0.8))
    return np.asarray(np.clip(contrast / full, 0, 1) * 255, dtype=np.uint8)
