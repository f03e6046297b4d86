"""Mask of ink -> its pieces that may be strokes of digits, by what is measured in each.

A pen leaves strokes: narrower than they are long, with paper on both sides, as dark as the
other strokes around. Blots, stains, table edges, fingers and outlines of objects are not.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import quantile
from preprocessing.binarization import Ink
from preprocessing.components import Component, Region, labelled
from preprocessing.errors import NoDigitsFound
from preprocessing.glyph import stroke_width
from preprocessing.segmentation.border import drop_border_regions, is_edge_line

REGION_SIZE_MIN = 0.018  # of the long side: smaller marks are specks
STRIP = 4.0  # times the short side: of a longer picture so much, that a strip's digits are none
REGION_COUNT_MAX = 250  # marks large enough for a stroke: more are on no sheet of digits
REGION_AREA_MAX = 3.0  # of the picture: so much the boxes of those marks cover together
FULL_QUANTILE = 0.8  # of a piece's pixels: the contrast of its inkier part
FAINT = 0.3  # of the contrast of most ink: fainter pieces are stains and remains of lines
AROUND_DARK = 0.75  # of a piece's mean depth: what is as dark, and no ink, is no paper
AROUND_MAX = 0.15  # of the ring around a piece, a stroke wide: digits' rings have under 0.02
FADES = 0.25  # of a piece's contrast: so much is left beside 90 % of what is no stroke
FADES_SHARE = 0.1  # of the ring around a piece: where it is darkest
UNEVEN_MAX = 0.4  # of the paper's brightness: what varies so much is no paper but a scene
PEN_ALIKE = 0.2  # of their height: so far digits of one line differ in height and place
LINE_MIN = 2  # digits that make a line
BLOT = 0.4  # stroke width over size: rounder components are blots, not strokes
RINGED_MIN = 0.3  # of a ring's height: what stands in it is a digit, no dot
STRAIGHT = 1.25  # ratio of a stroke's area to its width times its length: more is bent
ROUND_MIN = 0.8  # width over height of a ring around a straight 1; a slashed zero is narrower
SHADING_STEP = (
    0.15  # of what a piece is darker than its surroundings: a stroke's valley is half as deep
)
SHADING_BLUR = 2  # px: so far a camera blurs a stroke; further out there is its paper
SHADING_LIGHT = 0.9  # quantile of what is around: its light part, of whatever is on either side


@dataclass(frozen=True, eq=False)
class Selection:
    """What is left of a picture's ink when specks, blots, edges and objects are out."""

    sure: list[Region]  # strokes
    doubtful: list[Region]  # bars at the edge and what fades: strokes only within a line of digits
    labels: NDArray[np.int32]  # the working picture, each region's pixels holding its label
    shape: tuple[int, int]  # height and width, px, of the picture in which the regions lie
    object_area: int  # px of ink that belongs to objects
    is_scene: bool  # whether the paper's brightness varies more than any paper's

    @cached_property
    def _strokes(self) -> list[Region]:
        return self.sure + [piece for piece in self.doubtful if _in_line(piece, self.sure)]

    @property
    def pieces(self) -> list[Region]:
        """The regions that may be digits or their strokes."""
        return drop_border_regions(_drop_faint(self._strokes), self.shape)

    @property
    def cluttered(self) -> bool:
        """Whether more of the ink belongs to objects than to strokes."""
        return self.is_scene or self.object_area > sum(piece.area for piece in self._strokes)

    def turned(self, turns: int) -> "Selection":
        """The same with regions as they lie once the picture is turned by quarters anticlockwise.

        The labels stay as they are.
        """
        height, width = self.shape
        return replace(
            self,
            sure=[piece.turned(turns, self.shape) for piece in self.sure],
            doubtful=[piece.turned(turns, self.shape) for piece in self.doubtful],
            shape=(width, height) if turns % 2 else (height, width),
        )


def select_strokes(ink: Ink) -> Selection:
    """The components of the ink that may be digits or their strokes.

    Raises NoDigitsFound where there are more of them, or larger ones, than on a sheet of digits.
    """
    mask = ink.mask
    _, labels = labelled(mask)
    least = max(3, REGION_SIZE_MIN * min(max(mask.shape), STRIP * min(mask.shape)))
    # Even a line of one pixel is two or three wide once it is blurred: what is not is an edge.
    large = [p for p in ink.components if max(p.w, p.h) >= least and min(p.w, p.h) > 1]
    if len(large) > REGION_COUNT_MAX or _boxes_area(large) > REGION_AREA_MAX * mask.size:
        raise NoDigitsFound("crowded")
    large.sort(key=lambda part: max(part.w, part.h), reverse=True)
    pieces: list[Region] = []
    doubtful: list[Region] = []
    objects = 0  # px of ink
    for (at_x, at_y), x, y, w, h in large:
        label = int(labels[at_y, at_x])
        place = np.s_[y : y + h, x : x + w]
        own = labels[place] == label
        area = int(own.sum())
        strength = quantile(ink.contrast[place][own], FULL_QUANTILE)
        stroke = stroke_width(own.astype(np.uint8) * 255)
        if stroke >= BLOT * max(w, h):
            continue
        piece = Region((label,), x, y, w, h, area, stroke, strength)
        if is_edge_line(piece, mask.shape):
            doubtful.append(piece)
            continue
        fades, on_paper = _ring_statistics(piece, ink, labels)
        if on_paper and not is_shading_edge(piece, ink.gray, labels):
            (doubtful if fades else pieces).append(piece)
        elif not on_paper and not fades:
            objects += area
    pieces = [piece for piece in pieces if not _is_ring(piece, pieces, labels)]
    shape = mask.shape[0], mask.shape[1]
    return Selection(pieces, doubtful, labels, shape, objects, ink.noise_floor > UNEVEN_MAX)


def _is_ring(piece: Region, others: list[Region], labels: NDArray[np.int32]) -> bool:
    """Whether a piece is a closed line drawn around others, and no zero with a slash in it."""
    (rows, columns), inner = piece.place, []
    for other in others:
        y, x = other.place
        within = rows.start < y.start < y.stop < rows.stop
        if within and columns.start < x.start < x.stop < columns.stop:
            inner.append(other)
    tall = [other for other in inner if other.h >= RINGED_MIN * piece.h]
    if not tall:
        return False
    own = np.pad((labels[piece.place] == piece.labels[0]).astype(np.uint8), 1)
    cv2.floodFill(own, None, (0, 0), 1)  # what is left 0 lies inside a closed line
    if not np.any(labels[piece.place][own[1:-1, 1:-1] == 0] == tall[0].labels[0]):
        return False
    is_slash = all(
        other.area < STRAIGHT * other.stroke * np.hypot(other.w, other.h) for other in tall
    )
    return not is_slash or piece.w > ROUND_MIN * piece.h


def _boxes_area(parts: list[Component]) -> int:
    return sum(part.w * part.h for part in parts)


def _ring_statistics(piece: Region, ink: Ink, labels: NDArray[np.integer]) -> tuple[bool, bool]:
    """Whether a piece fades into what is around it, and whether that is paper on all sides.

    A stroke ends where the pen did; creases, dust and shadows fade. An object's outline has
    paper on one side only.
    """
    reach = max(2 * SHADING_BLUR, round(piece.stroke))
    area = piece.around(reach)
    own = (labels[area] == piece.labels[0]).astype(np.uint8)
    around = cv2.dilate(own, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    around &= (
        cv2.dilate(ink.mask[area], np.ones((2 * SHADING_BLUR + 1, 2 * SHADING_BLUR + 1), np.uint8))
        == 0
    )
    ring, contrast, depth = np.count_nonzero(around), ink.contrast[area], ink.global_contrast(area)

    fading = np.count_nonzero(around & (contrast > FADES * piece.contrast)) > FADES_SHARE * ring
    dark = np.count_nonzero(around & (depth > AROUND_DARK * cv2.mean(depth, own)[0]))
    return bool(fading), bool(dark <= AROUND_MAX * ring)


def _in_line(piece: Region, others: list[Region]) -> bool:
    """Whether a bar at the edge, or what fades, is a digit of a line: as tall as those beside."""
    beside = [p for p in others if max(abs(p.y - piece.y), abs(p.h - piece.h)) <= PEN_ALIKE * p.h]
    return len(beside) >= LINE_MIN


def _drop_faint(pieces: list[Region]) -> list[Region]:
    """Leave out what is much fainter than most of the ink."""
    # By its square, or much faint dust would outweigh a small digit.
    strengths = sorted((p.contrast, p.area * p.contrast**2) for p in pieces)
    weights = np.cumsum([weight for _, weight in strengths])
    usual = strengths[int(np.searchsorted(weights, weights[-1] / 2))][0] if pieces else 0
    return [p for p in pieces if p.contrast >= FAINT * usual]


def is_shading_edge(piece: Region, gray: NDArray[np.uint8], labels: NDArray[np.integer]) -> bool:
    """Whether what a piece covers is no valley, or ridge, of the picture's brightness.

    Closing by a window wider than the stroke fills a stroke up to its paper; a slope from light
    to dark stays as it is, since the window fits into its dark side.
    """
    wide = 2 * (round(piece.stroke) + SHADING_BLUR) + 1
    area = piece.around(2 * wide)
    own, shades = labels[area] == piece.labels[0], gray[area]
    window = np.ones((wide, wide), np.uint8)
    around = (cv2.dilate(own.view(np.uint8), window) > 0) & ~own
    sides = shades, 255 - shades
    return bool(around.any()) and all(_is_flat(side, own, around, window) for side in sides)


def _is_flat(
    shades: NDArray[np.uint8],
    own: NDArray[np.bool_],
    around: NDArray[np.bool_],
    window: NDArray[np.uint8],
) -> bool:
    filled = cv2.morphologyEx(shades, cv2.MORPH_CLOSE, window)
    ink, paper = float(shades[own].mean()), quantile(shades[around], SHADING_LIGHT)
    return float(filled[own].mean()) - ink < SHADING_STEP * (paper - ink)
