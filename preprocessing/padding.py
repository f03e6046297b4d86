"""A picture whose ink reaches or nears its border -> the same with paper around.

Background estimation, line removal and border rules all need paper around the ink. It is
missing where strokes on plain paper are as large as the picture or cut by its border. The padding
is a plane of brightness fitted to the paper (least squares), so that uneven light goes on in it.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask, Field, Gray, Mask, quantile, small_copy
from preprocessing.components import (
    BAR,
    Component,
    border_distances,
    connected_components,
    own_pixels,
)
from preprocessing.line_removal.form_boxes import SIDE_INKED_MIN, STRIP

COPY_SIDE = 64  # px, short side of the copy in which ink at the border is looked for
CONTRAST_MIN = 12.0  # grey levels from paper to ink: less is uneven light
PLAIN_QUANTILE = 0.98  # of the paper's differences from the plane: specks differ more
CLEAR_MIN = 2.0  # ratio of the ink's difference from the plane to that quantile, on plain paper
FILLS = 0.7  # of the picture's height or width: larger digits need paper around them
CUT_MIN = 0.3  # of the short side: smaller components that the border cuts are ignored
BREADTH_MAX = 0.5  # ratio of breadth to length: broader components are objects, no strokes
FRAME_MIN = 1.25  # ratio to the tallest uncut component: taller cut ones are frames


class _Separation(NamedTuple):
    """The ink and the paper of a picture."""

    ink: Mask
    plane: NDArray[np.float64]  # grey level = plane @ (x, y, 1), x and y from 0 to 1


def pad_tight_crop(gray: Gray) -> Gray:
    """Put paper around ink that fills a plain picture or is cut by its border, if any is.

    Its width is half the size of the largest component: with a third, or all of it, digits read
    the same.
    """
    small = np.asarray(cv2.medianBlur(small_copy(gray, COPY_SIDE), 3), np.float32)
    separated = _separate(small)
    size = _size_of_cut_ink(separated.ink) if separated else 0.0
    if not separated or not size:
        return gray
    padding = max(1, round(size / 2 * min(gray.shape) / min(separated.ink.shape)))
    (height, width), (by_x, by_y, level) = gray.shape, separated.plane
    padded: Gray = np.pad(gray, padding)
    xs, ys = (np.arange(-padding, side + padding).clip(0, side) / side for side in (width, height))
    for edge, end in ((np.s_[:padding], 0.0), (np.s_[-padding:], 1.0)):
        padded[edge] = (by_x * xs + by_y * end + level).clip(0, 255).round()
        padded[:, edge] = (by_x * end + by_y * ys + level).clip(0, 255).round()[:, None]
    return padded


def _separate(small: Field) -> _Separation | None:
    """Ink and paper of a picture that shows strokes on plain paper; None for any other."""
    height, width = small.shape
    x, y = np.arange(width) / width, np.arange(height) / height
    border = np.concatenate([small[0], small[-1], small[1:-1, 0], small[1:-1, -1]])
    plane = np.array([0.0, 0.0, quantile(border, 0.5)])
    for _ in range(2):
        depth = np.abs(small - _levels(plane, x, y))
        threshold, _ = cv2.threshold(cv2.convertScaleAbs(depth), 0, 1, cv2.THRESH_OTSU)
        ink = depth > threshold
        if not ink.any() or ink.all():
            return None
        plane = _fit_plane(small, ~ink, x, y)
    depth = np.abs(small - _levels(plane, x, y))
    near = cv2.dilate(ink.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if near.all():
        return None
    texture, depth_of_ink = quantile(depth[~near], PLAIN_QUANTILE), quantile(depth[ink], 0.5)
    if depth_of_ink < max(CONTRAST_MIN, CLEAR_MIN * texture):
        return None
    return _Separation(np.asarray(ink, np.uint8), plane)


def _levels(plane: NDArray[np.float64], x: Field, y: Field) -> NDArray[np.float64]:
    """Grey levels of a plane at columns x and rows y."""
    return np.asarray(plane[0] * x + (plane[1] * y + plane[2])[:, None], np.float64)


def _fit_plane(small: Field, is_paper: BoolMask, x: Field, y: Field) -> NDArray[np.float64]:
    """The plane of least squares through the paper's pixels, by its normal equations."""
    across, down = (np.array([side**2, side, np.ones_like(side)]) for side in (x, y))
    sums = down @ is_paper @ across.T  # over the paper: of y^2, y and 1 times x^2, x and 1
    levels = down @ (is_paper * small) @ across.T
    normal = [
        [sums[2, 0], sums[1, 1], sums[2, 1]],
        [sums[1, 1], sums[0, 2], sums[1, 2]],
        [sums[2, 1], sums[1, 2], sums[2, 2]],
    ]
    wanted = levels[2, 1], levels[1, 2], levels[2, 2]
    _, plane = cv2.solve(np.array(normal), np.array(wanted)[:, None], flags=cv2.DECOMP_SVD)
    return np.asarray(plane[:, 0], np.float64)


def _size_of_cut_ink(ink: Mask) -> float:
    """Longer side, px, of the largest component if strokes fill the picture or are cut, else 0."""
    components = connected_components(ink)
    cut = [component for component in components if _is_cut(component, ink)]
    if not components or not all(_is_stroke(component, ink) for component in cut):
        return 0.0
    if any(_at_corner(component, ink) and not _fills(component, ink, min) for component in cut):
        return 0.0  # a shadow, a desk or part of an object
    if any(_is_frame(component, components, ink) for component in cut):
        return 0.0
    largest = max(components, key=lambda component: max(component.w, component.h))
    is_cut = any(max(component.w, component.h) >= CUT_MIN * min(ink.shape) for component in cut)
    fills = _fills(largest, ink, max) and _is_stroke(largest, ink)
    return float(max(largest.w, largest.h)) if is_cut or fills else 0.0


def _fills(component: Component, ink: Mask, of: Callable[[float, float], float]) -> bool:
    """Whether the `of` (min or max) of a component's sides over the picture's reaches FILLS."""
    return of(component.h / len(ink), component.w / ink.shape[1]) >= FILLS


def _is_frame(component: Component, components: list[Component], ink: Mask) -> bool:
    """Whether a component is drawn around others, is a cut box or is taller than the digits."""
    tallest = max((other.h for other in components if not _is_cut(other, ink)), default=0)
    larger = tallest >= CUT_MIN * min(ink.shape) and (
        component.h > FRAME_MIN * tallest or component.w == ink.shape[1]
    )
    return (
        larger
        or _is_box(component, ink)
        or any(_contains(component, other) for other in components)
    )


def _contains(outer: Component, inner: Component) -> bool:
    """Whether the box of a component holds that of a smaller one."""
    left, top = inner.x - outer.x, inner.y - outer.y
    within = 0 <= left <= outer.w - inner.w and 0 <= top <= outer.h - inner.h
    return within and inner.w * inner.h < outer.w * outer.h


def _is_box(component: Component, ink: Mask) -> bool:
    """Whether a component has straight ink along two sides that meet, as a cut box of a form.

    One as large as the picture is a tightly cropped digit.
    """
    if (component.h, component.w) == ink.shape:
        return False
    own = own_pixels(ink, component) > 0
    deep, wide = max(1, round(STRIP * component.h)), max(1, round(STRIP * component.w))
    across = max(float(rows.any(axis=0).mean()) for rows in (own[:deep], own[-deep:]))
    down = max(float(columns.any(axis=1).mean()) for columns in (own[:, :wide], own[:, -wide:]))
    # A 1 whose stroke fills its bounding box has such sides too, but is broader.
    thin = _widest(component, ink) < BREADTH_MAX * min(component.w, component.h)
    return thin and min(across, down) >= SIDE_INKED_MIN


def _is_cut(component: Component, ink: Mask) -> bool:
    return min(border_distances(component, ink.shape)) == 0


def _at_corner(component: Component, ink: Mask) -> bool:
    """Whether a component covers a corner of the picture."""
    own = np.zeros_like(ink)
    own[component.place] = own_pixels(ink, component)
    return bool(own[[0, 0, -1, -1], [0, -1, 0, -1]].any())


def _widest(component: Component, ink: Mask) -> float:
    """Breadth of a component where it is broadest, px."""
    padded = np.pad(own_pixels(ink, component), 1)
    return 2 * float(cv2.distanceTransform(padded, cv2.DIST_L2, 3).max())


def _is_stroke(component: Component, ink: Mask) -> bool:
    """Whether a component is made of strokes: broad nowhere, and no line across the paper."""
    thin = _widest(component, ink) < BREADTH_MAX * max(component.w, component.h)
    return thin and component.h >= BAR * component.w
