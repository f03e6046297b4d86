"""Printed lines of a photo that was held askew -> removed as from one that was held straight.

Lines and boxes are looked for along rows and columns. In a turned photo a line leaves the picture
below or above instead of at a side, and the sides of a wide row of boxes lie far from the ends of
its bounding box. So the ink is sheared by whole pixels until its lines are horizontal, and sheared
back without them: nothing is resampled, and whatever is no line stays as it was.
"""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.binarization import Ink
from preprocessing.line_removal.erase import SLOPE_MAX
from preprocessing.line_removal.rule_lines import ACROSS_MIN, STRIPS, THICKNESS_MAX

SLOPE_STEP = 0.01  # px down for each px along: the slopes that are tried differ by so much


def removed_along(ink: Ink, remove: Callable[[Ink], Ink]) -> Ink:
    """The ink after a step that removes lines, done in a straightened copy if the lines slant."""
    slope = line_slope(ink)
    if abs(slope) <= 2 * SLOPE_STEP:  # such a line is found as it is
        return remove(ink)
    # A rotation by two shears: columns move down or up, then rows to the left or right.
    height, width = ink.mask.shape
    down, along = _shifts(slope, width), _shifts(-slope, height)
    above, beside = int(np.abs(down).max()), int(np.abs(along).max())
    rows = np.arange(-above, height + above)[:, None]
    columns = np.arange(-beside, width + beside) + along.take(rows, mode="clip")
    columns = columns.clip(0, width - 1)
    # Beyond the picture each row goes on with its last pixel but one, since the outermost are
    # blurred: lines reach the edges of the copy.
    is_inside = (rows + down[columns] >= 0) & (rows + down[columns] < height)
    ends = np.sort([(edge - rows) / slope + width / 2 for edge in (1, height - 2)], axis=0)
    nearest = columns.clip(*ends.round().astype(np.intp)).clip(0, width - 1)
    columns = np.where(is_inside, columns, nearest)
    straight = _moved(ink, (rows + down[columns]).clip(0, height - 1), columns)
    removed = remove(straight)
    if removed is straight:
        return ink
    rows = np.arange(height)[:, None] - down
    columns = np.arange(width) - along.take(rows, mode="clip")
    back = _moved(removed, rows + above, columns + beside)
    return replace(back, gray=ink.gray, extra=ink.extra)


def _shifts(slope: float, size: int) -> NDArray[np.intp]:
    """By how many px each of so many rows or columns moves: none in the middle."""
    return np.round(slope * (np.arange(size) - size / 2)).astype(np.intp)


def _moved(ink: Ink, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Ink:
    """The ink made of the pixels at these rows and columns; without the grey levels."""
    at = rows, columns
    erased = None if ink.erased_mask is None else ink.erased_mask[at]
    contrast, mask, weak_mask = ink.contrast[at], ink.mask[at], ink.weak_mask[at]
    return replace(ink, contrast=contrast, mask=mask, weak_mask=weak_mask, erased_mask=erased)


def line_slope(ink: Ink) -> float:
    """The slope, px down for each px along, of the lines across a picture; 0 if there is none.

    That at which the projection profile of thin horizontal ink has the greatest energy (Postl,
    "Detection of linear oblique structures and skew scan in digitized documents", ICPR 1986).
    """
    height, width = ink.weak_mask.shape
    if not any(one.w >= ACROSS_MIN * width for one in ink.weak_components):
        return 0.0
    levels = ink.weak_mask * np.uint8(255)
    strips = cv2.resize(levels, (STRIPS, height), interpolation=cv2.INTER_AREA)
    thin = np.ones((round(THICKNESS_MAX * max(height, width)) | 1, 1), np.uint8)
    ridges = cv2.morphologyEx(strips, cv2.MORPH_TOPHAT, thin).T.astype(np.float32)
    middles = (np.arange(STRIPS) + 0.5) * width / STRIPS - width / 2
    above = round(SLOPE_MAX * width / 2)
    padded = np.pad(ridges, ((0, 0), (above, above)))
    best, most = 0.0, 0.0
    steps = round(SLOPE_MAX / SLOPE_STEP)
    for slope in (step * SLOPE_STEP for step in range(-steps, steps + 1)):
        tops = above + np.round(slope * middles).astype(np.intp)
        moved = np.array([r[top : top + height] for r, top in zip(padded, tops, strict=True)])
        profile = moved.sum(axis=0)
        energy = float(profile @ profile)
        if energy > most:
            is_line = np.count_nonzero(moved, axis=0).max() >= ACROSS_MIN * STRIPS
            best, most = (slope if is_line else 0.0), energy
    return best
