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

LINE_MIN = 0.45  # of the picture's width (height): shorter straight runs are strokes
LINE_MIN_DIGITS = 1.4  # times the height of the ink inside a frame: the same, where it is known
RUN_SHARE = 0.2  # of a line's length: the level pieces in which a leaning line is found
GAP_SHARE = 0.12  # of a line's length: breaks over which a line goes on
SIZE_MIN = 0.3  # of the picture: smaller pieces are no frames
INSIDE_MIN = 0.2  # of the frame's height: specks inside prove nothing
OTHER_MIN = 0.05  # of the short side: smaller pieces prove nothing
BAR_MAX = 0.1  # height of a level bar over its length
THICKNESS_MAX = 0.07  # of the long side: thicker runs are no ruling
CROSSING = 1.6  # times a line's thickness: ink that goes on this far crosses the line
SUSPECT_MIN = 0.35  # of a line's length: so much of it is ink already known as ruling
SLOPE_MAX = 0.12  # of a line: a photo held straighter than 7 degrees
BEND_MAX = 0.008  # of a line's length: how far paper that is not flat bends it
REST_MAX = 0.5  # of a piece left over: more of it on a line, and it is a bit of that line
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
    thickness = THICKNESS_MAX * max(mask.shape)
    level, level_zone = _lines(mask, suspect, min(LINE_MIN * width, digit), thickness)
    turned = np.ascontiguousarray(mask.T), np.ascontiguousarray(suspect.T)
    upright, upright_zone = _lines(*turned, min(LINE_MIN * height, digit), thickness)
    rest = mask & ~(level | upright.T)
    _drop_remains(rest, level_zone | upright_zone.T)
    return rest if rest.any() else mask


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


def _lines(mask: Mask, suspect: Mask, length: float, thickness_max: float) -> tuple[Mask, Mask]:
    """The level lines that hold suspect ink: their own pixels, and the bands they lie in."""
    bridged = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    bridge = np.ones((1, round(GAP_SHARE * length) | 1), np.uint8)
    bridged = cv2.morphologyEx(bridged, cv2.MORPH_CLOSE, bridge)
    run = np.ones((1, max(5, round(RUN_SHARE * length))), np.uint8)
    runs = cv2.dilate(cv2.morphologyEx(bridged, cv2.MORPH_OPEN, run), np.ones((3, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs)
    lines, zone = np.zeros_like(mask), np.zeros_like(mask)
    for index in range(1, count):
        x, y, w, h, _ = stats[index]
        area = np.s_[y : y + h, x : x + w]
        band = labels[area] == index
        line = band & (mask[area] > 0)
        share = (suspect[area] & line).any(axis=0).sum() / w
        if w < length or share < SUSPECT_MIN:
            continue
        depths = line.sum(axis=0)
        thickness = float(np.quantile(depths[depths > 0], 0.6)) if depths.any() else 0.0
        if not 0 < thickness <= thickness_max or not _is_straight(line, thickness):
            continue
        reach = round(CROSSING * thickness) + 2
        room = np.s_[max(0, y - reach) : y + h + reach, x : x + w]
        across = np.ones((reach, 1), np.uint8)
        tall = cv2.morphologyEx(mask[room], cv2.MORPH_OPEN, across)
        tall = tall[y - room[0].start :][:h] > 0
        lines[area] |= (line & ~tall).astype(np.uint8)
        zone[area] |= band.astype(np.uint8)
    return lines, zone


def _is_straight(line: NDArray[np.bool_], thickness: float) -> bool:
    """Whether the ink of a level band keeps to one straight line that leans little."""
    rows, columns = np.nonzero(line)
    slope, start = np.polyfit(columns, rows, 1)
    off = float(np.median(np.abs(rows - (slope * columns + start))))
    return off <= 0.35 * thickness + BEND_MAX * line.shape[1] + 0.5 and abs(slope) < SLOPE_MAX


def _drop_remains(rest: Mask, zone: Mask) -> None:
    """Wipe out, in place, the pieces that lie mostly where a line was."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    on_line = np.bincount(labels[zone > 0], minlength=count)
    remains = on_line > REST_MAX * stats[:, cv2.CC_STAT_AREA]
    remains[0] = False
    rest[remains[labels]] = 0
