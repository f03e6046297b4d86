"""Printed lines of a photo that was held askew -> removed as from one that was held straight.

Lines and boxes are looked for along rows and columns. In a turned photo a line leaves the picture
below or above instead of at a side, and the sides of a wide row of boxes lie far from the ends of
its bounding box. So the ink is sheared by whole pixels until its lines are horizontal, and sheared
back without them: nothing is resampled, and whatever is no line stays as it was.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Literal, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import quantile
from preprocessing.binarization import Ink
from preprocessing.line_removal.erase import SLOPE_MAX
from preprocessing.line_removal.rule_lines import ACROSS_MIN, STRIPS, THICKNESS_MAX
from preprocessing.working_image import WORK_SIDE

SLOPE_STEP = 0.01  # px down for each px along: the slopes that are tried differ by so much
Pixel = TypeVar("Pixel", np.uint8, np.float32, np.bool_)


def removed_along(ink: Ink, remove: Callable[[Ink], Ink]) -> Ink:
    """The ink after a step that removes lines, done in a straightened copy if the lines slant."""
    # The copies of a larger picture would take more than 100 MB.
    slope = line_slope(ink) if ink.mask.size <= 10 * WORK_SIDE**2 else 0.0
    if abs(slope) <= 2 * SLOPE_STEP:  # such a line is found as it is
        return remove(ink)
    straight = _straightened_ink(ink, slope)
    removed = remove(straight)
    if removed is straight or removed.erased_mask is None:
        return ink
    shape = ink.mask.shape
    erased = _slanted(removed.erased_mask, slope, shape)
    mask, weak_mask = (_slanted(m, slope, shape) for m in (removed.mask, removed.weak_mask))
    del straight, removed  # 60 MB of the largest picture
    return replace(ink.erased(erased), mask=mask, weak_mask=weak_mask)


def _straightened_ink(ink: Ink, slope: float) -> Ink:
    """The ink with horizontal lines; without the grey levels."""
    erased = None if ink.erased_mask is None else _straightened(ink.erased_mask, slope)
    return replace(
        ink,
        contrast=_straightened(ink.contrast, slope),
        mask=_straightened(ink.mask, slope),
        weak_mask=_straightened(ink.weak_mask, slope),
        erased_mask=erased,
    )


def _straightened(image: NDArray[Pixel], slope: float) -> NDArray[Pixel]:
    """Turn an image by two shears: columns move up or down, then rows to the left or right."""
    up, left = _shifts(slope, image.shape)
    sheared = _sheared(image, -up)
    _continue_lines(sheared, up, slope)
    left = np.pad(left, np.abs(up).max(), mode="edge")
    return _sheared(sheared.T, -left).T


def _slanted(image: NDArray[Pixel], slope: float, shape: tuple[int, ...]) -> NDArray[Pixel]:
    """Turn a straightened image back, to its former shape."""
    up, left = _shifts(slope, shape)
    above, beside = int(np.abs(up).max()), int(np.abs(left).max())
    whole = _sheared(image.T, np.pad(left, above, mode="edge")).T
    sheared = _sheared(np.ascontiguousarray(whole[:, 2 * beside : 2 * beside + shape[1]]), up)
    return np.ascontiguousarray(sheared[2 * above : 2 * above + shape[0]])


def _shifts(slope: float, shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """By how many px each column moves up, and each row to the left: none in the middle."""
    up, left = (
        np.round(way * slope * (np.arange(size) - size / 2)).astype(np.intp)
        for way, size in zip((1, -1), shape[::-1], strict=True)
    )
    return up, left


def _sheared(image: NDArray[Pixel], shifts: NDArray[np.intp]) -> NDArray[Pixel]:
    """Move each column down, in an image with room for it above and below.

    There a column goes on with its first and its last pixel. Neighbours that move as far are
    copied at once, along the order in memory.
    """
    (height, width), room = image.shape, int(np.abs(shifts).max())
    order: Literal["C", "F"] = "C" if image.flags.c_contiguous else "F"
    sheared = np.empty((height + 2 * room, width), image.dtype, order=order)
    steps: list[int] = (np.flatnonzero(np.diff(shifts)) + 1).tolist()
    for first, end in pairwise([0, *steps, width]):
        top, columns = room + int(shifts[first]), np.s_[first:end]
        sheared[:top, columns] = image[0, columns]
        sheared[top : top + height, columns] = image[:, columns]
        sheared[top + height :, columns] = image[-1, columns]
    return sheared


def _continue_lines(sheared: NDArray[Pixel], up: NDArray[np.intp], slope: float) -> None:
    """Continue each row beyond the picture with its last pixel but one inside it.

    The outermost ones are blurred. So lines reach the edges of the image.
    """
    above: int = np.abs(up).max()
    height: int = len(sheared) - 2 * above
    columns = np.arange(len(up))
    for row in (*range(-above, above), *range(height - above, height + above)):
        ends = sorted(round((edge - row) / slope + len(up) / 2) for edge in (1, height - 2))
        is_beyond = (row + up < 0) | (row + up >= height)
        nearest = columns[is_beyond].clip(*ends).clip(0, len(up) - 1)
        sheared[row + above, is_beyond] = sheared[row + above, nearest]


def line_slope(ink: Ink) -> float:
    """The slope, px down for each px along, of the lines across a picture; 0 if there is none.

    That at which the projection profile of thin horizontal ink has the greatest energy (Postl,
    "Detection of linear oblique structures and skew scan in digitized documents", ICPR 1986), if
    it stands out, which it does not among hatchings, and if ink lies across most of the
    picture there, which strokes of digits do not.
    """
    height, width = ink.weak_mask.shape
    is_wide = any(ink.coarse_by * one.w >= ACROSS_MIN * width for one in ink.coarse_components)
    if not is_wide or width < STRIPS:
        return 0.0
    # Sums over whole pixels: cv2.resize takes 50 times as long.
    wide = width // STRIPS
    parts = ink.weak_mask[:, : STRIPS * wide].reshape(-1, wide)
    sums = cv2.reduce(parts, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32F)
    strips = sums.reshape(height, STRIPS) / np.float32(wide)
    thin = np.ones((round(THICKNESS_MAX * max(height, width)) | 1, 1), np.uint8)
    ridges = cv2.morphologyEx(strips, cv2.MORPH_TOPHAT, thin).T
    middles = (np.arange(STRIPS) + 0.5) * wide - width / 2
    above = round(SLOPE_MAX * width / 2)
    padded = np.pad(ridges, ((0, 0), (above, above)))
    steps = round(SLOPE_MAX / SLOPE_STEP)
    slopes = SLOPE_STEP * np.arange(-steps, steps + 1)
    tops = above + np.round(slopes[:, None] * middles).astype(np.intp)
    profiles = np.array(
        [sum(r[top : top + height] for r, top in zip(padded, row, strict=True)) for row in tops]
    )
    energies = np.square(profiles).sum(axis=1)
    best = int(energies.argmax())
    # A line two pixels thick inks so much of each row that it goes through in a strip; hatchings,
    # which are steeper, ink less in any strip.
    inked = 2 / (2 + abs(slopes[best]) * wide)
    is_across = ridges.max() >= inked and profiles[best].max() >= STRIPS / 2 * inked
    stands_out = energies[best] >= 2 * quantile(energies, 0.5)
    return float(slopes[best]) if is_across and stands_out else 0.0
