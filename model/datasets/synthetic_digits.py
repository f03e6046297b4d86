"""Digit forms beside MNIST's: strokes as parametric curves -> glyphs, by `to_mnist`.

MNIST was written in the United States. Elsewhere a one has a flag and often a base, a seven is
crossed, a four open or closed, a two looped, a nine straight-legged. Each form is strokes through
points of a square, x to the right and y down; a drawing adds normal noise to the points.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import to_mnist

CANVAS = 112  # px, side of the canvas that a form is drawn on before `to_mnist`
MARGIN = 24  # px around the unit square
SHAKE = 0.035  # of the square's side, standard deviation of the noise on a point
PEN_WIDTHS = (4, 13)  # px of the canvas, a ballpoint to a felt pen; the end is excluded
FAT_WIDTHS = (12, 22)  # px of the canvas, a marker or small writing; the end is excluded
FAT_SHARE = 0.35  # of the drawings that have one of FAT_WIDTHS
WIDTHS = (0.6, 1.4)  # of the square's width, range of a drawing's
CURVE_STEPS = 12  # interpolated points from one given point to the next, both included
COMMON_FORMS = (  # the digit, its strokes in percent of the square
    (0, "~60,5 20,30 20,80 60,98 85,50 55,0 35,10"),
    (0, "~50,0 15,15 5,50 15,85 50,100 85,85 95,50 85,15 50,2"),
    (1, "30,30 60,0 60,100"),
    (1, "10,50 60,0 60,100"),
    (1, "15,70 60,0 55,100"),
    (1, "15,40 35,25 60,0 60,100"),
    (1, "25,30 50,0 50,100 / 20,100 85,100"),
    (1, "10,45 50,0 50,100 / 20,100 80,100"),
    (1, "50,0 50,45"),
    (1, "25,45 40,35 55,0 50,100"),
    (1, "20,40 55,5 60,0 50,60 60,100"),
    (1, "30,15 50,0 50,60 / 35,60 65,60"),
    (2, "~10,25 45,0 80,25 50,65 15,95 12,75 40,85 90,97"),
    (2, "~10,20 50,0 80,25 50,60 10,100 / 10,100 90,100"),
    (3, "15,5 80,5 45,40 / ~45,40 85,60 60,97 10,88"),
    (3, "~12,12 45,0 70,18 45,42 75,62 70,90 40,100 12,92"),
    (3, "~15,10 60,0 75,20 40,42 85,65 60,97 10,88"),
    (4, "40,0 10,60 90,60 / 65,30 60,100"),
    (4, "15,0 15,50 80,50 / 80,0 80,100"),
    (4, "~15,0 15,40 50,50 85,35 / 85,0 75,100"),
    (4, "65,100 65,0 10,65 90,65"),
    (4, "35,0 10,55 90,55 / 75,0 45,100"),
    (4, "~60,0 15,45 30,62 85,50 / 75,25 40,100"),
    (4, "60,0 12,72 80,78 / 70,45 60,100"),
    (4, "~60,0 30,35 12,70 40,80 80,66 / 78,42 62,100"),
    (4, "~55,0 15,50 12,68 30,74 85,70 / 70,50 65,95"),
    (5, "25,0 20,42 / ~20,42 75,45 80,80 45,100 10,90 / 25,0 85,2"),
    (6, "~75,0 30,35 15,75 50,100 80,75 50,55 18,75"),
    (6, "~30,0 20,50 30,95 70,90 70,60 25,65"),
    (7, "10,5 85,5 40,100 / 30,52 85,50"),
    (7, "10,20 12,3 85,5 40,100 / 25,50 85,50"),
    (7, "~10,15 30,3 55,10 85,0 55,45 45,100 / 25,55 80,48"),
    (7, "10,22 12,3 85,5 45,100"),
    (7, "~10,5 80,5 55,45 50,100"),
    (7, "25,5 75,5 60,100"),
    (8, "~50,45 20,20 50,0 80,20 50,45 10,75 50,100 90,75 50,45"),
    (8, "~80,10 40,0 25,25 70,60 70,95 30,95 25,65 80,10"),
    (9, "~80,20 50,0 20,20 45,45 80,20 / 80,10 80,100"),
    (9, "~80,20 50,0 20,20 45,45 80,20 / 80,20 50,100"),
    (9, "~80,20 50,0 20,20 45,45 80,20 / ~80,15 85,60 60,100 15,90"),
    (9, "~75,10 35,0 15,30 45,48 75,35 / 80,5 75,100"),
    (9, "~70,12 35,2 18,25 40,45 75,30 / ~72,22 82,60 60,97 18,90"),
    (9, "~70,8 30,5 20,30 50,42 76,25 80,60 62,95 25,98"),
)
REGIONAL_FORMS = (  # the same: frequent in Italy, France and Central Europe, or in forms
    # 0 with a stroke through the ring or inside it, and with a loop where the ring closes.
    (0, "~50,2 15,20 8,55 30,95 70,95 92,55 85,20 50,2 / 98,2 2,98"),
    (0, "~50,2 15,20 8,55 30,95 70,95 92,55 85,20 50,2 / 90,12 10,88"),
    (0, "~50,2 15,20 8,55 30,95 70,95 92,55 85,20 50,2 / 68,28 32,72"),
    (0, "~60,8 25,18 8,55 32,98 75,92 88,48 62,10 46,0 42,14 60,18 84,4"),
    (0, "~50,12 18,25 8,60 35,98 75,90 90,50 70,15 45,10 50,0 66,6 50,16"),
    # 1 with a long upstroke, a loop at its top, a base.
    (1, "2,75 60,0 58,100"),
    (1, "0,95 52,0 55,100"),
    (1, "~0,80 30,40 58,0 / 58,0 56,100"),
    (1, "~15,62 45,22 60,2 48,4 50,22 56,50 55,100"),
    (1, "~10,70 50,25 66,5 56,0 48,14 54,45 52,100"),
    (1, "5,55 55,0 55,98 / 18,98 95,98"),
    (1, "~18,38 40,22 55,0 / 55,0 53,97 / ~15,97 50,94 92,100"),
    # 4 in one zigzag, open at its top, as a flash of lightning is drawn.
    (4, "45,0 12,58 82,48 50,100"),
    (4, "30,0 15,55 75,50 60,100"),
    (4, "~50,0 30,30 12,60 / 12,60 80,52 / ~80,52 64,75 55,100"),
    # 7 crossed, with a serif and a wave; with a long crossing, also low on the stem; with a foot.
    (7, "10,25 14,5 / ~14,5 35,0 62,9 90,2 / ~90,2 60,48 45,100 / 22,54 84,46"),
    (7, "12,28 10,4 / ~10,4 38,12 60,0 88,6 / 88,6 42,100 / ~25,50 50,55 82,45"),
    (7, "10,6 88,4 45,100 / 2,58 98,50"),
    (7, "8,18 10,4 86,4 42,100 / 4,66 90,62"),
    (7, "10,5 85,5 42,98 / 25,52 80,48 / 15,98 75,98"),
    # 9 with a tail that curls up, with a foot, and with a flat top on a straight stem.
    (9, "~80,20 50,0 20,20 45,45 80,20 84,60 62,97 25,95 10,76 24,66"),
    (9, "~78,15 45,0 18,22 42,44 78,20 / ~80,12 84,60 66,92 38,100 14,86 18,70 36,72"),
    (9, "~76,18 45,2 22,22 45,42 76,18 80,55 70,90 40,100 20,90 30,76 60,84 95,70"),
    (9, "~78,18 48,0 18,20 45,45 78,20 / 80,8 74,94 98,96"),
    (9, "~78,18 48,0 18,20 45,45 78,20 / 78,8 72,98 / 45,98 98,98"),
    (9, "80,2 78,100 / ~80,4 40,2 14,20 36,46 79,42"),
    (9, "85,4 30,4 / ~30,4 12,22 34,46 78,42 / 80,2 80,100"),
)
FORMS = COMMON_FORMS + REGIONAL_FORMS


class Stroke(NamedTuple):
    """One stroke of the pen through points of the unit square, (n, 2) as x and y."""

    points: NDArray[np.float64]
    curved: bool


def draw_variants(
    count: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return (count, 28, 28) drawn glyphs and their digits, each form equally often."""
    chosen = [FORMS[i % len(FORMS)] for i in range(count)]
    glyphs = [draw(parse(form), rng) for _, form in chosen]
    return np.stack(glyphs), np.array([digit for digit, _ in chosen], np.uint8)


def parse(form: str) -> list[Stroke]:
    """Parse strokes as FORMS holds them: "x,y x,y / ~x,y ...", a tilde for a curved one."""
    strokes = []
    for part in form.split("/"):
        words = part.strip().removeprefix("~").split()
        points = np.array([[float(number) / 100 for number in word.split(",")] for word in words])
        strokes.append(Stroke(points, "~" in part))
    return strokes


def draw(strokes: Sequence[Stroke], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw strokes with one pen, with noise on each point, and return the (28, 28) glyph."""
    canvas = np.zeros((CANVAS, CANVAS), np.uint8)
    pen = int(rng.integers(*(FAT_WIDTHS if rng.random() < FAT_SHARE else PEN_WIDTHS)))
    side = CANVAS - 2 * MARGIN
    scale = np.array([rng.uniform(*WIDTHS), 1.0])
    for points, curved in strokes:
        shaken = points * scale + rng.normal(0, SHAKE, points.shape)
        path = (MARGIN + side * (through(shaken) if curved else shaken)).round()
        cv2.polylines(canvas, [path.astype(np.int32)], False, 255, pen, cv2.LINE_AA)
    return (to_mnist(canvas) * 255).round().astype(np.uint8)


def through(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate points (n, 2) by a Catmull-Rom spline (Catmull and Rom, 1974)."""
    padded = np.vstack([points[0], points, points[-1]])
    t = np.linspace(0, 1, CURVE_STEPS)[:, np.newaxis]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5
            * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - 3 * c + d - a) * t**3
            )
        )
    return np.concatenate(pieces)
