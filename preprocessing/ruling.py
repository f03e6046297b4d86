"""Mask of ink -> the same without ruled lines, squares of graph paper and frames of forms.

A line is ruling if it holds a piece that is. Only the lines' own thickness is taken away: where
a digit's stroke crosses, the ink goes on for longer and stays.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import stroke_width
from preprocessing.ink import Ink
from preprocessing.parts import labelled, parts_of
from preprocessing.ruled import LINE_MIN, ruling_of
from preprocessing.straight import level_lines

RUN_SHARE = 0.1  # of a line's length: the level runs in which a leaning line is found
RUN_STROKES = 3.0  # times the ruling's mean thickness: at least so long are those runs
GAP_SHARE = 0.25  # of a line's length: breaks over which a line goes on
INKED_MIN = 0.6  # of a line: more of it is ink than breaks
THICKNESS_MAX = 0.07  # of the long side: thicker runs are no ruling
WIDER = 1.4  # times a line's thickness, and 2 px: the band in which its ink strays
CROSSING = 1.6  # times a line's thickness, and 2 px: ink that goes on this far crosses the line
STRONG_MIN = 0.6  # of a line: more of it is as dark as the digits
DARKER = 1.7  # times a line's contrast: darker ink is not its own
RULING_MIN = 0.3  # of a line's ink: so much is of pieces known as ruling
FREE_MIN = 0.95  # of the ink near a line: as much lies on it where nothing grows out of it
REST_MAX = 0.5  # of a piece left over: more of it on a line, and it is a bit of that line
REST_FLAT = 0.03  # of the long side: thicker pieces on a line are digits
LEFT_MIN = 0.08  # of the short side: if no more is left beside the lines, they were strokes

Mask = NDArray[np.uint8]


class _Marks(NamedTuple):
    """One picture's ink, upright or turned on its side."""

    ink: Mask
    faint: Mask
    contrast: NDArray[np.float32]
    ruling: Mask  # the pieces of ink that are ruling
    faint_ruling: Mask  # the same for all that stands out
    digit: float  # px, from where on a line is longer than the digits' strokes, if known

    def turned(self) -> "_Marks":
        """Rows as columns."""
        ink, faint, ruling, faint_ruling = (
            np.ascontiguousarray(mask.T)
            for mask in (self.ink, self.faint, self.ruling, self.faint_ruling)
        )
        contrast = np.ascontiguousarray(self.contrast.T)
        return _Marks(ink, faint, contrast, ruling, faint_ruling, self.digit)


def without_ruling(found: Ink) -> Mask:
    """Take the lines out of the ink; returns its mask, uint8, 1 on 0.

    They are looked for in all that stands out: lines paler than the digits are whole in
    there, not only where no strong ink is near.
    """
    ruling, ink_digit = ruling_of(found.mask, found.parts)
    faint_ruling, faint_digit = ruling_of(found.faint, found.faint_parts)
    digit = min(ink_digit, faint_digit)
    if not (ruling.any() or faint_ruling.any()):
        return found.mask
    height, width = found.mask.shape
    marks = _Marks(found.mask, found.faint, found.contrast, ruling, faint_ruling, digit)
    level, level_bands = _lines(marks, min(LINE_MIN * width, digit))
    upright, upright_bands = _lines(marks.turned(), min(LINE_MIN * height, digit))
    rest = found.mask & ~(level | upright.T)
    _drop_remains(rest, level_bands | upright_bands.T, REST_FLAT * max(rest.shape))
    largest = max((max(part.w, part.h) for part in parts_of(rest)), default=0)
    return rest if largest >= LEFT_MIN * min(rest.shape) else found.mask


def _lines(marks: _Marks, length: float) -> tuple[Mask, Mask]:
    """The level lines of ruling, at least `length` px long: their own pixels, and their bands."""
    stroke = stroke_width((marks.ruling | marks.faint_ruling) * 255)
    run = max(5, round(max(RUN_SHARE * length, RUN_STROKES * stroke)))
    own, bands = np.zeros_like(marks.ink), np.zeros_like(marks.ink)
    seen = marks.ink | marks.faint
    for line in level_lines(seen, run=run, gap=round(GAP_SHARE * length)):
        if line.length < length or line.inked < INKED_MIN * line.length:
            continue
        if line.thickness > THICKNESS_MAX * max(seen.shape):
            continue
        reach = round(CROSSING * line.thickness) + 2
        xs, ys = zip(*line.points, strict=True)
        top, left = max(0, min(ys) - 2 * reach), min(xs)
        part = np.s_[top : max(ys) + 2 * reach + 1, left : max(xs) + 1]
        band = np.zeros_like(seen[part])
        wide = round(WIDER * line.thickness) + 2
        points = np.array(line.points) - (left, top)
        cv2.polylines(band, [points], isClosed=False, color=1, thickness=wide)
        ink, on_line = marks.ink[part], (band & seen[part]) > 0
        strong = float(ink[on_line].mean()) > STRONG_MIN
        known = (marks.ruling if strong else marks.faint_ruling)[part]
        of_ruling = float(known[on_line].mean()) >= RULING_MIN
        longer = line.length >= marks.digit
        if not of_ruling and not (longer and _stands_free(ink, band, reach)):
            continue
        tall = np.ones((reach, 1), np.uint8)
        crossing = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, tall), np.uint8)
        if not strong:
            contrast = marks.contrast[part]
            crossing |= (contrast > DARKER * np.median(contrast[on_line])).astype(np.uint8)
        own[part] |= band & ink & ~crossing
        bands[part] |= band
    return own, bands


def _stands_free(ink: Mask, band: Mask, reach: int) -> bool:
    """Whether next to no ink grows out of a line, as strokes would out of a digit's stem."""
    around = np.asarray(cv2.dilate(band, np.ones((2 * reach + 1, 1), np.uint8)), np.uint8)
    return bool((ink & band).sum() >= FREE_MIN * (ink & around).sum())


def _drop_remains(rest: Mask, zone: Mask, flat_max: float) -> None:
    """Wipe out, in place, the pieces flatter than `flat_max` px that lie mostly on a line."""
    count, labels = labelled(rest)
    areas = np.bincount(labels.ravel(), minlength=count)
    remains = np.bincount(labels[zone > 0], minlength=count) > REST_MAX * areas
    for part in parts_of(rest):
        remains[labels[part.at[1], part.at[0]]] &= min(part.w, part.h) <= flat_max
    remains[0] = False
    rest[remains[labels]] = 0
