"""One working picture of a photo -> its Page: the steps from grey to glyphs, in order."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.boxes import Box, group
from preprocessing.errors import Cause, NoDigitsFound
from preprocessing.glyph import to_mnist
from preprocessing.ink import Ink, find_ink
from preprocessing.lined import without_printed_lines
from preprocessing.lines import in_reading_order
from preprocessing.page import Page
from preprocessing.photo import Photo
from preprocessing.piece import Piece
from preprocessing.pieces import FULL_QUANTILE, find_pieces
from preprocessing.quantile import quantile
from preprocessing.room import TIGHT_MAX, with_room
from preprocessing.ruling import without_ruling
from preprocessing.specks import without_specks
from preprocessing.strips import parted_from_strips

WORK_SIDE = 640  # px, long side of the picture in which the ink is looked for
WORK_SHORT_MIN = 120  # px, short side to which small pictures are enlarged
ENLARGED_MAX = 4.0  # times WORK_SIDE: the long side of an enlarged strip
COUNT_MAX = 150  # digits that a hand writes on one sheet: more marks are a page of print
DARK_MAX = 50  # grey level of the lightest paper: darker photos are too dark
BLUR_MAX = 0.02  # of the long side: ink that fades over more than this is a blur
BLUR_CONTRAST_MIN = 0.1  # of the paper's brightness: weaker shades are the paper's own


class _Frame(NamedTuple):
    """How places in the picture that is worked on lie in the original."""

    scale: float  # working pixels per original pixel
    room: int  # working px of paper put around it


def look(source: Photo, gray: NDArray[np.uint8]) -> Page:
    """All steps on one working picture; raises NoDigitsFound."""
    gray = without_specks(_enlarged(gray))
    scale = max(gray.shape) / max(source.width, source.height)
    roomy = with_room(gray, cut_out=max(source.width, source.height) <= TIGHT_MAX)
    frame = _Frame(scale, (len(roomy) - len(gray)) // 2)
    ink = without_printed_lines(find_ink(roomy))
    mask = parted_from_strips(without_ruling(ink))
    pieces, labels, cluttered = find_pieces(ink, mask)
    digits = group(pieces)
    if not digits:
        raise NoDigitsFound(_cause(gray, ink, cluttered=cluttered))
    if len(digits) > COUNT_MAX:
        raise NoDigitsFound("printed")
    order = in_reading_order(digits)
    digits = [digits[i] for i, _ in order]
    softs = [_soft(ink, labels, digit) for digit in digits]
    return Page(
        source.width,
        source.height,
        gray,
        scale,
        mask[frame.room :, frame.room :][: gray.shape[0], : gray.shape[1]],
        tuple(_original(digit, frame) for digit in digits),
        tuple(line for _, line in order),
        np.array([to_mnist(soft) for soft in softs], np.float32),
        tuple(softs),
        tuple(digits),
        cluttered,
    )


def _cause(gray: NDArray[np.uint8], ink: Ink, *, cluttered: bool) -> Cause:
    """Why there is no digit, as far as it can be measured."""
    if quantile(gray[::4, ::4], 0.99) < DARK_MAX:
        return "too_dark"
    # In a sharp picture ink is left within a pixel or two; how far is it here?
    steepest = float(np.abs(np.diff(ink.contrast, axis=1)).max(initial=0))
    deepest = float(ink.contrast.max())
    if deepest > BLUR_CONTRAST_MIN and deepest > steepest * BLUR_MAX * max(gray.shape):
        return "too_blurred"
    return "not_digits" if cluttered else "no_ink"


def _enlarged(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give windows of a few pixels room to work in a small picture."""
    grow = min(WORK_SHORT_MIN / min(gray.shape), ENLARGED_MAX * WORK_SIDE / max(gray.shape))
    if grow <= 1:
        return gray
    way = cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, None, fx=grow, fy=grow, interpolation=way), np.uint8)


def _original(piece: Piece, frame: _Frame) -> Box:
    place = piece.x - frame.room, piece.y - frame.room, piece.w, piece.h
    x, y, w, h = (round(v / frame.scale) for v in place)
    return Box(x, y, max(w, 1), max(h, 1))


def _soft(ink: Ink, labels: NDArray[np.int32], piece: Piece) -> NDArray[np.uint8]:
    """The soft ink of one digit alone with a pixel of paper around, 255 where fully inked."""
    inside, contrast = labels[piece.place], ink.contrast[piece.place]
    own = np.any([inside == label for label in piece.labels], axis=0)
    near = cv2.dilate(own.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    full = quantile(contrast[own], FULL_QUANTILE)
    share = np.where(own | (near & (inside == 0)), contrast / full, 0)
    return np.pad((np.clip(share, 0, 1) * 255).astype(np.uint8), 1)
