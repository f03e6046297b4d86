"""Digits that the tests draw themselves: pens, papers, light, and the bytes of a photo."""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Gray = NDArray[np.uint8]
# Strokes in a field 0.6 wide and 1 high, x to the right and y down.
STROKES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((0.3, 0), (0.1, 0.15), (0, 0.5), (0.1, 0.85), (0.3, 1), (0.5, 0.85), (0.6, 0.5),
           (0.5, 0.15), (0.3, 0)),),
    "1": (((0.1, 0.25), (0.35, 0), (0.35, 1)),),
    "2": (((0.02, 0.22), (0.12, 0.05), (0.3, 0), (0.5, 0.06), (0.57, 0.25), (0.45, 0.5), (0, 1),
           (0.6, 1)),),
    "3": (((0, 0.1), (0.25, 0), (0.5, 0.1), (0.52, 0.3), (0.22, 0.46), (0.5, 0.58), (0.58, 0.8),
           (0.4, 0.97), (0.2, 1), (0, 0.9)),),
    "4": (((0.3, 0), (0, 0.62), (0.6, 0.62)), ((0.45, 0.3), (0.45, 1))),
    "5": (((0.55, 0), (0.1, 0), (0.05, 0.42), (0.35, 0.38), (0.56, 0.55), (0.56, 0.8),
           (0.35, 0.98), (0.15, 1), (0, 0.92)),),
    "6": (((0.5, 0), (0.2, 0.25), (0.03, 0.6), (0.1, 0.9), (0.3, 1), (0.52, 0.9), (0.55, 0.68),
           (0.35, 0.53), (0.1, 0.65)),),
    "7": (((0, 0), (0.6, 0), (0.25, 1)),),
    "8": (((0.3, 0.46), (0.08, 0.3), (0.1, 0.08), (0.3, 0), (0.5, 0.08), (0.52, 0.3),
           (0.3, 0.46), (0.03, 0.68), (0.08, 0.92), (0.3, 1), (0.52, 0.92),
           (0.57, 0.68), (0.3, 0.46)),),
    "9": (((0.55, 0.1), (0.3, 0), (0.08, 0.1), (0.05, 0.35), (0.25, 0.48), (0.5, 0.35),
           (0.55, 0.1), (0.5, 0.6), (0.4, 1)),),
}  # fmt: skip
SUBPIXELS = 4  # bits behind the point in OpenCV's coordinates


def blank(width: int = 480, height: int = 360, level: int = 230) -> Gray:
    """Empty paper."""
    return np.full((height, width), level, np.uint8)


def write(
    paper: Gray,
    text: str,
    *,
    at: tuple[float, float],
    height: float,
    pen: float = 0.09,
    ink: int = 40,
    step: float = 1.0,
    slope: float = 0.0,
) -> Gray:
    """Write digits on a copy of a paper; `pen` and `step` are relative to their height in px."""
    wet = np.zeros_like(paper)
    for place, character in enumerate(text):
        x, y = at[0] + place * step * height, at[1] + place * step * height * slope
        for stroke in STROKES[character]:
            points = (np.array(stroke) * height + (x, y)) * 2**SUBPIXELS
            cv2.polylines(
                wet, [points.round().astype(np.int32)], False, 255,
                max(1, round(pen * height)), cv2.LINE_AA, SUBPIXELS,
            )  # fmt: skip
    share = wet.astype(np.float32) / 255
    return np.asarray(paper * (1 - share) + ink * share, dtype=np.float32).round().astype(np.uint8)


def shaded(paper: Gray, strength: float) -> Gray:
    """The same in light that falls off towards the right by `strength` of itself."""
    light = np.linspace(1, 1 - strength, paper.shape[1])
    return (paper * light).round().astype(np.uint8)


def photo(gray: Gray, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a picture file."""
    file = io.BytesIO()
    Image.fromarray(gray).save(file, kind, **options)
    return file.getvalue()
