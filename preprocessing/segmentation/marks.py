"""What makes digits doubtful: a strike, a dot or a foot below, ink left out, a picture's edge."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask, Field, Gray, quantile
from preprocessing.binarization import Ink
from preprocessing.components import (
    BAR,
    BESIDE_MIN,
    MARK_MAX,
    WHOLE_MIN,
    Component,
    Rectangle,
    Region,
    border_distances,
    connected_components,
    overlap,
    own_pixels,
)
from preprocessing.glyph import INK_LEVEL, stroke_width
from preprocessing.page import Page
from preprocessing.segmentation.candidates import BLUR, FAINT_MAX, is_straight
from preprocessing.segmentation.grouping import (
    GAP_HEIGHTS,
    GAP_STROKES,
    TALL_MIN,
    UNDERLINE_ASPECT_MIN,
)

STRIKE_END = 1.5  # stroke widths, height of the columns at a strike's ends: corners are higher
BELOW_MAX = 0.35  # of a digit's height: what is its dot or its foot is less far below
STRIKE_MARGIN = 0.25  # of the height: nearer to its top or bottom a bar is part of the digit


def is_marked(page: Page) -> bool:
    """Whether a digit of a page is struck through, may be a question mark or may lack a neighbour.

    Dots and ink left out are looked for on pages that are read the way they were sent.
    """
    if any(map(is_struck, page.crops)):
        return True
    tests = (
        has_stroke_beside,
        has_ink_beside,
        has_faint_ink_between,
        is_written_on_frame,
        has_part_below,
        may_be_ringed,
    )
    return not page.turns and any(test(page) for test in tests)


def has_stroke_beside(page: Page) -> bool:
    """Whether a stroke that was left out, no fainter than any digit, stands beside one."""
    if page.segmentation is None:
        return False
    selection = page.segmentation.selection
    used = _is_used(page.regions, selection.labels)
    faintest = min(digit.contrast for digit in page.regions)
    return any(
        _is_level(stroke, digit) and overlap(stroke, digit)[0] >= -digit.h
        for stroke in selection.sure + selection.doubtful
        if not used[stroke.labels[0]] and stroke.contrast >= faintest
        for digit in page.regions
    )


def has_ink_beside(page: Page) -> bool:
    """Whether ink that was left out, as large as a digit, stands beside one in its line.

    So may a digit whose strokes are blots, or of which lines that were erased or the picture's
    edge leave pieces. Pieces as near as strokes of a digit count as one; frames and rings around
    digits do not count.
    """
    if page.segmentation is None:
        return False
    ink, labels = page.segmentation.ink, page.segmentation.selection.labels
    used = _is_used(page.regions, labels)
    used[[0, *(labels[frame.at[::-1]] for frame, _ in _frames(page.regions, ink))]] = True
    usual = median(digit.contrast for digit in page.regions)
    return any(_is_ink_in_line(digit, labels, used, ink, usual) for digit in page.regions)


def _is_used(digits: Sequence[Region], labels: NDArray[np.int32]) -> BoolMask:
    """For each label of strokes, whether one of the digits has it."""
    used = np.zeros(int(labels.max()) + 1, bool)
    used[[label for digit in digits for label in digit.labels]] = True
    return used


def _is_ink_in_line(
    digit: Region, labels: NDArray[np.int32], used: BoolMask, ink: Ink, usual: float
) -> bool:
    """Whether there is ink on a digit's level, larger than a mark and half as dark as usual.

    `used`: for each label whether it does not count.
    """
    side = max(0, digit.x - digit.h)
    beside = np.s_[digit.y : digit.y + digit.h, side : digit.x + digit.w + digit.h]
    left = ~used[labels[beside]]
    if not left.any():
        return False
    dark = left & (2 * ink.contrast[beside] >= usual)
    gap = np.ones((round(GAP_HEIGHTS * digit.h) + 1,) * 2, np.uint8)
    joined = cv2.morphologyEx(dark.view(np.uint8), cv2.MORPH_CLOSE, gap)
    return any(
        MARK_MAX * digit.h <= part.h and BAR * digit.h <= part.w <= TALL_MIN * digit.h
        for part in connected_components(np.asarray(joined, np.uint8))
    )


def has_faint_ink_between(page: Page) -> bool:
    """Whether the paper between two digits of a line is darker than above and below that gap.

    So it is where a digit in a gap wide enough for one is too faint, beside others, to be ink.
    """
    if page.segmentation is None:
        return False
    rows = zip(pairwise(page.regions), pairwise(page.lines), strict=True)
    return any(
        line == following and _is_darker_between(a, b, page.segmentation.ink)
        for (a, b), (line, following) in rows
    )


def _is_darker_between(a: Region, b: Region, ink: Ink) -> bool:
    """Whether there is faint ink in the gap between two digits, by the mean contrast."""
    tall = max(a.h, b.h)
    margin = max(BLUR, round(GAP_HEIGHTS * tall))
    left, right = a.x + a.w + margin, b.x - margin
    if right - left < WHOLE_MIN * tall:
        return False
    top, bottom = min(a.y, b.y), max(a.y + a.h, b.y + b.h)
    above = max(0, top - tall // 2)
    place = np.s_[above : bottom + tall // 2, left:right]
    paper = cv2.dilate(ink.mask[place], np.ones((3, 3), np.uint8)) == 0
    if ink.erased_mask is not None and ink.erased_mask[place].any():
        return False
    between = np.zeros_like(paper)
    between[top - above : bottom - above] = True
    inside, outside = (ink.contrast[place][paper & part] for part in (between, ~between))
    if not inside.size or not outside.size:
        return False
    # A digit's strokes cover about a fifth of its place.
    least = FAINT_MAX * min(a.contrast, b.contrast) / 5
    return bool(inside.mean() - outside.mean() > least)


def may_be_ringed(page: Page) -> bool:
    """Whether a straight stroke leans in a ring: a 1 with a ring around it, or a zero's slash.

    A box is no zero, nor is a ring wider than high.
    """
    if page.segmentation is None:
        return False
    return any(
        is_straight(stroke)
        and not stroke.is_upright_bar
        and any(
            one.w <= one.h and stroke.h >= MARK_MAX * one.h and _is_within(stroke, one)
            for one in page.segmentation.ink.components
        )
        for stroke in page.segmentation.selection.sure
    )


def is_written_on_frame(page: Page) -> bool:
    """Whether a frame around digits, which was not erased, may hold another digit.

    Half-way up the digits such a frame has its sides alone, none much wider than a stroke.
    """
    if page.segmentation is None:
        return False
    ink = page.segmentation.ink
    for frame, framed in _frames(page.regions, ink):
        own = own_pixels(ink.mask, frame)
        for digit in {digit.y + digit.h // 2: digit for digit in framed}.values():
            top, tall = digit.y + digit.h // 4 - frame.y, digit.h // 2
            parts = connected_components(own[top : top + tall])
            if any(BAR * digit.h <= part.w <= TALL_MIN * digit.h for part in parts):
                return True
    return False


def _frames(digits: Sequence[Region], ink: Ink) -> Iterator[tuple[Component, list[Region]]]:
    """The components of ink around some of the digits, each with these."""
    low = min(digit.h for digit in digits)
    for frame in ink.components:
        is_high = frame.h > low  # of most components this is not true
        framed = [digit for digit in digits if is_high and _is_within(digit, frame)]
        if framed:
            yield frame, framed


def _is_within(a: Rectangle, b: Rectangle) -> bool:
    return overlap(a, b) == (a.w, a.h) and b.w > a.w and b.h > a.h


def is_cut_off(page: Page) -> bool:
    """Whether the picture's edges may cut through a line of its digits, or through the only one.

    Then a stroke at the left or the right edge stands beside a digit, and is not much higher.
    Beside a lone digit it is rather a form's frame. What goes from the upper edge to the lower
    one, beside paper, is rather the edge of a sheet.
    """
    if page.segmentation is None:
        return False
    selection, padding = page.segmentation.selection.turned(page.turns), page.segmentation.padding
    shape = selection.shape
    # Of a cut stroke at most a pixel at the edge may be missing in the mask.
    if len(page.regions) == 1:
        (lone,) = page.regions
        is_across = max(border_distances(lone, shape)[:2]) <= padding + 1
        return is_across and 2 * lone.w < shape[1] - 2 * padding
    strokes = selection.sure + selection.doubtful
    cut = [one for one in strokes if min(border_distances(one, shape)[2:]) <= padding + 1]
    return any(
        _is_level(stroke, digit) and not set(stroke.labels) & set(digit.labels)
        for stroke in cut
        for digit in page.regions
    )


def _is_level(stroke: Region, digit: Region) -> bool:
    """Whether a stroke is on a digit's level: no mark beside it, and not much higher."""
    is_like = MARK_MAX * digit.h <= stroke.h <= TALL_MIN * digit.h
    return is_like and overlap(stroke, digit)[1] >= BESIDE_MIN * stroke.h


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


def is_torn(glyph: Field) -> bool:
    """Whether two strokes of a glyph are further apart than strokes of one digit.

    Between two cuts lie then parts of different shapes, as of a percent sign a ring and a part of
    the slash.
    """
    soft = (glyph * 255).astype(np.uint8)
    ink = (soft > 255 * INK_LEVEL).astype(np.uint8)
    reach = round(GAP_STROKES * stroke_width(soft))
    disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    parts = connected_components(np.asarray(cv2.dilate(ink, disk), np.uint8))
    tall = MARK_MAX * int(np.count_nonzero(ink.any(axis=1)))
    return sum(part.h - reach >= tall for part in parts) > 1


def has_part_below(page: Page) -> bool:
    """Whether a digit's tallest stroke may be part of another shape, by what stands under it.

    With a dot it may be a question mark, even where the dot was taken for a stroke of the digit;
    with a bar that was left out, a 2, which without its foot looks like a 7.
    """
    if page.segmentation is None:
        return False
    heights = {label: digit.h for digit in page.regions for label in digit.labels}
    ink, labels = page.segmentation.ink, page.segmentation.selection.labels
    used = _is_used(page.regions, labels)
    return any(
        _is_below(component, stroke)
        and (
            (_is_dot(component, stroke) and _is_as_dark(component, stroke, ink))
            or (_is_foot(component, stroke) and not used[labels[component.place]].any())
        )
        for stroke in page.segmentation.selection.sure
        if stroke.h >= WHOLE_MIN * heights.get(stroke.labels[0], math.inf)
        for component in ink.components
    )


def _is_below(component: Component, stroke: Region) -> bool:
    """Whether a component stands under a stroke, as near as its own dot or foot."""
    middle = component.x + component.w / 2
    gap = component.y - stroke.y - stroke.h
    return stroke.x < middle < stroke.x + stroke.w and 0 < gap < BELOW_MAX * stroke.h


def _is_dot(component: Component, stroke: Region) -> bool:
    """Whether a component has the size of a dot beside a stroke's."""
    thin, long = sorted((component.w, component.h))
    return max(stroke.stroke, BAR * long) <= thin and long <= BELOW_MAX * stroke.h


def _is_foot(component: Component, stroke: Region) -> bool:
    """Whether a component is a bar as wide as a stroke, not so much wider as an underline."""
    least = max(UNDERLINE_ASPECT_MIN * component.h, stroke.w / 2)
    return least <= component.w < (1 + BELOW_MAX) * stroke.w


def _is_as_dark(component: Component, stroke: Region, ink: Ink) -> bool:
    """Whether a component has more than half of a stroke's contrast; shadows have less."""
    place = component.place
    return 2 * quantile(ink.contrast[place][ink.mask[place] > 0], 1 / 2) > stroke.contrast
