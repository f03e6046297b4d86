"""Kinds of drawn photos: what is random about each, and the photo of a number."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.hands import PENS, Mask, digit_mask, write
from benchmarks.papers import SHEETS, Box, Picture, lit, make_page, taken, with_desk
from benchmarks.scenes import SCENES, draw_scene
from model.evaluation.photos import Example

SEED = 7
SIDES = (240, 1500)  # px, short side of a photo; the long one is up to 1.4 times as long
HEIGHT_MIN = 18  # px: lower digits are hard for a person too
PLACES = {"middle": 0.0, "near the middle": 0.25, "anywhere": 0.48, "at the border": 0.5}
DESK_SHARE = 0.12  # of the photos
LEADING = 1.7  # from line to line, of the digits' height


class Kind(NamedTuple):
    """The ranges of what is random in the photos of one kind."""

    heights: tuple[float, float] = (0.12, 0.6)  # of the short side, of a digit
    sheets: tuple[str, ...] = SHEETS
    pens: tuple[str, ...] = ("pencil", "ballpoint", "marker", "colour")
    sides: tuple[int, int] = SIDES
    lines: tuple[int, int] = (1, 1)
    digits: tuple[int, int] = (1, 1)  # of a line
    gap: tuple[float, float] = (0.15, 0.5)  # between digits, of their height
    touching: bool = False
    place: str = "near the middle"
    hard_light: bool = False
    frames: bool = False  # whether a form's boxes are around the digits


KINDS = {
    "shaded": Kind(sheets=("plain", "crumpled"), hard_light=True),
    "ruled": Kind(sheets=("ruled",), heights=(0.08, 0.4)),
    "squared": Kind(sheets=("squared", "dotted"), heights=(0.08, 0.4)),
    "board": Kind(sheets=("board",), pens=("chalk",)),
    "small": Kind(heights=(0.03, 0.1), sides=(600, 2200), place="anywhere"),
    "tiny": Kind(
        heights=(0.014, 0.03),
        sheets=("plain", "ruled", "squared"),
        sides=(1600, 2500),
        lines=(1, 3),
        digits=(1, 8),
    ),
    "off-centre": Kind(heights=(0.1, 0.4), place="at the border"),
    "thin": Kind(pens=("thin",), place="anywhere"),
    "coloured": Kind(pens=("colour",), place="anywhere"),
    "filling": Kind(heights=(0.85, 1.0), sheets=("plain",), sides=(100, 1200), place="middle"),
    "boxed": Kind(sheets=("plain",), heights=(0.1, 0.5), frames=True, digits=(1, 4)),
    "pale boxed": Kind(
        sheets=("plain",),
        pens=("hard pencil",),
        heights=(0.1, 0.5),
        frames=True,
        digits=(1, 4),
    ),
    "several": Kind(heights=(0.1, 0.3), digits=(2, 8)),
    "lines": Kind(heights=(0.06, 0.16), lines=(2, 4), digits=(1, 6)),
    "touching": Kind(heights=(0.15, 0.4), digits=(2, 2), touching=True),
    "empty": Kind(lines=(0, 0)),
}


class Placed(NamedTuple):
    """A digit of a row, with its place there in heights."""

    mask: Mask
    left: float
    right: float


@dataclass(frozen=True)
class Drawn:
    """A drawn photo and its label."""

    name: str
    photo: bytes
    text: str
    boxes: tuple[Box, ...]  # in reading order; none for a scene, whose places are not known

    @property
    def example(self) -> Example:
        """Return the photo with its kind as its source."""
        return Example(self.name, self.photo, self.text, self.name.rpartition(" ")[0])


def draw(kind: str, number: int) -> Drawn:
    """Return photo `number` of a kind of KINDS or SCENES; it is the same each time."""
    rng = np.random.default_rng([SEED, *kind.encode(), number])
    if kind in SCENES:
        return Drawn(f"{kind} {number}", *draw_scene(SCENES[kind], rng), ())
    plan = KINDS[kind]
    short = round(float(np.exp(rng.uniform(*np.log(plan.sides)))))
    sides = short, round(short * rng.uniform(1, 1.4))
    width, height = sides if rng.random() < 0.5 else sides[::-1]
    sheet = plan.sheets[number % len(plan.sheets)]
    page = make_page(sheet, width, height, rng)
    pen = PENS["chalk" if sheet == "board" else str(rng.choice(plan.pens))]
    colour = pen.colours[rng.integers(len(pen.colours))]
    rows = [
        [int(digit) for digit in rng.integers(0, 10, rng.integers(*plan.digits, endpoint=True))]
        for _ in range(rng.integers(*plan.lines, endpoint=True))
    ]
    places = [_row([digit_mask(digit, pen, rng) for digit in row], plan, rng) for row in rows]
    tall = max(HEIGHT_MIN, short * float(np.exp(rng.uniform(*np.log(plan.heights)))))
    block = max((row[-1].right for row in places), default=1.0), LEADING * (len(rows) - 1) + 1
    cos, sin = np.cos(page.turn), np.sin(page.turn)
    # Size of the turned block, in heights.
    reach = block[0] * cos + block[1] * abs(sin), block[1] * cos + block[0] * abs(sin)
    tall = min(tall, width / reach[0], height / reach[1])
    room = np.array([width - reach[0] * tall, height - reach[1] * tall])
    middle = np.array([width, height]) / 2 + _aside(plan.place, rng) * room
    boxes = []
    for line, row in enumerate(places):
        for mask, left, right in row:
            size = tall * (rng.uniform(0.9, 1) if len(row) > 1 else 1.0)
            along = tall * ((left + right) / 2 - block[0] / 2)
            across = tall * (LEADING * line + 0.5 - block[1] / 2)
            at = middle[0] + cos * along - sin * across, middle[1] + sin * along + cos * across
            boxes.append(write(page, mask, pen, colour, at=at, height=size, rng=rng))
    if plan.frames:
        _frame(page.picture, boxes, rng)
    picture = page.picture
    if plan.place == "near the middle" and rng.random() < DESK_SHARE:
        picture = with_desk(picture, page, boxes, rng)
    photo = taken(lit(picture, rng, hard=plan.hard_light), rng)
    text = " ".join("".join(str(digit) for digit in row) for row in rows)
    return Drawn(f"{kind} {number}", photo, text, tuple(boxes))


def _row(masks: list[Mask], plan: Kind, rng: np.random.Generator) -> list[Placed]:
    """Place digits one after the other, with the gaps of the kind or so that they touch."""
    row: list[Placed] = []
    for mask in masks:
        gap = float(rng.uniform(*plan.gap))
        left = row[-1].right + gap if row else 0.0
        if row and plan.touching:
            left = row[-1].left + _touch(row[-1].mask, mask) - rng.uniform(0, 0.04)
        row.append(Placed(mask, left, left + mask.shape[1] / len(mask)))
    return row


def _touch(first: Mask, second: Mask) -> float:
    """Return the distance of the left ends of two digits that touch, in heights."""
    a, b = (cv2.resize(m, (round(100 * m.shape[1] / len(m)), 100)) > 0.5 for m in (first, second))
    ends = a.shape[1] - np.argmax(a[:, ::-1], axis=1)
    starts = np.argmax(b, axis=1)
    both = a.any(axis=1) & b.any(axis=1)
    return float((ends - starts)[both].max() / 100)


def _aside(place: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the offset of a block from the middle, of the free space; 0.5: at the edge."""
    most = PLACES[place]
    aside = rng.uniform(-most, most, 2)
    if place == "at the border":
        aside[rng.integers(2)] = rng.choice((-1, 1)) * rng.uniform(0.45, 0.5)
    return aside


def _frame(picture: Picture, boxes: list[Box], rng: np.random.Generator) -> None:
    """Print the boxes of a form around digits, some so narrow that the digits touch them."""
    tall = max(box[3] for box in boxes)
    room, pen = tall * rng.uniform(-0.03, 0.4), max(1, round(tall * rng.uniform(0.015, 0.05)))
    grey = (int(rng.integers(30, 140)),) * 3
    top, bottom = min(y for _, y, _, _ in boxes), max(y + h for _, y, _, h in boxes)
    edges = [boxes[0][0] - room, boxes[-1][0] + boxes[-1][2] + room]
    edges[1:1] = [(a[0] + a[2] + b[0]) / 2 for a, b in pairwise(boxes)]
    for left, right in pairwise(edges):
        corners = (round(left), round(top - room)), (round(right), round(bottom + room))
        cv2.rectangle(picture, *corners, grey, pen, cv2.LINE_AA)
