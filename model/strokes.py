"""Digits as other countries write them: parametric strokes -> glyphs, through our own pipeline.

MNIST was written in the United States. Elsewhere a one has a flag and often a base, a seven is
crossed, a four open or closed, a two looped, a nine straight-legged. Each form is a list of
strokes through points of the unit square (x right, y down); a drawing shakes the points.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import to_mnist

CANVAS = 112  # px, the side of the drawing before it becomes a glyph
MARGIN = 24  # px around the unit square
SHAKE = 0.035  # standard deviation of a point, of the unit square's side
PEN_WIDTHS = (4, 13)  # px of the canvas: a ballpoint to a felt pen
CURVE_STEPS = 12  # straight pieces between two points of a curve

Point = tuple[float, float]


class Stroke(NamedTuple):
    """One movement of the pen, through all its points."""

    points: tuple[Point, ...]
    curved: bool = False


_LOOP_9 = ((0.8, 0.2), (0.5, 0.0), (0.2, 0.2), (0.45, 0.45), (0.8, 0.2))
_BOWL_3 = ((0.45, 0.4), (0.85, 0.6), (0.6, 0.97), (0.1, 0.88))

FORMS: tuple[tuple[int, tuple[Stroke, ...]], ...] = (
    (
        0,
        (
            Stroke(
                (
                    (0.6, 0.05),
                    (0.2, 0.3),
                    (0.2, 0.8),
                    (0.6, 0.98),
                    (0.85, 0.5),
                    (0.55, 0.0),
                    (0.35, 0.1),
                ),
                True,
            ),
        ),
    ),
    (
        0,
        (
            Stroke(
                (
                    (0.5, 0.0),
                    (0.15, 0.15),
                    (0.05, 0.5),
                    (0.15, 0.85),
                    (0.5, 1.0),
                    (0.85, 0.85),
                    (0.95, 0.5),
                    (0.85, 0.15),
                    (0.5, 0.02),
                ),
                True,
            ),
        ),
    ),
    (1, (Stroke(((0.3, 0.3), (0.6, 0.0), (0.6, 1.0))),)),
    (1, (Stroke(((0.1, 0.5), (0.6, 0.0), (0.6, 1.0))),)),
    (1, (Stroke(((0.15, 0.7), (0.6, 0.0), (0.55, 1.0))),)),
    (1, (Stroke(((0.15, 0.4), (0.35, 0.25), (0.6, 0.0), (0.6, 1.0))),)),
    (1, (Stroke(((0.25, 0.3), (0.5, 0.0), (0.5, 1.0))), Stroke(((0.2, 1.0), (0.85, 1.0))))),
    (1, (Stroke(((0.1, 0.45), (0.5, 0.0), (0.5, 1.0))), Stroke(((0.2, 1.0), (0.8, 1.0))))),
    (
        2,
        (
            Stroke(
                (
                    (0.1, 0.25),
                    (0.45, 0.0),
                    (0.8, 0.25),
                    (0.5, 0.65),
                    (0.15, 0.95),
                    (0.12, 0.75),
                    (0.4, 0.85),
                    (0.9, 0.97),
                ),
                True,
            ),
        ),
    ),
    (
        2,
        (
            Stroke(((0.1, 0.2), (0.5, 0.0), (0.8, 0.25), (0.5, 0.6), (0.1, 1.0)), True),
            Stroke(((0.1, 1.0), (0.9, 1.0))),
        ),
    ),
    (3, (Stroke(((0.15, 0.05), (0.8, 0.05), (0.45, 0.4))), Stroke(_BOWL_3, True))),
    (
        3,
        (
            Stroke(
                (
                    (0.15, 0.1),
                    (0.6, 0.0),
                    (0.75, 0.2),
                    (0.4, 0.42),
                    (0.85, 0.65),
                    (0.6, 0.97),
                    (0.1, 0.88),
                ),
                True,
            ),
        ),
    ),
    (4, (Stroke(((0.4, 0.0), (0.1, 0.6), (0.9, 0.6))), Stroke(((0.65, 0.3), (0.6, 1.0))))),
    (4, (Stroke(((0.15, 0.0), (0.15, 0.5), (0.8, 0.5))), Stroke(((0.8, 0.0), (0.8, 1.0))))),
    (
        4,
        (
            Stroke(((0.15, 0.0), (0.15, 0.4), (0.5, 0.5), (0.85, 0.35)), True),
            Stroke(((0.85, 0.0), (0.75, 1.0))),
        ),
    ),
    (4, (Stroke(((0.65, 1.0), (0.65, 0.0), (0.1, 0.65), (0.9, 0.65))),)),
    (4, (Stroke(((0.35, 0.0), (0.1, 0.55), (0.9, 0.55))), Stroke(((0.75, 0.0), (0.45, 1.0))))),
    (
        5,
        (
            Stroke(((0.25, 0.0), (0.2, 0.42))),
            Stroke(((0.2, 0.42), (0.75, 0.45), (0.8, 0.8), (0.45, 1.0), (0.1, 0.9)), True),
            Stroke(((0.25, 0.0), (0.85, 0.02))),
        ),
    ),
    (
        6,
        (
            Stroke(
                (
                    (0.75, 0.0),
                    (0.3, 0.35),
                    (0.15, 0.75),
                    (0.5, 1.0),
                    (0.8, 0.75),
                    (0.5, 0.55),
                    (0.18, 0.75),
                ),
                True,
            ),
        ),
    ),
    (
        6,
        (
            Stroke(
                ((0.3, 0.0), (0.2, 0.5), (0.3, 0.95), (0.7, 0.9), (0.7, 0.6), (0.25, 0.65)), True
            ),
        ),
    ),
    (7, (Stroke(((0.1, 0.05), (0.85, 0.05), (0.4, 1.0))), Stroke(((0.3, 0.52), (0.85, 0.5))))),
    (
        7,
        (
            Stroke(((0.1, 0.2), (0.12, 0.03), (0.85, 0.05), (0.4, 1.0))),
            Stroke(((0.25, 0.5), (0.85, 0.5))),
        ),
    ),
    (
        7,
        (
            Stroke(
                ((0.1, 0.15), (0.3, 0.03), (0.55, 0.1), (0.85, 0.0), (0.55, 0.45), (0.45, 1.0)),
                True,
            ),
            Stroke(((0.25, 0.55), (0.8, 0.48))),
        ),
    ),
    (7, (Stroke(((0.1, 0.22), (0.12, 0.03), (0.85, 0.05), (0.45, 1.0))),)),
    (7, (Stroke(((0.1, 0.05), (0.8, 0.05), (0.55, 0.45), (0.5, 1.0)), True),)),
    (7, (Stroke(((0.25, 0.05), (0.75, 0.05), (0.6, 1.0))),)),
    (
        8,
        (
            Stroke(
                (
                    (0.5, 0.45),
                    (0.2, 0.2),
                    (0.5, 0.0),
                    (0.8, 0.2),
                    (0.5, 0.45),
                    (0.1, 0.75),
                    (0.5, 1.0),
                    (0.9, 0.75),
                    (0.5, 0.45),
                ),
                True,
            ),
        ),
    ),
    (
        8,
        (
            Stroke(
                (
                    (0.8, 0.1),
                    (0.4, 0.0),
                    (0.25, 0.25),
                    (0.7, 0.6),
                    (0.7, 0.95),
                    (0.3, 0.95),
                    (0.25, 0.65),
                    (0.8, 0.1),
                ),
                True,
            ),
        ),
    ),
    (9, (Stroke(_LOOP_9, True), Stroke(((0.8, 0.1), (0.8, 1.0))))),
    (9, (Stroke(_LOOP_9, True), Stroke(((0.8, 0.2), (0.5, 1.0))))),
    (
        9,
        (Stroke(_LOOP_9, True), Stroke(((0.8, 0.15), (0.85, 0.6), (0.6, 1.0), (0.15, 0.9)), True)),
    ),
    (
        9,
        (
            Stroke(((0.75, 0.1), (0.35, 0.0), (0.15, 0.3), (0.45, 0.48), (0.75, 0.35)), True),
            Stroke(((0.8, 0.05), (0.75, 1.0))),
        ),
    ),
)


def draw_variants(
    count: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return (count, 28, 28) glyphs of foreign hands and their digits, every form as often."""
    chosen = [FORMS[i % len(FORMS)] for i in range(count)]
    glyphs = [draw(strokes, rng) for _, strokes in chosen]
    return np.stack(glyphs), np.array([digit for digit, _ in chosen], np.uint8)


def draw(strokes: tuple[Stroke, ...], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Draw strokes with one pen, each point shaken, and return the (28, 28) glyph."""
    canvas = np.zeros((CANVAS, CANVAS), np.uint8)
    pen = int(rng.integers(*PEN_WIDTHS))
    side = CANVAS - 2 * MARGIN
    narrow = np.array([rng.uniform(0.6, 1.1), 1.0])
    for stroke in strokes:
        points = np.array(stroke.points) * narrow
        points += rng.normal(0, SHAKE, points.shape)
        path = _through(points) if stroke.curved else points
        pixels = (MARGIN + side * path).round().astype(np.int32)
        cv2.polylines(
            canvas, [pixels], isClosed=False, color=255, thickness=pen, lineType=cv2.LINE_AA
        )
    return (to_mnist(canvas) * 255).round().astype(np.uint8)


def _through(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth path through the points (Catmull and Rom, 1974)."""
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
