"""Mask of ink -> the components that may be strokes of digits, by what is measured in each.

A stroke is narrower than long, has sharp edges and paper on both sides. Blots, creases, shadows,
the edges of tables and the outlines of objects do not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import Gray, Mask, quantile
from preprocessing.binarization import Ink
from preprocessing.components import (
    COMPONENTS_MAX,
    MARK_MAX,
    WHOLE_MIN,
    Component,
    Rectangle,
    Region,
    labelled,
)
from preprocessing.errors import NoDigitsFound
from preprocessing.glyph import stroke_width
from preprocessing.segmentation.border import is_edge_line
from preprocessing.working_image import WORK_SIDE

REGION_SIZE_MIN = 0.0085  # of the square root of the picture's area: smaller ones are specks
REGION_COUNT_MAX = 250  # components of that size: no sheet of digits has more
BOX_AREA_MAX = 3  # of the picture: their boxes together, which on a sheet hardly overlap
FULL_QUANTILE = 0.8  # of a component's pixels: its contrast, its blurred edge left out
SHADE_MAX = 0.15  # of the contrast: closing lifts a shadow's edge less, a stroke more
BLUR = 2  # px by which a camera blurs a stroke's edge into the paper
RING_SHARE_MAX = 0.1  # of the ring around a stroke, one stroke wide: so much may be no paper
FAINT_MAX = 0.3  # of the usual contrast: fainter strokes show through from the back of the sheet
FADING_MIN = 0.25  # of a stroke's contrast: paper has less
DARK_MIN = 0.75  # of a stroke's contrast to the paper at large: paper has less
UNEVEN_MAX = 0.4  # noise floor of paper; a picture with a higher one shows a scene
LINE_SPREAD_MAX = 0.2  # of the height: digits of a line differ less in height and place
BLOT_MIN = 0.4  # ratio of stroke width to size: blots have a larger one
STRAIGHT_MAX = 1.25  # ratio of a straight stroke's area to its width times its length

Place = TypeVar("Place", bound=Rectangle)


@dataclass(frozen=True, eq=False)
class Selection:
    """The strokes of a picture: its ink without specks, blots, edges and objects."""

    sure: list[Region]  # strokes
    doubtful: list[Region]  # bars at the edge and blurred ones: strokes only in a line of digits
    labels: NDArray[np.int32]  # the working picture, each component's pixels holding its label
    shape: tuple[int, int]  # height and width, px, of the picture in which the regions lie
    object_area: int  # px of ink that belongs to objects
    is_scene: bool  # whether the picture's brightness varies more than paper does

    @cached_property
    def _strokes(self) -> list[Region]:
        return self.sure + in_line(self.doubtful, self.sure)

    @property
    def regions(self) -> list[Region]:
        """The regions that may be digits or their strokes."""
        return _drop_faint(self._strokes)

    @property
    def cluttered(self) -> bool:
        """Whether more of the ink belongs to objects than to strokes."""
        return self.is_scene or self.object_area > sum(stroke.area for stroke in self._strokes)

    def turned(self, turns: int) -> "Selection":
        """The same with regions as they lie once the picture is turned by quarters anticlockwise.

        The labels stay as they are.
        """
        height, width = self.shape
        return replace(
            self,
            sure=[stroke.turned(turns, self.shape) for stroke in self.sure],
            doubtful=[stroke.turned(turns, self.shape) for stroke in self.doubtful],
            shape=(width, height) if turns % 2 else (height, width),
        )


def select_strokes(ink: Ink) -> Selection:
    """The components of the ink that may be digits or their strokes.

    Raises NoDigitsFound where there are more of them, or more one over another, than on a sheet of
    digits: each is examined in its box, so that this bounds the time.
    """
    mask, parts = ink.mask, large_components(ink)
    _, labels = labelled(mask)
    boxes = sum(component.w * component.h for component in parts)
    if len(parts) > REGION_COUNT_MAX or boxes > BOX_AREA_MAX * mask.size:
        raise NoDigitsFound("crowded")
    strokes: list[Region] = []
    doubtful: list[Region] = []
    objects = 0  # px of ink
    for component in parts:
        (at_x, at_y), x, y, w, h = component
        label, place = int(labels[at_y, at_x]), component.place
        own = labels[place] == label
        area = int(own.sum())
        if min(w, h) > WORK_SIDE:  # larger than a digit can be where digits are looked for first
            objects += area
            continue
        contrast = quantile(ink.contrast[place][own], FULL_QUANTILE)
        stroke = stroke_width(own.astype(np.uint8) * 255)
        if stroke >= BLOT_MIN * max(w, h):
            continue
        region = Region((label,), x, y, w, h, area, stroke, contrast)
        if is_edge_line(region, mask.shape):
            doubtful.append(region)
            continue
        blurred, on_paper = _ring_statistics(region, ink, labels)
        if on_paper and not is_shading_edge(region, ink.gray, labels):
            (doubtful if blurred else strokes).append(region)
        elif not on_paper and not blurred:
            objects += area
    strokes = _without_rings(strokes, labels)
    shape = mask.shape[0], mask.shape[1]
    return Selection(strokes, doubtful, labels, shape, objects, ink.noise_floor > UNEVEN_MAX)


def large_components(ink: Ink) -> list[Component]:
    """The components that are large enough for a stroke.

    Raises NoDigitsFound where there are COMPONENTS_MAX, with which no lines need be removed.
    """
    least = max(3, REGION_SIZE_MIN * math.sqrt(ink.mask.size))
    # A stroke of one pixel is two or three wide after smoothing: narrower ink is an edge.
    parts = [c for c in ink.components if max(c.w, c.h) >= least and min(c.w, c.h) > 1]
    if len(parts) >= COMPONENTS_MAX:
        raise NoDigitsFound("crowded")
    return parts


def _drop_faint(strokes: list[Region]) -> list[Region]:
    """Leave out strokes much fainter than the weighted median, as those that show through."""
    # Weighted by area and the square of the contrast: a large faint area does not outweigh digits.
    strengths = sorted((stroke.contrast, stroke.area * stroke.contrast**2) for stroke in strokes)
    weights = np.cumsum([weight for _, weight in strengths])
    usual = strengths[int(np.searchsorted(weights, weights[-1] / 2))][0] if strokes else 0
    return [stroke for stroke in strokes if stroke.contrast >= FAINT_MAX * usual]


def _without_rings(strokes: list[Region], labels: NDArray[np.int32]) -> list[Region]:
    """Leave out strokes that are closed lines around others."""
    sides = [(one.x, one.y, -one.x - one.w, -one.y - one.h) for one in strokes]
    inset = np.array(sides).reshape(-1, 4)
    within = np.asarray((inset > inset[:, None]).all(axis=2), bool)  # (outer, inner)
    rings = {
        index
        for index in np.flatnonzero(within.any(axis=1))
        if _is_ring(strokes[index], [strokes[i] for i in np.flatnonzero(within[index])], labels)
    }
    return [stroke for index, stroke in enumerate(strokes) if index not in rings]


def _is_ring(outer: Region, inner: list[Region], labels: NDArray[np.int32]) -> bool:
    """Whether a region is a closed line around digits, and not a zero with a slash inside.

    A slash is straight, leans and spans most of its zero; any other straight stroke inside a ring
    is a 1. A zero is no wider than high.
    """
    tall = [other for other in inner if other.h >= MARK_MAX * outer.h]
    if not tall:
        return False
    own = np.pad((labels[outer.place] == outer.labels[0]).astype(np.uint8), 1)
    cv2.floodFill(own, None, (0, 0), 1)  # what is left 0 lies inside a closed line
    if not np.any(labels[outer.place][own[1:-1, 1:-1] == 0] == tall[0].labels[0]):
        return False
    least = WHOLE_MIN * outer.h
    slashed = all(is_straight(one) and one.h >= least and not one.is_upright_bar for one in tall)
    return not slashed or outer.w > outer.h


def is_straight(region: Region) -> bool:
    """Whether a region is one straight stroke: its area is its width times its diagonal."""
    return region.area < STRAIGHT_MAX * region.stroke * float(np.hypot(region.w, region.h))


def _ring_statistics(region: Region, ink: Ink, labels: NDArray[np.integer]) -> tuple[bool, bool]:
    """Whether a region has blurred edges, and whether there is paper on all its sides.

    Both are measured in a ring one stroke wide, BLUR px away from all ink. Strokes have sharp
    edges; creases, dust and shadows have not. An object's outline has paper on one side only.
    """
    reach = max(2 * BLUR, round(region.stroke))
    area = region.around(reach)
    own = (labels[area] == region.labels[0]).astype(np.uint8)
    around = cv2.dilate(own, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    around &= cv2.dilate(ink.mask[area], np.ones((2 * BLUR + 1, 2 * BLUR + 1), np.uint8)) == 0
    contrast, depth = ink.contrast[area], ink.global_contrast(area)
    most = RING_SHARE_MAX * np.count_nonzero(around)
    fading = np.count_nonzero(around & (contrast > FADING_MIN * region.contrast))
    dark = np.count_nonzero(around & (depth > DARK_MIN * cv2.mean(depth, own)[0]))
    return bool(fading > most), bool(dark <= most)


def is_shading_edge(region: Region, gray: Gray, labels: NDArray[np.integer]) -> bool:
    """Whether brightness only changes from one side of a region to the other: a shadow's edge.

    A closing with a window wider than a stroke raises the stroke to the level of its paper. It
    does not change a slope from light to dark, since the window fits into the dark side.
    """
    wide = 2 * (round(region.stroke) + BLUR) + 1
    area = region.around(wide)  # what a closing with the window depends on
    own, levels = (labels[area] == region.labels[0]).view(np.uint8), gray[area]
    window = np.ones((wide, wide), np.uint8)
    around = np.asarray(cv2.dilate(own, window) - own, np.uint8)
    return bool(around.any()) and all(
        _is_flat(side, own, around, window) for side in (levels, 255 - levels)
    )


def _is_flat(levels: Gray, own: Mask, around: Mask, window: Mask) -> bool:
    """Whether closing raises a region by less than SHADE_MAX towards the lightest level around."""
    closed = cv2.morphologyEx(levels, cv2.MORPH_CLOSE, window)
    ink, paper = cv2.mean(levels, own)[0], cv2.minMaxLoc(levels, around)[1]
    return bool(cv2.mean(closed, own)[0] - ink < SHADE_MAX * (paper - ink))


def in_line(regions: Sequence[Place], others: Sequence[Region]) -> list[Place]:
    """Those regions beside which at least two strokes are as high and as large: a line of digits.

    Compared in arrays: on dotted paper a thousand regions with a hundred and fifty.
    """
    if not regions or len(others) < 2:
        return []
    y, h = np.array([(region.y, region.h) for region in regions]).T[:, :, None]
    ys, hs = np.array([(other.y, other.h) for other in others]).T
    off = np.maximum(np.abs(ys - y), np.abs(hs - h))
    beside = np.count_nonzero(off <= LINE_SPREAD_MAX * hs, axis=1)
    return [region for region, count in zip(regions, beside, strict=True) if count >= 2]
