"""An odd hand for tests: sevens that stand on a base, as a 2 does, with a bent stem."""

import cv2
import numpy as np

from tests.pictures import INK, PAPER, encode

SIDE = 420  # px of the photo
STEM = ((30, 20), (150, 15), (100, 110), (80, 190))  # px of a field of 200
BASE = ((40, 190), (150, 185))
WAVER, LEAN, GROW = 6.0, 4.0, 0.07  # px, degrees, of the size: from one to the next
PEN = (12, 20)  # px


def odd_seven(rng: np.random.Generator) -> bytes:
    """A photo of one such seven; no two are alike."""
    photo = np.full((SIDE, SIDE), float(PAPER), np.float32)
    angle, size = np.radians(rng.normal(0, LEAN)), rng.normal(1, GROW)
    turn = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    for stroke in (STEM, BASE):
        points = np.array(stroke, np.float64) - 100
        points = points @ turn.T + SIDE / 2 + rng.normal(0, WAVER, points.shape)
        line = [points.astype(np.int32)]
        thick = int(rng.integers(*PEN))
        cv2.polylines(
            photo, line, isClosed=False, color=INK, thickness=thick, lineType=cv2.LINE_AA
        )
    return encode(np.clip(photo + rng.normal(0, 3, photo.shape), 0, 255))
