"""Strokes -> one region for each digit: broken strokes joined, bars and dashes left out."""

from statistics import median

import numpy as np
from numpy.typing import NDArray

from preprocessing.components import (
    BESIDE_MIN,
    MARK_MAX,
    WHOLE_MIN,
    Region,
    digit_height,
    overlap,
)

GAP_STROKES = 1.5  # stroke widths: the largest gap between strokes of one digit
GAP_HEIGHTS = 0.12  # digits' heights, the same; the larger of both counts
OVERLAP_MIN = 0.25  # of the smaller side: regions that overlap more are in one column or line
WITHIN_MIN = 0.7  # of the smaller width: regions that overlap more, and vertically, are one digit
UNDERLINE_WIDTH_MIN = 1.15  # ratio to the digit above: the base of a broken 2 is narrower
UNDERLINE_ASPECT_MIN = 3  # width over height of an underline
TALL_MIN = 1.5  # digits' heights: what is taller is no digit of their line
PALE_MAX = 0.75  # of the digits' height and contrast: a bar that is lower and paler is no 1


def group_strokes(strokes: list[Region]) -> list[Region]:
    """Join the strokes that are one digit; leave out what is no digit beside digits."""
    strokes = [stroke for stroke in strokes if not _is_underline(stroke, strokes)]
    height = _usual_height(strokes)
    groups = sorted(strokes, key=lambda region: region.area, reverse=True)
    index, sides = 0, _sides(groups)
    while index < len(groups):
        a = groups[index]
        later = index + 1 + np.flatnonzero(_may_belong(sides[index], sides[index + 1 :], height))
        near = next((int(j) for j in later if _belong(a, groups[j], height)), None)
        if near is not None:
            groups[index] = merge_regions(a, groups.pop(near))
            sides = _sides(groups)
        else:
            index += 1
    groups = [group for group in groups if group.h >= MARK_MAX * height]
    hang = _hang(groups)
    digits = [
        g for g, hangs in zip(groups, hang, strict=True) if not hangs and not _is_mark(g, groups)
    ]
    return digits or groups


def _is_underline(region: Region, others: list[Region]) -> bool:
    """Whether a region is a stroke or a wave below a digit, and wider."""
    return region.w >= UNDERLINE_ASPECT_MIN * region.h and any(
        other.h > region.h
        and other.y + other.h < region.y
        and region.w >= UNDERLINE_WIDTH_MIN * other.w
        and overlap(region, other)[0] > OVERLAP_MIN * other.w
        for other in others
    )


def _usual_height(strokes: list[Region]) -> float:
    """The height of the digits, px; that of both strokes if these are one with a gap."""
    if len(strokes) == 2 and _broke_across(*strokes):
        return float(merge_regions(*strokes).h)
    return digit_height(strokes)


def merge_regions(a: Region, b: Region) -> Region:
    """Two regions as one."""
    x, y = min(a.x, b.x), min(a.y, b.y)
    w, h = max(a.x + a.w, b.x + b.w) - x, max(a.y + a.h, b.y + b.h) - y
    area = a.area + b.area
    stroke = (a.stroke * a.area + b.stroke * b.area) / area
    contrast = max(a.contrast, b.contrast)
    return Region(a.labels + b.labels, x, y, w, h, area, stroke, contrast)


def _sides(regions: list[Region]) -> NDArray[np.float64]:
    """The sides and the stroke width of each, in px: left, right, upper, lower, stroke."""
    return np.array([(r.x, r.x + r.w, r.y, r.y + r.h, r.stroke) for r in regions])


def _may_belong(
    a: NDArray[np.float64], others: NDArray[np.float64], height: float
) -> NDArray[np.bool_]:
    """Which regions are near enough, each way, to be strokes of a region's digit."""
    left, right, top, bottom, stroke = others.T
    across = np.minimum(a[1], right) - np.maximum(a[0], left)
    along = np.minimum(a[3], bottom) - np.maximum(a[2], top)
    gap = np.maximum(GAP_STROKES * np.maximum(a[4], stroke), GAP_HEIGHTS * height)
    return np.asarray((across > -GAP_STROKES * np.minimum(a[4], stroke)) & (along > -gap))


def _belong(a: Region, b: Region, height: float) -> bool:
    """Whether two regions are strokes of one digit."""
    across, along = overlap(a, b)
    stroke = max(a.stroke, b.stroke)
    if min(a.h, b.h) > WHOLE_MIN * height:
        # Two digits, unless one lies within the other or both are one stroke with a gap.
        within = across > WITHIN_MIN * min(a.w, b.w) and along > 0
        return within or _broke_across(a, b)
    above = across > OVERLAP_MIN * min(a.w, b.w)
    over = above and along > -max(GAP_STROKES * stroke, GAP_HEIGHTS * height)
    thin = min(a.stroke, b.stroke)  # the gaps of a thin pen are narrower
    loose = across > -GAP_STROKES * thin and along > -stroke
    return over or loose


def _broke_across(a: Region, b: Region) -> bool:
    """Whether two regions may be one stroke with a gap: the lower begins where the upper ends."""
    across, along = overlap(a, b)
    stroke = max(a.stroke, b.stroke)
    return across > OVERLAP_MIN * min(a.w, b.w) and -stroke / 2 < along < min(a.h, b.h) / 2


def _is_mark(region: Region, groups: list[Region]) -> bool:
    """Whether a region is a bar much taller than the digits, or lower and paler."""
    if not region.is_upright_bar:
        return False
    others = [other for other in groups if other is not region and not other.is_upright_bar]
    if not others:
        return False
    height = median(other.h for other in others)
    contrast = median(other.contrast for other in others)
    pale = region.contrast < PALE_MAX * contrast and region.h < PALE_MAX * height
    return pale or region.h > TALL_MIN * height


def _hang(groups: list[Region]) -> NDArray[np.bool_]:
    """Which regions are low, begin in a digit's lower half and end below it, as a comma does."""
    x, y, w, h = np.array([group[1:5] for group in groups], float).reshape(-1, 4).T[:, :, None]
    (left, top, width, height), bottom = (side.T for side in (x, y, w, h)), (y + h).T
    across = np.minimum(x + w, left + width) - np.maximum(x, left)
    below = (top + height / 2 < y) & (y < bottom) & (bottom < y + h)
    return np.asarray((below & (h < BESIDE_MIN * height) & (across > -height)).any(axis=1))


def reading_order(boxes: list[Region]) -> list[tuple[int, int]]:
    """Return (index of box, number of line) in reading order; a slanted line is one line."""
    lines: list[list[int]] = []
    for index in sorted(range(len(boxes)), key=lambda i: boxes[i].x):
        fitting = [line for line in lines if _in_one_line(boxes[line[-1]], boxes[index])]
        if fitting:
            max(fitting, key=lambda line: boxes[line[-1]].x).append(index)
        else:
            lines.append([index])
    lines.sort(key=lambda line: sum(boxes[i].y + boxes[i].h / 2 for i in line) / len(line))
    return [(index, number) for number, line in enumerate(lines) for index in line]


def _in_one_line(a: Region, b: Region) -> bool:
    return overlap(a, b)[1] > OVERLAP_MIN * min(a.h, b.h)
