"""A photo -> its Page: the steps in order."""

from contextlib import suppress
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.boxes import Box, group
from preprocessing.coloured import coloured
from preprocessing.errors import Cause, NoDigitsFound
from preprocessing.glyph import to_mnist
from preprocessing.ink import Ink, find_ink
from preprocessing.lined import without_printed_lines
from preprocessing.lines import in_reading_order
from preprocessing.page import Page, page_of_glyph
from preprocessing.photo import Photo
from preprocessing.piece import Piece
from preprocessing.pieces import FULL_QUANTILE, find_pieces
from preprocessing.quantile import quantile
from preprocessing.room import TIGHT_MAX, with_room
from preprocessing.ruling import without_ruling
from preprocessing.specks import as_noisy_glyph, without_specks
from preprocessing.strips import parted_from_strips

VERSION = "10"  # of the recipe: goes up whenever glyphs of the same photo change
WORK_SIDE = 640  # px, long side of the picture in which the ink is looked for
WORK_SIDE_MAX = 2560  # px, the same for photos of small digits
WORK_SHORT_MIN = 120  # px, short side to which small pictures are enlarged
ENLARGED_MAX = 4.0  # times WORK_SIDE: the long side of an enlarged strip
COUNT_MAX = 150  # digits that a hand writes on one sheet: more marks are a page of print
DARK_MAX = 50  # grey level of the lightest paper: darker photos are too dark
BLUR_MAX = 0.02  # of the long side: ink that fades over more than this is a blur
BLUR_CONTRAST_MIN = 0.1  # of the paper's brightness: weaker shades are the paper's own
KEPT_MIN = 0.9  # of what was found: with less in the ink's colour a digit was lost
DIGIT_MIN = 28  # px: with lower digits the photo is looked at once more, larger
DIGIT_GOOD = 44  # px: how tall they are made then


class _Frame(NamedTuple):
    """How places in the picture that is worked on lie in the original."""

    scale: float  # working pixels per original pixel
    room: int  # working px of paper put around it


def read_page(photo: bytes) -> Page:
    """Find the digits in a photo; raises PhotoError."""
    return find_digits(Photo(photo))


def find_digits(source: Photo, turns: int = 0) -> Page:
    """Find the digits in a photo turned by quarters anticlockwise; raises PhotoError.

    Boxes and pictures of the page lie as the photo does; the glyphs and their order are those of
    the turned one.
    """
    if turns == 0:
        return _read(source)
    return _read(source.turned(turns)).turned_back(turns)


def _read(source: Photo) -> Page:
    gray = source.gray(WORK_SIDE)
    glyph = as_noisy_glyph(gray)
    if glyph is not None:
        return page_of_glyph(gray, glyph)
    largest = max(source.width, source.height)
    try:
        page = _look(source, gray)
    except NoDigitsFound:
        return _look_again(source, gray)
    darker = _look_in_colour(source, page)
    if darker is not None:
        page = darker
    low = float(np.median([box.h for box in page.boxes])) * page.scale
    if low >= DIGIT_MIN or largest <= max(gray.shape):
        return page
    larger = min(round(max(gray.shape) * DIGIT_GOOD / low), WORK_SIDE_MAX)
    closer = None if darker is None else source.darkest(larger)
    return _look(source, source.gray(larger) if closer is None else closer)


def _look_in_colour(source: Photo, page: Page) -> Page | None:
    """The page by the colour of its pale ink, where that shows no less of it."""
    darkest = coloured(source, page.gray, page.ink, page.boxes)
    if darkest is not None:
        with suppress(NoDigitsFound):
            darker = _look(source, darkest)
            # A digit may hang together with the table's edge once both are darker.
            if _written(darker) > KEPT_MIN * _written(page):
                return darker
    return None


def _written(page: Page) -> int:
    """How much was found: digits together, not in pieces, are higher in sum."""
    return sum(box.h for box in page.boxes)


def _look_again(source: Photo, gray: NDArray[np.uint8]) -> Page:
    """Look where the ink may be smaller or coloured than a first look shows."""
    darkest = source.darkest(WORK_SIDE)
    if darkest is not None:
        with suppress(NoDigitsFound):
            return _look(source, darkest)
    if max(source.width, source.height) > max(gray.shape):
        gray = source.gray(2 * WORK_SIDE)
    return _look(source, gray)


def _look(source: Photo, gray: NDArray[np.uint8]) -> Page:
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
