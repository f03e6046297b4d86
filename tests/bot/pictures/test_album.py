"""An album's picture: the photos in order, with their digits framed."""

import cv2
import numpy as np
import pytest

from bot.pictures.album import AlbumPhoto, album_sheet
from bot.pictures.annotated import marks_of
from bot.pictures.drawing import AMBER, NIGHT, TEAL, WHITE, Colour, Picture
from tests.pictures import encode
from tests.readings import reading, row_of

NEAR = 40  # of a colour, after JPEG


def sheet(count: int, *, confidence: float = 0.99) -> Picture:
    """Return the picture of an album of blank photos with one digit each."""
    photo = encode(np.full((240, 320), 128.0))
    read, row = reading((7, confidence)), row_of((7, confidence))
    marks = marks_of(read, row, {})
    photos = [AlbumPhoto(n, photo, read.page, marks) for n in range(1, count + 1)]
    decoded = cv2.imdecode(np.frombuffer(album_sheet(photos), np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(decoded, np.uint8)


def parts(picture: Picture, colour: Colour) -> int:
    """Return the number of connected areas of a colour, without thin lines."""
    near = (np.abs(picture.astype(int) - colour).max(axis=2) < NEAR).astype(np.uint8)
    thick = cv2.morphologyEx(near, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    return cv2.connectedComponents(cv2.dilate(thick, np.ones((15, 15), np.uint8)))[0] - 1


@pytest.mark.parametrize(
    ("count", "rows", "columns"), [(1, 1, 1), (2, 1, 2), (5, 3, 2), (10, 4, 3)]
)
def test_photos_stand_side_by_side_and_are_framed(count: int, rows: int, columns: int) -> None:
    picture = sheet(count)
    height, width = picture.shape[:2]
    assert width == 1200 and height < width * rows / columns + 80 * rows
    assert parts(picture, TEAL) == count, "a label is missing"
    assert parts(picture, AMBER) == 0
    assert parts(picture, WHITE) >= count, "a number is missing"


def test_a_digit_in_doubt_is_amber() -> None:
    picture = sheet(2, confidence=0.5)
    assert parts(picture, AMBER) == 2 and parts(picture, TEAL) == 0


def test_the_background_is_dark() -> None:
    picture = sheet(3)
    assert np.abs(picture[2, 2].astype(int) - NIGHT).max() < NEAR
    assert np.abs(picture[-200, -200].astype(int) - NIGHT).max() < NEAR, "the empty place"
