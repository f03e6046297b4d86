"""What makes digits doubtful: a strike, a dot below, ink left out, a row that the picture cuts."""

from collections.abc import Sequence

import numpy as np

from preprocessing.arrays import Gray
from preprocessing.components import (
    MARK_MAX,
    Component,
    Region,
    border_distances,
    overlap,
)
from preprocessing.glyph import INK_LEVEL, stroke_width
from preprocessing.page import Page
from preprocessing.segmentation.candidates import is_in_line

STRIKE_END = 1.5  # stroke widths, height of the columns at a strike's ends: corners are higher
CUT_OFF_MAX = 1.5  # of a digit's height: higher ink at the picture's edge is no digit of its line
LEVEL_MIN = 0.5  # of its height: what stands in a line of digits shares more with one of them
STRIKE_MARGIN = 0.25  # of the height: nearer to its top or bottom a bar is part of the digit


def is_marked(page: Page) -> bool:
    """Whether a digit of a page is struck through, may be a question mark or may lack a neighbour.

    Dots and ink left out are looked for on pages that are read the way they were sent.
    """
    if any(map(is_struck, page.crops)):
        return True
    if page.segmentation is None or page.turns:
        return False
    components = page.segmentation.ink.components
    return is_incomplete(page.regions, components) or any(
        has_dot_below(region, components) for region in page.regions
    )


def is_incomplete(digits: Sequence[Region], components: Sequence[Component]) -> bool:
    """Whether ink that was left out lies in a line of digits and is as tall as they are."""
    return any(
        is_in_line(component, digits)
        and not any(min(overlap(component, digit)) > 0 for digit in digits)
        for component in components
    )


def is_cut_off(page: Page) -> bool:
    """Whether the left or the right edge of a picture may cut through a line of its digits.

    Then a stroke at that edge stands beside a digit, and is not much higher. Beside a lone digit
    it is rather a form's frame or the edge of the sheet.
    """
    if page.segmentation is None or len(page.regions) < 2:
        return False
    selection, padding = page.segmentation.selection.turned(page.turns), page.segmentation.padding
    strokes = selection.sure + selection.doubtful
    sides = (border_distances(stroke, selection.shape)[2:] for stroke in strokes)
    # Of a cut stroke at most a pixel at the edge may be missing in the mask.
    cut = [stroke for stroke, at in zip(strokes, sides, strict=True) if min(at) <= padding + 1]
    return any(
        MARK_MAX * digit.h <= stroke.h <= CUT_OFF_MAX * digit.h
        and overlap(stroke, digit)[1] >= LEVEL_MIN * stroke.h
        and not set(stroke.labels) & set(digit.labels)
        for stroke in cut
        for digit in page.regions
    )


def is_struck(crop: Gray) -> bool:
    """Whether a level stroke runs through a shape and stands out on its left and on its right.

    There the columns hold that stroke alone over the length of a stroke's width, in the middle of
    the height. A four's bar meets a corner on its left; a crossed seven's ends below its top.

    Args:
        crop: soft ink, 255 on 0.
    """
    ink = crop > 255 * INK_LEVEL
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    stroke = stroke_width(crop)
    ends = max(1, round(stroke))
    tops = ink.argmax(axis=0)
    bottoms = len(ink) - ink[::-1].argmax(axis=0)
    for side in (np.s_[:ends], np.s_[-ends:]):
        middle = float((tops[side] + bottoms[side]).mean()) / 2 / len(ink)
        if (bottoms - tops)[side].max() > STRIKE_END * stroke:
            return False
        if not STRIKE_MARGIN < middle < 1 - STRIKE_MARGIN:
            return False
    return True


def has_dot_below(digit: Region, components: Sequence[Component]) -> bool:
    """Whether a dot, no thinner than its strokes, stands under a digit, as in a question mark."""
    bottom, low = digit.y + digit.h, MARK_MAX * digit.h
    return any(
        digit.stroke <= min(w, h) <= max(w, h) <= low
        and digit.x < x + w / 2 < digit.x + digit.w
        and bottom < y < bottom + low
        for _, x, y, w, h in components
    )
