"""One picture of all photos of an album, numbered, with their digits marked."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from bot.pictures.annotated import Mark, marked
from bot.pictures.drawing import BOLD, Picture, canvas, jpeg, paste, write
from preprocessing import Page

WIDTH, GAP = 1200, 16  # px: width of the picture; gap between photos and around them
FEW = 6  # photos up to which there are two columns; more photos are in three
LABEL = 0.055  # of a photo's long side: least size of labels, as the photo is shown at a third
RADIUS = 14
NUMBER, HEAD = 44, 56  # px: size of a photo's number, and height of the row that holds it


class AlbumPhoto(NamedTuple):
    """One photo that was read: `number` is its place in the album, from 1."""

    number: int
    photo: bytes
    page: Page
    marks: Sequence[Mark]


def album_sheet(photos: Sequence[AlbumPhoto]) -> bytes:
    """Return a JPEG of the photos side by side, in their order."""
    columns = min(len(photos), 2 if len(photos) <= FEW else 3)
    side = (WIDTH - GAP) // columns - GAP
    cells = [_cell(photo, side) for photo in photos]
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    heights = [max(cell.shape[0] for cell in row) for row in rows]
    picture = canvas(WIDTH, GAP + sum(height + GAP for height in heights))
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for column, cell in enumerate(row):
            left = GAP + column * (side + GAP) + (side - cell.shape[1]) // 2
            paste(picture, cell, left, top)
        top += height + GAP
    return jpeg(picture)


def _cell(photo: AlbumPhoto, side: int) -> Picture:
    """Return the photo with its marks, at most `side` px wide and high, below its number."""
    whole = marked(photo.photo, photo.page, photo.marks, label_min=LABEL)
    scale = side / max(whole.shape[:2])
    size = round(whole.shape[1] * scale), round(whole.shape[0] * scale)
    small = cv2.resize(whole, dsize=size, interpolation=cv2.INTER_AREA)
    cell = canvas(size[0], HEAD + size[1])
    write(cell, f"{photo.number}.", (4, NUMBER), NUMBER, weight=BOLD)
    paste(cell, np.asarray(small, np.uint8), 0, HEAD, RADIUS)
    return cell
