"""A picture whose ink reaches or nears its border -> the same with paper around.

Background estimation, line removal and border rules all need paper around the ink. Whether it is
missing is measured: strokes as large as the picture, or that its border cuts, on plain paper.
Paper is a plane of brightness fitted to the picture's own (least squares), so that falling light
goes on in the padding.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.arrays import BoolMask, Field, Gray, Mask, quantile
from preprocessing.components import Component, connected_components, own_pixels

LOOKED_AT = 64  # px, short side of the copy in which ink at the border is looked for
LONG_MAX = 8.0  # times that: the long side of the copy of a strip
FITS = 2  # rounds of telling ink from paper and fitting the paper's plane
CONTRAST_MIN = 12.0  # grey levels from paper to ink: less is the light's fall
PLAIN_QUANTILE = 0.98  # of the paper's pixels: what strays most from the plane, but for specks
CLEAR = 2.0  # times that: ink stands out at least so far from plain paper
INK_MAX = 0.6  # of the picture: more ink is an object, or the paper is taken for it
SPECK = 0.1  # of the short side: smaller marks say nothing
FILLS = 0.75  # of the picture's height or width: larger digits need paper around
BLOCK = 0.36  # of a component's longer side: what is wider anywhere is an object, no stroke
FAT_ONE = 0.5, 1.3  # the same of an upright component, so many times as high as wide
LINE = 0.12  # breadth over length of a component: thinner ones may be ruled lines
CUT_TALL = 0.3  # of the short side: what the border cuts and is smaller says nothing
ALIKE = 1.25  # times the tallest digit that is whole: a taller component is a frame
FRAME_WIDE = 2.5  # the same: so is a wider one
SIDE = 0.12  # of a component's height and width: so near its ends lie the sides of a box
SIDE_INKED = 0.95  # of a side: so much of it is ink
CORNER_FILLS = 0.66  # of the picture's height and width: smaller things at a corner are no digit
PADDING = 0.5  # of the size of the largest component: paper put around


class _Ground(NamedTuple):
    """A picture told apart into ink and paper."""

    ink: Mask
    plane: NDArray[np.float64]  # grey level = plane @ (x, y, 1), x and y from 0 to 1


def pad_tight_crop(gray: Gray) -> Gray:
    """Put paper around ink that fills a plain picture or is cut by its border, if any is."""
    ground = _tell_apart(_small(gray))
    size = _size_of_cut_ink(ground.ink) if ground is not None else 0.0
    if ground is None or not size:
        return gray
    room = max(1, round(PADDING * size * min(gray.shape) / min(ground.ink.shape)))
    (height, width), (by_x, by_y, level) = gray.shape, ground.plane
    padded: Gray = np.pad(gray, room)
    xs, ys = (np.arange(-room, side + room).clip(0, side) / side for side in (width, height))
    for edge, end in ((np.s_[:room], 0.0), (np.s_[-room:], 1.0)):
        padded[edge] = (by_x * xs + by_y * end + level).clip(0, 255).round()
        padded[:, edge] = (by_x * end + by_y * ys + level).clip(0, 255).round()[:, None]
    return padded


def _small(gray: Gray) -> Field:
    scale = min(1.0, LOOKED_AT / min(gray.shape), LONG_MAX * LOOKED_AT / max(gray.shape))
    size = [max(1, round(side * scale)) for side in gray.shape[::-1]]
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.medianBlur(small, 3), np.float32)


def _tell_apart(small: Field) -> _Ground | None:
    """Ink and paper of a picture that shows strokes on plain paper; None for any other."""
    height, width = small.shape
    x, y = np.arange(width) / width, np.arange(height) / height
    border = np.concatenate([small[0], small[-1], small[1:-1, 0], small[1:-1, -1]])
    plane = np.array([0.0, 0.0, float(np.median(border))])
    for _ in range(FITS):
        depth = np.abs(small - _levels(plane, x, y))
        shallow = depth.clip(0, 255).round().astype(np.uint8)
        threshold, _ = cv2.threshold(shallow, 0, 1, cv2.THRESH_OTSU)
        ink = depth > threshold
        if not ink.any() or ink.mean() > INK_MAX:
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
    short = min(ink.shape)
    parts = [p for p in connected_components(ink) if max(p.w, p.h) >= SPECK * short]
    cut = [p for p in parts if _is_cut(p, ink)]
    if not parts or not all(_is_stroke(p, ink) for p in cut):
        return 0.0
    if any(_at_corner(p, ink) and not _is_stroke_at_corner(p, ink) for p in cut):
        return 0.0  # a shadow, a desk, or the end of something
    tallest = max((p.h for p in parts if not _is_cut(p, ink)), default=0)
    if any(_is_box(p, ink) or any(_contains(p, q) for q in parts) for p in cut) or (
        tallest >= CUT_TALL * short
        and any(
            p.h > ALIKE * tallest or p.w > FRAME_WIDE * tallest or p.w == ink.shape[1] for p in cut
        )
    ):
        return 0.0  # a frame: around a digit, or larger than a whole one
    largest = max(parts, key=lambda p: max(p.w, p.h))
    if max((max(p.w, p.h) for p in cut), default=0) < CUT_TALL * short and not (
        max(largest.h / len(ink), largest.w / ink.shape[1]) >= FILLS and _is_stroke(largest, ink)
    ):
        return 0.0
    return float(max(largest.w, largest.h))


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
    height, width = ink.shape
    return bool(min(part.x, part.y, width - part.x - part.w, height - part.y - part.h) <= 0)


def _at_corner(part: Component, ink: Mask) -> bool:
    """Whether a component covers a corner of the picture."""
    own = np.zeros_like(ink)
    own[part.place] = own_pixels(ink, part)
    return bool(own[[0, 0, -1, -1], [0, -1, 0, -1]].any())


def _is_stroke_at_corner(part: Component, ink: Mask) -> bool:
    """Whether a component that covers a corner may be a digit that fills the picture."""
    fills = min(part.h / len(ink), part.w / ink.shape[1]) >= CORNER_FILLS
    return fills and _widest(part, ink) < BLOCK * max(part.w, part.h)


def _widest(part: Component, ink: Mask) -> float:
    """Breadth of a component where it is broadest, px."""
    room = cv2.copyMakeBorder(own_pixels(ink, part), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return 2 * float(cv2.distanceTransform(room, cv2.DIST_L2, 3).max())


def _is_stroke(part: Component, ink: Mask) -> bool:
    """Whether a component is made of strokes and no line of the paper's."""
    long, short = max(part.w, part.h), min(part.w, part.h)
    block = FAT_ONE[0] if part.h > FAT_ONE[1] * part.w else BLOCK
    return short >= LINE * long and _widest(part, ink) < block * long
