"""A picture whose ink reaches or nears its border -> the same with paper around.

Background estimation, line removal and border rules all need paper around the ink. Whether it is
missing is measured: strokes as large as the picture, or that its border cuts, on plain paper.
Paper is a plane of brightness fitted to the picture's own (least squares), so that falling light
goes on in the padding.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask, Field, Gray, Mask, quantile
from preprocessing.components import (
    BAR,
    Component,
    border_distances,
    connected_components,
    own_pixels,
)

LOOKED_AT = 64  # px, short side of the copy in which ink at the border is looked for
CONTRAST_MIN = 12.0  # grey levels from paper to ink: less is the light's fall
PLAIN_QUANTILE = 0.98  # of the paper's pixels: but for specks, what differs most from the plane
CLEAR = 2.0  # ratio of the ink's difference from the plane to that: strokes on plain paper
FILLS = 0.7  # of the picture's height or width: larger digits need paper around
CUT_MIN = 0.3  # of the short side: smaller components that the border cuts say nothing
BLOCK = 0.5  # ratio of breadth to length: broader components are objects, no strokes
FRAME = 1.25  # ratio to the tallest digit that is whole: taller cut components are frames
SIDE = 0.12  # of a component's height and width: the sides of a box lie so near its ends
SIDE_INKED = 0.95  # of the length of such a side: what is ink


class _Ground(NamedTuple):
    """A picture told apart into ink and paper."""

    ink: Mask
    plane: NDArray[np.float64]  # grey level = plane @ (x, y, 1), x and y from 0 to 1


def pad_tight_crop(gray: Gray) -> Gray:
    """Put paper around ink that fills a plain picture or is cut by its border, if any is.

    On each side half the size of the largest component: a third or all of it reads the same.
    """
    ground = _tell_apart(_small(gray))
    size = _size_of_cut_ink(ground.ink) if ground is not None else 0.0
    if ground is None or not size:
        return gray
    room = max(1, round(size / 2 * min(gray.shape) / min(ground.ink.shape)))
    (height, width), (by_x, by_y, level) = gray.shape, ground.plane
    padded: Gray = np.pad(gray, room)
    xs, ys = (np.arange(-room, side + room).clip(0, side) / side for side in (width, height))
    for edge, end in ((np.s_[:room], 0.0), (np.s_[-room:], 1.0)):
        padded[edge] = (by_x * xs + by_y * end + level).clip(0, 255).round()
        padded[:, edge] = (by_x * end + by_y * ys + level).clip(0, 255).round()[:, None]
    return padded


def _small(gray: Gray) -> Field:
    scale = min(1.0, LOOKED_AT / min(gray.shape))
    size = [max(1, round(side * scale)) for side in gray.shape[::-1]]
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.medianBlur(small, 3), np.float32)


def _tell_apart(small: Field) -> _Ground | None:
    """Ink and paper of a picture that shows strokes on plain paper; None for any other."""
    height, width = small.shape
    x, y = np.arange(width) / width, np.arange(height) / height
    border = np.concatenate([small[0], small[-1], small[1:-1, 0], small[1:-1, -1]])
    plane = np.array([0.0, 0.0, float(np.median(border))])
    for _ in range(2):
        depth = np.abs(small - _levels(plane, x, y))
        shallow = depth.clip(0, 255).round().astype(np.uint8)
        threshold, _ = cv2.threshold(shallow, 0, 1, cv2.THRESH_OTSU)
        ink = depth > threshold
        if not ink.any() or ink.all():
            return None
        plane = _fit_plane(small, ~ink, x, y)
    depth = np.abs(small - _levels(plane, x, y))
    near = cv2.dilate(ink.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if near.all():
        return None
    unplain, clear = quantile(depth[~near], PLAIN_QUANTILE), float(np.median(depth[ink]))
    if clear < max(CONTRAST_MIN, CLEAR * unplain):
        return None
    return _Ground(np.asarray(ink, np.uint8), plane)


def _levels(plane: NDArray[np.float64], x: Field, y: Field) -> NDArray[np.float64]:
    """Grey levels of a plane at columns x and rows y."""
    return np.asarray(plane[0] * x + (plane[1] * y + plane[2])[:, None], np.float64)


def _fit_plane(small: Field, is_paper: BoolMask, x: Field, y: Field) -> NDArray[np.float64]:
    """The plane of least squares through the paper's pixels, by its normal equations."""
    weights = is_paper.astype(np.float64)
    levels = weights * small
    rows, columns, crossed = weights.sum(axis=1), weights.sum(axis=0), float(y @ weights @ x)
    by_x, by_y, count = float(columns @ x), float(rows @ y), float(rows.sum())
    normal = [
        [float(columns @ x**2), crossed, by_x],
        [crossed, float(rows @ y**2), by_y],
        [by_x, by_y, count],
    ]
    wanted = levels.sum(axis=0) @ x, levels.sum(axis=1) @ y, levels.sum()
    return np.asarray(np.linalg.lstsq(normal, wanted, rcond=None)[0], np.float64)


def _size_of_cut_ink(ink: Mask) -> float:
    """Longer side, px, of the largest component if strokes fill the picture or are cut; or 0."""
    parts = connected_components(ink)
    cut = [part for part in parts if _is_cut(part, ink)]
    if not parts or not all(_is_stroke(part, ink) for part in cut):
        return 0.0
    if any(_at_corner(part, ink) and not _fills(part, ink, min) for part in cut):
        return 0.0  # a shadow, a desk, or the end of something
    if any(_is_frame(part, parts, ink) for part in cut):
        return 0.0
    largest = max(parts, key=lambda part: max(part.w, part.h))
    is_cut = any(max(part.w, part.h) >= CUT_MIN * min(ink.shape) for part in cut)
    fills = _fills(largest, ink, max) and _is_stroke(largest, ink)
    return float(max(largest.w, largest.h)) if is_cut or fills else 0.0


def _fills(part: Component, ink: Mask, of: Callable[[float, float], float]) -> bool:
    """Whether a component is as large as the picture in the smaller or larger of its sides."""
    return of(part.h / len(ink), part.w / ink.shape[1]) >= FILLS


def _is_frame(part: Component, parts: list[Component], ink: Mask) -> bool:
    """Whether a component is drawn around others, is a cut box or is larger than a whole digit."""
    tallest = max((other.h for other in parts if not _is_cut(other, ink)), default=0)
    larger = tallest >= CUT_MIN * min(ink.shape) and (
        part.h > FRAME * tallest or part.w == ink.shape[1]
    )
    return larger or _is_box(part, ink) or any(_contains(part, other) for other in parts)


def _contains(outer: Component, inner: Component) -> bool:
    """Whether the box of a component holds that of a smaller one."""
    left, top = inner.x - outer.x, inner.y - outer.y
    within = 0 <= left <= outer.w - inner.w and 0 <= top <= outer.h - inner.h
    return within and inner.w * inner.h < outer.w * outer.h


def _is_box(part: Component, ink: Mask) -> bool:
    """Whether a component has straight ink along two sides that meet, as a cut box of a form.

    One as large as the picture is a digit, cropped tight.
    """
    if (part.h, part.w) == ink.shape:
        return False
    own = own_pixels(ink, part) > 0
    deep, wide = max(1, round(SIDE * part.h)), max(1, round(SIDE * part.w))
    across = max(float(rows.any(axis=0).mean()) for rows in (own[:deep], own[-deep:]))
    down = max(float(columns.any(axis=1).mean()) for columns in (own[:, :wide], own[:, -wide:]))
    # A 1 fills its box.
    return min(across, down) >= SIDE_INKED and _widest(part, ink) < BLOCK * min(part.w, part.h)


def _is_cut(part: Component, ink: Mask) -> bool:
    return min(border_distances(part, ink.shape)) == 0


def _at_corner(part: Component, ink: Mask) -> bool:
    """Whether a component covers a corner of the picture."""
    own = np.zeros_like(ink)
    own[part.place] = own_pixels(ink, part)
    return bool(own[[0, 0, -1, -1], [0, -1, 0, -1]].any())


def _widest(part: Component, ink: Mask) -> float:
    """Breadth of a component where it is broadest, px."""
    room = cv2.copyMakeBorder(own_pixels(ink, part), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return 2 * float(cv2.distanceTransform(room, cv2.DIST_L2, 3).max())


def _is_stroke(part: Component, ink: Mask) -> bool:
    """Whether a component is made of strokes: broad nowhere, and no line across the paper."""
    return part.h >= BAR * part.w and _widest(part, ink) < BLOCK * max(part.w, part.h)
