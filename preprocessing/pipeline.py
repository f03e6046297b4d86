"""A photo -> its Page: in which size and colours it is looked at."""

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from preprocessing.coloured import coloured
from preprocessing.errors import NoDigitsFound
from preprocessing.look import WORK_SIDE, look
from preprocessing.page import Page, page_of_glyph
from preprocessing.photo import Photo
from preprocessing.specks import as_noisy_glyph

VERSION = "12"  # of the recipe: goes up whenever glyphs of the same photo change
WORK_SIDE_MAX = 2560  # px, long side of the picture for photos of small digits
KEPT_MIN = 0.9  # of what was found: with less in the ink's colour a digit was lost
DIGIT_MIN = 28  # px: with lower digits the photo is looked at once more, larger
DIGIT_GOOD = 44  # px: how tall they are made then


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
        return page_of_glyph(source.width, gray, glyph)
    largest = max(source.width, source.height)
    try:
        page = look(source, gray)
    except NoDigitsFound:
        again = _look_again(source, gray)
        if again is None:
            raise
        return again
    darker = _look_in_colour(source, page)
    if darker is not None:
        page = darker
    low = float(np.median([box.h for box in page.boxes])) * page.scale
    if low >= DIGIT_MIN or largest <= max(gray.shape):
        return page
    larger = min(round(max(gray.shape) * DIGIT_GOOD / low), WORK_SIDE_MAX)
    closer = None if darker is None else source.darkest(larger)
    return look(source, source.gray(larger) if closer is None else closer)


def _look_in_colour(source: Photo, page: Page) -> Page | None:
    """The page by the colour of its pale ink, where that shows no less of it."""
    darkest = coloured(source, page.gray, page.ink, page.boxes)
    if darkest is not None:
        with suppress(NoDigitsFound):
            darker = look(source, darkest)
            # A digit may hang together with the table's edge once both are darker.
            if _written(darker) > KEPT_MIN * _written(page):
                return darker
    return None


def _written(page: Page) -> int:
    """How much was found: digits together, not in pieces, are higher in sum."""
    return sum(box.h for box in page.boxes)


def _look_again(source: Photo, gray: NDArray[np.uint8]) -> Page | None:
    """Look where the ink may be smaller or coloured than a first look shows, if there is more."""
    darkest = source.darkest(WORK_SIDE)
    if darkest is not None:
        with suppress(NoDigitsFound):
            return look(source, darkest)
    if max(source.width, source.height) <= max(gray.shape):
        return None
    return look(source, source.gray(2 * WORK_SIDE))
