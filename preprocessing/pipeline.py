"""One working picture of a photo -> its Page: the steps from grey to glyphs, in order."""

import math
from contextlib import suppress
from dataclasses import replace
from statistics import median
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import quantile
from preprocessing.binarization import SMALL_SIDE, Ink, binarize
from preprocessing.components import Component, Region
from preprocessing.desk import paint_desk
from preprocessing.errors import Cause, NoDigitsFound
from preprocessing.glyph import as_noisy_glyph
from preprocessing.line_removal.form_boxes import remove_form_boxes, remove_whole_boxes
from preprocessing.line_removal.rule_lines import ACROSS_MIN, remove_rule_lines
from preprocessing.line_removal.run_lines import remove_run_lines
from preprocessing.line_removal.skew import removed_along
from preprocessing.padding import pad_tight_crop
from preprocessing.page import Box, Page, Segmentation, page_of_glyph
from preprocessing.photo import Photo, shrunk
from preprocessing.segmentation.border import drop_border_regions
from preprocessing.segmentation.candidates import (
    FULL_QUANTILE,
    large_components,
    select_strokes,
)
from preprocessing.segmentation.grouping import group_strokes, reading_order
from preprocessing.working_image import (
    COARSE_SIDE,
    WORK_SHORT_MIN,
    WORK_SIDE,
    WORK_SIDE_MAX,
    enlarge_small,
    remove_impulse_noise,
)

DIGIT_MIN = 36  # px, height of digits: lower ones are read from a larger picture
CLOSER_MIN = 1.5  # ratio of the sizes of two pictures: one only a little larger shows no more
PALE_MAX = 0.3  # median contrast of digits in grey: paler ones are looked for in colour too
COLOUR_GAIN_MIN = 1.5  # ratio of the contrast in colour to that: pencil's and blue ink's is less
PADDING_MAX = WORK_SIDE // 2  # px: a picture that needs more is shrunk first
DIGIT_COUNT_MAX = 150  # digits on one sheet: more regions are a page of print
DENSE = ("printed", "crowded")  # causes after which no other picture is tried
DARK_MAX = 50  # grey level of the lightest part of a photo that is too dark
BLUR_MAX = 0.02  # of the long side: width of an edge; ink with wider ones is blurred
BLUR_CONTRAST_MIN = 0.1  # contrast of blurred ink: weaker shades are none


def read_page(photo: bytes) -> Page:
    """Find the digits in a photo; raises PhotoError."""
    return find_digits(Photo(photo))


def find_digits(source: Photo, turns: int = 0) -> Page:
    """Find the digits in a photo turned by quarters anticlockwise; raises PhotoError.

    Boxes and pictures of the page lie as the photo does; the glyphs and their order are those of
    the turned one.
    """
    page = _find_as_sent(source)
    return turned_page(page, turns) if turns % 4 else page


def lone_digit(source: Photo) -> Page | None:
    """Find a large digit on a sheet with nothing else, in a smaller picture: in half the time.

    None where a closer look may find more or something else; raises UnreadablePhoto.
    """
    gray = source.coarse(COARSE_SIDE, WORK_SIDE) if work_side(source) == WORK_SIDE else None
    if gray is None or as_noisy_glyph(gray) is not None:
        return None
    measured = _measured(_whole(source, gray), SMALL_SIDE // 2)
    if sum(one.h >= DIGIT_MIN for one in measured.ink.components) != 1:
        return None
    with suppress(NoDigitsFound):
        found = _find_strokes(source, measured)
        strokes = found.selection.sure
        is_clear = all(one.h >= DIGIT_MIN and one.contrast >= PALE_MAX for one in strokes)
        if len(strokes) == 1 and is_clear and not found.selection.object_area:
            return _compose(found, 0)
    return None


def turned_page(page: Page, turns: int) -> Page:
    """The page of the same ink, turned by quarters anticlockwise from the way the photo was sent.

    What does not depend on the orientation (decoding, binarization, lines, regions) is shared.
    """
    if page.segmentation is None:
        return replace(page, whole=np.rot90(page.glyphs[0], turns).copy(), turns=turns)
    return _compose(page.segmentation, turns)


def _find_as_sent(source: Photo) -> Page:
    """Try the picture in grey, by colour and larger, as far as each may find more digits."""
    gray = source.gray(work_side(source))
    glyph = as_noisy_glyph(gray)
    if glyph is not None:
        return page_of_glyph(source.width, gray, glyph)
    try:
        page = segment_page(source, _whole(source, gray))
    except NoDigitsFound as nothing:
        again = None if nothing.cause in DENSE else _second_attempt(source, gray)
        if again is None:
            raise
        return again
    coloured = _segment_in_colour(source, page)
    page = coloured or page
    height = median(box.h for box in page.boxes) * page.scale
    side = max(page.gray.shape)
    if height * CLOSER_MIN >= DIGIT_MIN or max(source.width, source.height) <= side:
        return page
    larger = min(math.ceil(side * DIGIT_MIN / height), WORK_SIDE_MAX)
    darkest = source.darkest(larger) if coloured else None
    closer = _whole(source, source.gray(larger) if darkest is None else darkest)
    with suppress(NoDigitsFound):
        # Without names for what is measured: it is freed where lines are removed.
        found = _find_strokes(source, _cropped(_measured(closer), page.segmentation))
        return _compose(found, 0)
    return page


def work_side(source: Photo) -> int:
    """Long side in px of the first working picture: larger for strips, to keep their height."""
    aspect = max(source.width, source.height) / min(source.width, source.height)
    return min(max(WORK_SIDE, round(WORK_SHORT_MIN * aspect)), WORK_SIDE_MAX)


def _segment_in_colour(source: Photo, page: Page) -> Page | None:
    """The page by each pixel's darkest colour, if ink that is pale in grey gains contrast."""
    in_gray = _contrast(page)
    darkest = source.darkest(max(page.gray.shape)) if in_gray < PALE_MAX else None
    if darkest is not None:
        with suppress(NoDigitsFound):
            coloured = segment_page(source, _whole(source, darkest))
            return coloured if _contrast(coloured) > COLOUR_GAIN_MIN * in_gray else None
    return None


def _contrast(page: Page) -> float:
    """The median contrast of the digits."""
    return median(region.contrast for region in page.regions)


def _second_attempt(source: Photo, gray: NDArray[np.uint8]) -> Page | None:
    """The page by colour, else by a larger picture; None where the photo is no larger."""
    darkest = source.darkest(WORK_SIDE)
    if darkest is not None:
        with suppress(NoDigitsFound):
            return segment_page(source, _whole(source, darkest))
    if max(source.width, source.height) <= max(gray.shape):
        return None
    return segment_page(source, _whole(source, source.gray(2 * WORK_SIDE)))


class View(NamedTuple):
    """A part of a photo at some size."""

    gray: NDArray[np.uint8]
    scale: float  # its pixels per original pixel
    corner: tuple[float, float]  # px of the original, (x, y) of its upper left corner


def _whole(source: Photo, gray: NDArray[np.uint8]) -> View:
    """The view of a whole photo."""
    return View(gray, max(gray.shape) / max(source.width, source.height), (0, 0))


def segment_page(source: Photo, view: View) -> Page:
    """All steps on one working picture; raises NoDigitsFound."""
    return _compose(_find_strokes(source, _measured(view)), 0)


class _Measured(NamedTuple):
    """A working picture and its ink, with lines."""

    view: View
    padding: int  # px of paper put around it before its ink was measured
    ink: Ink


def _measured(view: View, small_side: int = SMALL_SIDE) -> _Measured:
    """Prepare a picture, and measure its ink."""
    gray = paint_desk(remove_impulse_noise(enlarge_small(view.gray)))
    padded = pad_tight_crop(gray)
    padding = (len(padded) - len(gray)) // 2
    if padding > PADDING_MAX:
        gray = shrunk(gray, round(max(gray.shape) * PADDING_MAX / padding))
        padded = pad_tight_crop(gray)
        padding = (len(padded) - len(gray)) // 2
    scale = view.scale * max(gray.shape) / max(view.gray.shape)
    view = view._replace(gray=gray, scale=scale)
    return _Measured(view, padding, binarize(padded, small_side))


def _cropped(closer: _Measured, found: Segmentation | None) -> _Measured:
    """The part of a closer view that holds all ink that was found in a smaller picture.

    With paper around it, twice as wide as digits are high, and at least WORK_SIDE px wide and
    high. What is ink was measured in the whole. Raises NoDigitsFound where that holds too many
    marks, as a page of words does, wherever they are.
    """
    large_components(closer.ink)
    parts = large_components(found.ink) if found else []
    if found is None or not parts or closer.padding:
        return closer
    view = closer.view
    sides = np.array([(one.x, one.y, one.x + one.w, one.y + one.h) for one in parts])
    enlarge = max(view.gray.shape) / max(found.gray.shape)
    sides = enlarge * (sides - found.padding)
    first, last = sides.min(axis=0)[:2], sides.max(axis=0)[2:]
    room = np.maximum(2 * DIGIT_MIN, (WORK_SIDE - (last - first)) / 2)
    left, top = np.maximum(first - room, 0).astype(int).tolist()
    right, below = np.ceil(last + room).astype(int).tolist()
    place = np.s_[top:below, left:right]
    gray = np.ascontiguousarray(view.gray[place])
    if gray.shape == view.gray.shape:
        return closer  # whose components are known
    part = View(gray, view.scale, (left / view.scale, top / view.scale))
    return _Measured(part, 0, closer.ink.cropped(place))


def _remove_frames(ink: Ink) -> Ink:
    """Remove boxes and lone lines; raises NoDigitsFound for too many."""
    return remove_run_lines(remove_form_boxes(ink))


def _find_strokes(source: Photo, measured: _Measured) -> Segmentation:
    """Remove lines and select strokes; raises NoDigitsFound."""
    view, padding, ink = measured
    del measured  # its ink is freed where lines are removed: 50 MB of the largest picture
    parts = large_components(ink)
    if parts:
        ink = remove_whole_boxes(ink)
    if len(parts) > 1 or any(_is_long(one, ink.mask.shape) for one in parts):
        ink = removed_along(remove_rule_lines(ink), _remove_frames)
    selection = select_strokes(ink)
    return Segmentation(source.width, source.height, *view, padding, ink, selection, {})


def _is_long(part: Component, shape: tuple[int, ...]) -> bool:
    """Whether the only ink of a picture is as long as a line."""
    height, width = shape
    return part.w >= ACROSS_MIN * width or part.h >= ACROSS_MIN * height


def _compose(found: Segmentation, turns: int) -> Page:
    """Turn a picture's regions and group them into digits; raises NoDigitsFound."""
    selection = found.selection.turned(turns)
    digits = drop_border_regions(group_strokes(selection.regions), selection.shape)
    if not digits:
        raise NoDigitsFound(_cause(found.gray, found.ink, cluttered=selection.cluttered))
    if len(digits) > DIGIT_COUNT_MAX:
        raise NoDigitsFound("printed")
    order = reading_order(digits)
    digits = [digits[i] for i, _ in order]
    as_sent = [digit.turned(-turns, selection.shape) for digit in digits]
    for digit in as_sent:
        if digit not in found.crops:
            found.crops[digit] = _crop(found.ink, selection.labels, digit)
    crops = [np.ascontiguousarray(np.rot90(found.crops[digit], turns)) for digit in as_sent]
    mask = found.ink.mask[found.padding :, found.padding :]
    return Page(
        width=found.width,
        height=found.height,
        gray=found.gray,
        scale=found.scale,
        corner=found.corner,
        ink=mask[: found.gray.shape[0], : found.gray.shape[1]],
        boxes=tuple(_original_box(digit, found) for digit in as_sent),
        lines=tuple(line for _, line in order),
        crops=tuple(crops),
        regions=tuple(digits),
        cluttered=selection.cluttered,
        turns=turns,
        segmentation=found,
    )


def _cause(gray: NDArray[np.uint8], ink: Ink, *, cluttered: bool) -> Cause:
    """Why there is no digit, by the picture's brightness, its sharpness and its objects."""
    if cv2.resize(gray, (32, 32), interpolation=cv2.INTER_AREA).max() < DARK_MAX:
        return "too_dark"
    # The width of an edge is the largest contrast over the steepest change from px to px.
    steepest = float(np.abs(np.diff(ink.contrast, axis=1)).max(initial=0))
    deepest = float(ink.contrast.max())
    if deepest > BLUR_CONTRAST_MIN and deepest > steepest * BLUR_MAX * max(gray.shape):
        return "too_blurred"
    return "not_digits" if cluttered else "no_ink"


def _original_box(digit: Region, found: Segmentation) -> Box:
    left, top = found.corner
    x, y = (digit.x - found.padding) / found.scale, (digit.y - found.padding) / found.scale
    w, h = round(digit.w / found.scale), round(digit.h / found.scale)
    return Box(round(left + x), round(top + y), max(w, 1), max(h, 1))


def _crop(ink: Ink, labels: NDArray[np.int32], digit: Region) -> NDArray[np.uint8]:
    """The soft ink of one digit alone, 255 where fully inked, with a margin of one pixel."""
    inside, contrast = labels[digit.place], ink.contrast[digit.place]
    is_one = len(digit.labels) == 1
    own = inside == digit.labels[0] if is_one else np.isin(inside, digit.labels)
    near = cv2.dilate(own.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    full = digit.contrast if is_one else quantile(contrast[own], FULL_QUANTILE)
    share = np.where(own | (near & (inside == 0)), contrast / full, 0)
    soft = (np.clip(share, 0, 1) * 255).astype(np.uint8)
    return np.asarray(cv2.copyMakeBorder(soft, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), np.uint8)
