"""Mask of ink -> the same without ruled lines, squares of graph paper and frames of forms.

Long straight strokes alone prove nothing: a 1, a 4 and a 7 have them. A connected piece of ink
is taken for ruling if it runs from edge to edge of the picture, has other pieces inside, or is
a level bar beside other ink; a line is ruling if it holds such a piece. Only the lines' own
thickness is taken away: where a digit's stroke crosses, the ink goes on for longer and stays.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import stroke_width
from preprocessing.straight import level_lines

LINE_MIN = 0.45  # of the picture's width (height): shorter straight runs are strokes
LINE_MIN_DIGITS = 1.4  # times the height of the ink inside a frame: the same, where it is known
RUN_SHARE = 0.2  # of a line's length: the level runs in which a leaning line is found
RUN_STROKES = 3.0  # times the ruling's mean thickness: at least so long are those runs
GAP_SHARE = 0.25  # of a line's length: breaks over which a line goes on
INKED_MIN = 0.6  # of a line: more of it is ink than breaks
SIZE_MIN = 0.3  # of the picture: smaller pieces are no frames
INSIDE_MIN = 0.2  # of the frame's height: specks inside prove nothing
OTHER_MIN = 0.05  # of the short side: smaller pieces prove nothing
BAR_MAX = 0.1  # height of a level bar over its length
THICKNESS_MAX = 0.07  # of the long side: thicker runs are no ruling
WIDER = 1.4  # times a line's thickness, and 2 px: the band in which its ink strays
CROSSING = 1.6  # times a line's thickness, and 2 px: ink that goes on this far crosses the line
RULING_MIN = 0.3  # of a line's ink: so much is of pieces known as ruling
REST_MAX = 0.5  # of a piece left over: more of it on a line, and it is a bit of that line
LEFT_MIN = 0.08  # of the short side: if no more is left beside the lines, they were strokes
EDGE_SHARE = 0.03  # of the short side: nearer to the picture's edge means touching it

Mask = NDArray[np.uint8]


class Part(NamedTuple):
    """One connected piece of ink: its box in pixels, and its area."""

    x: int
    y: int
    w: int
    h: int
    area: int


def without_ruling(mask: Mask) -> Mask:
    """Take the lines out of a mask of ink (uint8, 1 on 0)."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    parts = [Part(*(int(v) for v in row)) for row in stats]
    ruling, digit = _ruling(parts, mask.shape)
    if not ruling:
        return mask
    is_ruling = np.zeros(len(parts), bool)
    is_ruling[ruling] = True
    suspect = is_ruling[labels].astype(np.uint8)
    height, width = mask.shape
    level, level_band = _lines(mask, suspect, min(LINE_MIN * width, digit))
    turned = np.ascontiguousarray(mask.T), np.ascontiguousarray(suspect.T)
    upright, upright_band = _lines(*turned, min(LINE_MIN * height, digit))
    rest = mask & ~(level | upright.T)
    _drop_remains(rest, level_band | upright_band.T)
    _, _, left, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    largest = left[1:, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1].max(initial=0)
    return rest if largest >= LEFT_MIN * min(mask.shape) else mask


def _ruling(parts: list[Part], shape: tuple[int, ...]) -> tuple[list[int], float]:
    """Numbers of the pieces that are ruling, and from what length on their runs are lines, px."""
    height, width = shape
    counted = [p for p in parts[1:] if max(p.w, p.h) >= OTHER_MIN * min(shape)]
    ruling, digit = [], float(max(shape))
    for index, part in enumerate(parts[1:], start=1):
        if max(part.w / width, part.h / height) < SIZE_MIN:
            continue
        inside = [p.h for p in counted if p is not part and _inside(p, part)]
        if inside:
            digit = min(digit, LINE_MIN_DIGITS * float(np.median(inside)))
        bar = part.w >= LINE_MIN * width and part.h <= BAR_MAX * part.w and len(counted) > 1
        if inside or bar or _spans(part, shape):
            ruling.append(index)
    return ruling, digit


def _inside(part: Part, frame: Part) -> bool:
    across = frame.x < part.x and part.x + part.w < frame.x + frame.w
    down = frame.y < part.y and part.y + part.h < frame.y + frame.h
    return across and down and INSIDE_MIN * frame.h < part.h


def _spans(part: Part, shape: tuple[int, ...]) -> bool:
    """Whether a piece reaches two opposite edges of the picture."""
    height, width = shape
    edge = max(1.0, EDGE_SHARE * min(shape))
    across = part.x <= edge and part.x + part.w >= width - edge
    down = part.y <= edge and part.y + part.h >= height - edge
    return across or down


def _lines(mask: Mask, suspect: Mask, length: float) -> tuple[Mask, Mask]:
    """The level lines of ruling, at least `length` px long: their own pixels, and their bands."""
    run = max(5, round(max(RUN_SHARE * length, RUN_STROKES * stroke_width(suspect * 255))))
    own, bands = np.zeros_like(mask), np.zeros_like(mask)
    for line in level_lines(mask, run=run, gap=round(GAP_SHARE * length)):
        if line.length < length or line.inked < INKED_MIN * line.length:
            continue
        if line.thickness > THICKNESS_MAX * max(mask.shape):
            continue
        band = np.zeros_like(mask)
        wide = round(WIDER * line.thickness) + 2
        cv2.polylines(band, [np.array(line.points)], isClosed=False, color=1, thickness=wide)
        if (band & suspect).sum() < RULING_MIN * (band & mask).sum():
            continue
        across = np.ones((round(CROSSING * line.thickness) + 2, 1), np.uint8)
        crossing = cv2.morphologyEx(mask, cv2.MORPH_OPEN, across)
        own |= band & mask & ~crossing
        bands |= band
    return own, bands


def _drop_remains(rest: Mask, zone: Mask) -> None:
    """Wipe out, in place, the pieces that lie mostly where a line was."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    on_line = np.bincount(labels[zone > 0], minlength=count)
    remains = on_line > REST_MAX * stats[:, cv2.CC_STAT_AREA]
    remains[0] = False
    rest[remains[labels]] = 0
