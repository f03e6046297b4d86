"""Grey picture -> the contrast of each pixel to its paper, and which pixels are ink.

The background is estimated and divided out, so that ink has the same contrast in shadow and in
light; what is left of it at creases and in falling light is estimated in turn, and subtracted.
"""

import math
from dataclasses import dataclass, replace
from functools import cache, cached_property, reduce
from typing import NamedTuple

import cv2
import numpy as np

from preprocessing.arrays import BoolMask, Field, Gray, Mask, small_copy
from preprocessing.components import Component, connected_components
from preprocessing.working_image import WORK_SIDE

SMALL_SIDE = 128  # px, short side of the copy on which the paper is estimated
PAPER_MIN = 32  # grey levels: darker paper is divided by this, so that its noise is no ink
PAPER_MIN_LIGHT = 100  # grey levels, the same under light ink, which needs less division
STROKE_WINDOW = 0.22  # of the short side: wider dark areas are paper or objects, no strokes
OCTAGON_WIDE = 1.2  # times that: a smaller octagon fits into slanting strokes
HALO = 0.12  # of the short side: reach of strong ink's halo, in which fainter pixels are no ink
PAPER_WINDOW = 0.6  # of the short side: ink fills less than half of any such window
PAPER_QUANTILES = 0.1, 0.4  # of the contrast: their distance is the paper's spread, without ink
NOISE_SPANS = 4.0  # times the paper's spread: ink has at least so much contrast
CONTRAST_MIN = 0.05  # of the paper's brightness: fainter marks are print-through and stains
STRONG_SHARE = 0.3  # of the strongest contrast around, and half of that of the whole picture's


@dataclass(frozen=True, eq=False)
class Ink:
    """Where the ink is, and how much of it."""

    gray: Gray  # the picture, smoothed by 3x3
    contrast: Field  # of a pixel to its paper, as a share of the paper's brightness
    extra: Field  # what to add for the contrast to the paper at large, in a small copy
    mask: Mask  # 1 where there is ink
    weak_mask: Mask  # 1 where the contrast is above the noise floor
    noise_floor: float  # the contrast that the paper's grain does not reach
    erased_mask: BoolMask | None = None  # where ink was erased

    @cached_property
    def components(self) -> list[Component]:
        """The connected components of the mask."""
        return connected_components(self.mask)

    @cached_property
    def weak_components(self) -> list[Component]:
        """The connected components of the weak mask."""
        return connected_components(self.weak_mask)

    @cached_property
    def coarse_by(self) -> int:
        """The factor by which the coarse mask is smaller."""
        return max(1, round(math.sqrt(self.weak_mask.size) / WORK_SIDE))

    @cached_property
    def coarse_mask(self) -> Mask:
        """The weak mask with about the area of a first look: 1 where any of its pixels is ink."""
        by = self.coarse_by
        if by == 1:
            return self.weak_mask
        pooled = cv2.dilate(self.weak_mask, np.ones((by, by), np.uint8), anchor=(0, 0))
        return np.ascontiguousarray(pooled[::by, ::by], np.uint8)

    @cached_property
    def coarse_components(self) -> list[Component]:
        """The connected components of the coarse mask."""
        is_whole = self.coarse_by == 1
        return self.weak_components if is_whole else connected_components(self.coarse_mask)

    def global_contrast(self, place: tuple[slice, slice]) -> Field:
        """Contrast to the paper at large of part of the picture: wide dark things have it too.

        Erased pixels have none.
        """
        found: Field = self.contrast[place] + self._extra_at(place, 1.0)
        if self.erased_mask is not None:
            found[self.erased_mask[place]] = 0
        return found

    def cropped(self, place: tuple[slice, slice]) -> "Ink":
        """The ink of part of the picture, as it was measured in the whole; none is erased yet."""
        gray, mask, weak_mask = (
            np.ascontiguousarray(part[place]) for part in (self.gray, self.mask, self.weak_mask)
        )
        contrast = np.ascontiguousarray(self.contrast[place])
        extra = self._extra_at(place, self.extra.shape[0] / len(self.contrast))
        return Ink(gray, contrast, extra, mask, weak_mask, self.noise_floor)

    def _extra_at(self, place: tuple[slice, slice], scale: float) -> Field:
        """What to add for the contrast to the paper at large, in a copy of a part."""
        (height, width), (top, left) = self.contrast[place].shape, (part.start for part in place)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        down, across = (
            small / large
            for small, large in zip(self.extra.shape, self.contrast.shape, strict=True)
        )
        wide, tall = width / size[0], height / size[1]  # px of the picture for each of the copy
        move = np.array(
            [
                [across * wide, 0, (left + 0.5 * wide) * across - 0.5],
                [0, down * tall, (top + 0.5 * tall) * down - 0.5],
            ]
        )
        way, edge = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, cv2.BORDER_REPLICATE
        extra = cv2.warpAffine(self.extra, move, size, flags=way, borderMode=edge)
        return np.asarray(extra, np.float32)

    def erased(self, wiped: BoolMask) -> "Ink":
        """The same with these pixels as paper."""
        contrast = self.contrast.copy()
        contrast[wiped] = 0
        keep = (~wiped).view(np.uint8)
        return Ink(
            self.gray,
            contrast,
            self.extra,
            self.mask & keep,
            self.weak_mask & keep,
            self.noise_floor,
            wiped if self.erased_mask is None else self.erased_mask | wiped,
        )

    def thresholded_again(self) -> "Ink":
        """The same with a new mask: ink that was too faint beside what is erased now is in it."""
        shrink = max(1, round(min(self.contrast.shape) / SMALL_SIDE))
        height, width = (max(8, side // shrink) for side in self.contrast.shape)
        small = cv2.resize(self.contrast, (width, height), interpolation=cv2.INTER_AREA)
        mask = _strong(self.contrast, np.asarray(small, np.float32), self.noise_floor)
        return replace(self, mask=mask)


def binarize(gray: Gray, small_side: int = SMALL_SIDE) -> Ink:
    """Measure the ink of an upright uint8 picture of at least 8x8 pixels.

    `small_side`: px, short side of the copy on which the paper is estimated.
    """
    shrink = round(min(gray.shape) / small_side)
    if shrink <= 1:
        small = small_copy(gray, small_side)
    else:
        size = gray.shape[1] // shrink, gray.shape[0] // shrink
        small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
    below, above, level = estimate_background(small)
    per_dark = 1 / np.maximum(level, PAPER_MIN)
    per_light = 1 / np.maximum(level, PAPER_MIN_LIGHT)
    dark = np.asarray((below - small) * per_dark, np.float32)
    light = np.asarray((small - above) * per_light, np.float32)
    uneven, uneven_light = _unevenness(dark), _unevenness(light)
    # Unevenness is subtracted from dark ink where the paper is darker, from light where lighter.
    even, even_light = dark - np.maximum(uneven, 0), light - np.maximum(uneven_light, 0)
    is_light = _strongest_near(even_light, STROKE_WINDOW) > _strongest_near(even, STROKE_WINDOW)
    share = np.where(is_light, -per_light, per_dark)
    rest = np.where(is_light, light - uneven_light, dark - uneven)
    paper = np.asarray(small + rest / share, np.float32)

    width, height = gray.shape[1], gray.shape[0]
    gray = np.asarray(cv2.GaussianBlur(gray, (3, 3), 0), np.uint8)
    contrast = _enlarged(paper, width, height)
    contrast -= gray
    contrast *= _enlarged(share, width, height)
    extra = (level - paper) * share
    floor = _paper_level(contrast[::8, ::8])
    if floor < CONTRAST_MIN:  # the estimated paper is too dark, from lines all over the sheet
        contrast += CONTRAST_MIN - floor
        rest += CONTRAST_MIN - floor
        extra -= CONTRAST_MIN - floor
        floor = CONTRAST_MIN
    mask = _strong(contrast, rest, floor)
    return Ink(gray, contrast, extra, mask, (contrast > floor).view(np.uint8), floor)


def _strong(contrast: Field, small: Field, floor: float) -> Mask:
    """Where the contrast is that of ink and not of its halo; `small` is a small copy of it."""
    near = _strongest_near(small, HALO)
    least = np.maximum(near * STRONG_SHARE, max(floor, float(near.max()) * STRONG_SHARE / 2))
    return (contrast > _enlarged(least, *contrast.shape[::-1])).view(np.uint8)


def _unevenness(contrast: Field) -> Field:
    """The contrast of the paper itself around each pixel of the small copy.

    Creases and uneven light have some; ink must have more.
    """
    height, width = contrast.shape
    way = cv2.INTER_AREA
    coarse = np.asarray(cv2.resize(contrast, (width // 2, height // 2), interpolation=way))
    window = (round(HALO * min(coarse.shape)) | 1,) * 2
    uneven = np.zeros_like(coarse)
    for _ in range(2):
        rest = coarse - uneven
        is_paper = (np.abs(rest) < _paper_level(rest[::2, ::2])).view(np.uint8)
        paper = cv2.erode(is_paper, np.ones((3, 3), np.uint8)).astype(np.float32)
        uneven = cv2.blur(paper * coarse, window) / (
            cv2.blur(paper, window) + np.finfo(np.float32).eps
        )
    return _enlarged(np.asarray(uneven, np.float32), width, height)


def _enlarged(picture: Field, width: int, height: int) -> Field:
    """A small picture enlarged to this size in px."""
    return np.asarray(cv2.resize(picture, (width, height)), np.float32)


def _strongest_near(contrast: Field, region: float) -> Field:
    """The strongest contrast around each pixel, within a `region` given in short sides."""
    step = 3
    pooled = cv2.dilate(contrast, np.ones((step, step), np.uint8))[::step, ::step]
    side = round(region * min(pooled.shape)) | 1
    near = cv2.blur(cv2.dilate(pooled, np.ones((side, side), np.uint8)), (3, 3))
    return _enlarged(np.asarray(near, np.float32), contrast.shape[1], contrast.shape[0])


def _paper_level(contrast: Field) -> float:
    """The noise floor: the contrast that the paper, with its grain and stains, does not reach."""
    ranks = [round(share * (contrast.size - 1)) for share in PAPER_QUANTILES]
    low, middle = np.partition(contrast, ranks, axis=None)[ranks]
    return float(middle + max(NOISE_SPANS * (middle - low), CONTRAST_MIN))


class Background(NamedTuple):
    """Grey levels of the paper, float32, one for each pixel."""

    under_dark: Field  # beneath dark ink
    under_light: Field  # beneath light ink
    at_large: Field  # the median over PAPER_WINDOW


def estimate_background(small: Gray) -> Background:
    """The paper's brightness: a closing and an opening, each bounded by a wide median."""
    smooth = cv2.medianBlur(small, 3)
    stroke = round(STROKE_WINDOW * min(small.shape)) | 1
    padded = cv2.copyMakeBorder(smooth, stroke, stroke, stroke, stroke, cv2.BORDER_REPLICATE)
    inner = np.s_[stroke:-stroke, stroke:-stroke]
    wide = round(OCTAGON_WIDE * stroke) | 1
    square, octagon = np.ones((stroke, stroke), np.uint8), _octagon(wide)
    # What one of the windows fits into is no stroke: the square into objects, which have corners,
    # the octagon into round shadows.
    rounded = reduce(cv2.erode, octagon, reduce(cv2.dilate, octagon, padded))
    closed = np.minimum(cv2.morphologyEx(padded, cv2.MORPH_CLOSE, square), rounded)
    opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, square)
    closed, opened = (cv2.blur(level[inner], (5, 5)) for level in (closed, opened))
    height, width = small.shape
    # At half the size: the median is smooth, and takes time by the pixels and the window.
    coarse = cv2.resize(smooth, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    window = max(3, round(PAPER_WINDOW * min(coarse.shape)) | 1)
    edge = window // 2
    padded = cv2.copyMakeBorder(coarse, edge, edge, edge, edge, cv2.BORDER_REFLECT)
    paper = cv2.resize(cv2.medianBlur(padded, window)[edge:-edge, edge:-edge], (width, height))
    levels = np.minimum(closed, paper), np.maximum(opened, paper), paper
    return Background(*(np.asarray(level, np.float32) for level in levels))


@cache
def _octagon(width: int) -> list[Gray]:
    """Kernels that, applied one after the other, are a regular octagon `width` px wide."""
    # What the octagon cuts off each end of a side; even, so that each kernel has a centre.
    cut = 2 * round(width * (1 - math.sqrt(1 / 2)) / 2)
    slant = np.eye(cut + 1, dtype=np.uint8)
    return [np.ones((width - 2 * cut,) * 2, np.uint8), slant, np.ascontiguousarray(slant[::-1])]
