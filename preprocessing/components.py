"""Mask -> its connected components and their bounding boxes.

`findContours` gives the boxes in a tenth of the time that `connectedComponentsWithStats` takes.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

NO_PARENT = -1
WHOLE_MIN = 0.6  # of the digits' height: what is lower is part of a digit, or none
MARK_MAX = 0.3  # of the digits' height: what is lower, and no part of a digit, is a dot or a dash
BAR = 0.25  # ratio of breadth to length: a thinner region is a bar
BESIDE_MIN = 0.5  # of a height: what stands side by side shares more of it
DENSE_MIN = 0.06  # steps between ink and paper per px: labels then take less time than contours
COMPONENTS_MAX = 1000  # components of a mask that are returned: the largest


class Rectangle(Protocol):
    """A place with sides along those of the picture: a component, a region or a digit's box."""

    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def w(self) -> int: ...
    @property
    def h(self) -> int: ...


class Component(NamedTuple):
    """One connected component of a mask: a pixel of it, and its bounding box."""

    at: tuple[int, int]  # x, y
    x: int
    y: int
    w: int
    h: int

    @property
    def place(self) -> tuple[slice, slice]:
        """Its rows and columns in the mask."""
        return np.s_[self.y : self.y + self.h, self.x : self.x + self.w]


class Region(NamedTuple):
    """Ink of the working picture that is one digit or part of one: a component, or several."""

    labels: tuple[int, ...]  # of its components
    x: int
    y: int
    w: int
    h: int
    area: int
    stroke: float  # px, mean width
    contrast: float  # to the paper, of its darker part

    @property
    def place(self) -> tuple[slice, slice]:
        """Its rows and columns in the working picture."""
        return np.s_[self.y : self.y + self.h, self.x : self.x + self.w]

    @property
    def is_upright_bar(self) -> bool:
        """Whether it is a vertical stroke, as a 1 is."""
        return self.w < BAR * self.h

    @property
    def is_flat_bar(self) -> bool:
        """Whether it is a horizontal stroke, as a line or a dash is."""
        return self.h < BAR * self.w

    def turned(self, turns: int, shape: tuple[int, int]) -> "Region":
        """Where it lies once a picture of this height and width is turned anticlockwise."""
        region, (height, width) = self, shape
        for _ in range(turns % 4):
            x, y = region.y, width - region.x - region.w
            region = region._replace(x=x, y=y, w=region.h, h=region.w)
            height, width = width, height
        return region

    def around(self, reach: int) -> tuple[slice, slice]:
        """Rows and columns of its box enlarged by so many px on each side, inside the picture."""
        top, left = max(0, self.y - reach), max(0, self.x - reach)
        return np.s_[top : self.y + self.h + reach, left : self.x + self.w + reach]


def connected_components(mask: NDArray[np.uint8]) -> list[Component]:
    """The 8-connected components, those in holes of others too; at most COMPONENTS_MAX of them."""
    if np.count_nonzero(mask[1:] != mask[:-1]) > DENSE_MIN * mask.size:
        return _largest_components(mask)
    outlines, levels = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return []
    if len(outlines) > 10 * COMPONENTS_MAX:
        return _largest_components(mask)
    # All boxes at once: a call of cv2.boundingRect for each takes seven times as long.
    points = np.concatenate(outlines)[:, 0]
    starts = np.cumsum([0, *map(len, outlines[:-1])])
    least, most = (way.reduceat(points, starts) for way in (np.minimum, np.maximum))
    sizes = most - least + 1
    outer = np.flatnonzero(levels[0, :, 3] == NO_PARENT)
    if len(outer) > COMPONENTS_MAX:
        longest = np.argsort(-sizes[outer].max(axis=1), kind="stable")
        outer = outer[longest[:COMPONENTS_MAX]]
    found = np.hstack([points[starts], least, sizes])[outer].tolist()
    return [Component((at_x, at_y), x, y, w, h) for at_x, at_y, x, y, w, h in found]


def _largest_components(mask: NDArray[np.uint8]) -> list[Component]:
    """The COMPONENTS_MAX components with the longest boxes, by one pass over all of them."""
    # Bolelli's algorithm, the default, takes twice as long with statistics.
    way = cv2.CCL_BBDT
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_32S, way)
    sizes = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    found = []
    largest = 1 + np.argsort(-sizes, kind="stable")[:COMPONENTS_MAX]
    for label, (x, y, w, h) in zip(largest, stats[largest, :4].tolist(), strict=True):
        at_x = x + int((labels[y, x : x + w] == label).argmax())
        found.append(Component((at_x, y), x, y, w, h))
    return found


def own_pixels(mask: NDArray[np.uint8], component: Component) -> NDArray[np.uint8]:
    """A component alone within its box, 1 on 0: for a few faster than to label the whole mask."""
    _, labels = labelled(mask[component.place])
    own = labels == labels[component.at[1] - component.y, component.at[0] - component.x]
    return np.asarray(own, np.uint8)


def pixels_of(mask: NDArray[np.uint8], components: Sequence[Component]) -> NDArray[np.bool_]:
    """A mask of the same size that holds these components alone."""
    count, labels = labelled(mask)
    wanted = np.zeros(count, bool)
    wanted[[labels[one.at[1], one.at[0]] for one in components]] = True
    return np.asarray(wanted[labels], bool)  # faster than np.isin


def labelled(mask: NDArray[np.uint8]) -> tuple[int, NDArray[np.int32]]:
    """The number of labels, the paper's 0 included, and the picture of them."""
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    return count, np.asarray(labels, np.int32)


def overlap(a: Rectangle, b: Rectangle) -> tuple[int, int]:
    """By how many px two places overlap horizontally and vertically; negative: the gap."""
    across = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    return across, min(a.y + a.h, b.y + b.h) - max(a.y, b.y)


def lies_above(a: Rectangle, b: Rectangle) -> bool:
    """Whether one of two places lies above the other, as parts of a digit may, not beside it."""
    across, along = overlap(a, b)
    return across > 0 and along < BESIDE_MIN * (a.h + b.h - along)


def border_distances(place: Rectangle, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Distances in px of a place from the picture's top, bottom, left and right edge."""
    height, width = shape
    return place.y, height - place.y - place.h, place.x, width - place.x - place.w


def digit_height(regions: list[Region]) -> float:
    """The median height of regions, px, each weighted by its height; 0 for none."""
    if not regions:
        return 0.0
    heights = np.array([region.h for region in regions], float)
    order = np.argsort(heights)
    share = np.cumsum(heights[order]) / heights.sum()
    return float(heights[order][np.searchsorted(share, 0.5)])
