"""Page -> one picture of its stages, to see where a photo went wrong."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import SIDE
from preprocessing.page import Page

GLYPH_ZOOM = 3  # times 28 px: the size of the glyphs in the bottom row
LINE_COLOURS = ((60, 60, 230), (60, 170, 60), (220, 110, 30), (30, 160, 200), (180, 60, 180))
GROUND = 48  # grey level around the pictures


def draw_stages(page: Page) -> NDArray[np.uint8]:
    """The working picture with its boxes, coloured by line, its ink, and the glyphs; BGR."""
    photo = cv2.cvtColor(page.gray, cv2.COLOR_GRAY2BGR)
    for box, line in zip(page.boxes, page.lines, strict=True):
        left, top = page.corner
        place = box.x - left, box.y - top, box.w, box.h
        x, y, w, h = (round(value * page.scale) for value in place)
        colour = LINE_COLOURS[line % len(LINE_COLOURS)]
        cv2.rectangle(photo, (x, y), (x + w, y + h), colour, thickness=2)
    ink = cv2.cvtColor(page.ink * np.uint8(255), cv2.COLOR_GRAY2BGR)
    stages = np.hstack([photo, ink])
    tile = SIDE * GLYPH_ZOOM + 2
    a_row = max(1, stages.shape[1] // tile)
    rows = [_glyph_row(page.glyphs[i : i + a_row]) for i in range(0, len(page.glyphs), a_row)]
    width = max(picture.shape[1] for picture in (stages, *rows))
    parts = (_widened(np.asarray(picture, np.uint8), width) for picture in (stages, *rows))
    return np.vstack(list(parts))


def _glyph_row(glyphs: NDArray[np.float32]) -> NDArray[np.uint8]:
    zoomed = np.kron(np.uint8(glyphs * 255), np.ones((1, GLYPH_ZOOM, GLYPH_ZOOM), np.uint8))
    framed = np.pad(zoomed, ((0, 0), (1, 1), (1, 1)), constant_values=GROUND)
    return np.asarray(cv2.cvtColor(np.hstack(list(framed)), cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _widened(picture: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    room = ((0, 0), (0, width - picture.shape[1]), (0, 0))
    return np.pad(picture, room, constant_values=GROUND)
