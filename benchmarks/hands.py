"""Digits as a pen writes them on a sheet: from MNIST's validation split, or drawn by strokes."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.papers import Page, clouds
from model.datasets.splits import load_split
from model.datasets.synthetic_digits import COMMON_FORMS, SHAKE, parse, through

ZOOM = 8  # times MNIST's 28 px: where its pixels become strokes
SIDE = 200  # px, height of a drawn digit's square
DRAWN_SHARE = 0.4  # of the digits of pens that are no thinner than MNIST's
THICK = 0.07  # of the height: MNIST's pens are no thinner
Mask = NDArray[np.float32]


class Pen(NamedTuple):
    """The colours and strokes of one kind of pen."""

    colours: tuple[tuple[int, int, int], ...]  # BGR
    width: tuple[float, float]  # of the digit's height
    cover: tuple[float, float]  # share of the paper's light that it absorbs
    rough: float = 0.0  # share of a stroke that the paper's grain leaves blank


PENS = {
    "pencil": Pen(((70, 70, 70), (95, 95, 95)), (0.03, 0.08), (0.55, 0.85), 0.25),
    "hard pencil": Pen(((150, 150, 150), (175, 175, 175)), (0.04, 0.08), (0.75, 0.95)),
    "ballpoint": Pen(((150, 50, 20), (40, 35, 35), (120, 30, 40)), (0.025, 0.07), (0.75, 0.95)),
    "thin": Pen(((150, 50, 20), (40, 35, 35), (40, 40, 180)), (0.015, 0.035), (0.7, 0.95)),
    "marker": Pen(((25, 25, 25), (120, 40, 20), (30, 30, 190)), (0.09, 0.17), (0.9, 1.0)),
    "colour": Pen(
        ((40, 40, 210), (60, 140, 30), (40, 120, 235), (200, 80, 180), (210, 150, 30)),
        (0.04, 0.14),
        (0.75, 1.0),
    ),
    "chalk": Pen(
        ((235, 240, 240), (150, 230, 245), (190, 180, 245)), (0.05, 0.13), (0.7, 0.95), 0.3
    ),
}  # fmt: skip


def digit_mask(digit: int, pen: Pen, rng: np.random.Generator) -> Mask:
    """Return one digit, trimmed, as the ink coverage of each pixel."""
    width = rng.uniform(*pen.width)
    if width >= THICK and rng.random() > DRAWN_SHARE:
        glyphs = load_split()[1]
        glyph = glyphs.x[rng.choice(np.flatnonzero(glyphs.y == digit))]
        room = np.pad(glyph, 2)
        large = cv2.resize(room, None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
        smooth = cv2.GaussianBlur(large.astype(np.float32) / 255, (0, 0), ZOOM * 0.45)
        level = np.float32(rng.uniform(0.3, 0.5))
        return _trimmed(np.asarray(np.clip((smooth - level) * ZOOM + 0.5, 0, 1), np.float32))
    forms = [form for own, form in COMMON_FORMS if own == digit]
    canvas = np.zeros((2 * SIDE, 2 * SIDE), np.uint8)
    narrow = np.array([rng.uniform(0.5, 0.85), 1.0])
    for points, curved in parse(forms[rng.integers(len(forms))]):
        shaken = points * narrow + rng.normal(0, SHAKE, points.shape)
        path = SIDE / 2 + SIDE * (through(shaken) if curved else shaken)
        thick = max(1, round(width * SIDE))
        cv2.polylines(canvas, [(path * 16).astype(np.int32)], False, 255, thick, cv2.LINE_AA, 4)
    return _trimmed(canvas.astype(np.float32) / np.float32(255))


def write(
    page: Page, mask: Mask, pen: Pen, colour: tuple[int, int, int], *, at: tuple[float, float],
    height: float, rng: np.random.Generator,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Write on a page's picture with the middle at `at`, px; return the digit's x, y, w, h."""
    scale = height / len(mask)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = np.clip(cv2.resize(mask, None, fx=scale, fy=scale, interpolation=way), 0, 1)
    high, wide = sized.shape
    side = int(np.hypot(high, wide)) + 4
    move = cv2.getRotationMatrix2D((wide / 2, high / 2), -np.degrees(page.turn), 1)
    left, top = round(at[0] - side / 2), round(at[1] - side / 2)
    move[:, 2] += (at[0] - left - wide / 2, at[1] - top - high / 2)
    ink = cv2.warpAffine(sized, move, (side, side))
    rows, columns = page.picture.shape[:2]
    inner = np.s_[max(0, -top) : rows - top, max(0, -left) : columns - left]
    ink = ink[inner]
    place = page.picture[max(0, top) :, max(0, left) :][: ink.shape[0], : ink.shape[1]]
    box = cv2.boundingRect((ink > 0.3).astype(np.uint8))
    if pen.rough:
        holes = clouds(ink.shape[1], ink.shape[0], max(0.006, 1.2 / side), rng)
        ink = ink * np.clip(1 - pen.rough * np.abs(holes), 0, 1)
    share = (ink * np.float32(rng.uniform(*pen.cover)))[..., None]
    place[:] = place * (1 - share) + np.array(colour, np.float32) * share
    return max(0, left) + box[0], max(0, top) + box[1], box[2], box[3]


def _trimmed(mask: Mask) -> Mask:
    x, y, w, h = cv2.boundingRect((mask > 0.5).astype(np.uint8))
    return mask[max(0, y - 1) : y + h + 1, max(0, x - 1) : x + w + 1]
