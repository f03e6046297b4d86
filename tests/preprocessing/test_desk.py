"""A desk at the picture's border becomes paper; ink, shadows with ink and paper stay."""

import cv2
import numpy as np
import pytest

from preprocessing.desk import paint_desk
from tests.papers import Gray, blank, shaded, write

HEIGHT = 360  # px, of the picture
EDGE = 300  # px from the top: the sheet ends there
SHEET = write(blank(480, HEIGHT), "274", at=(90, EDGE - 150), height=148, step=0.9)


def on_desk(sheet: Gray, level: int, tilt: float = 0.0, larger: int = 1) -> Gray:
    """The sheet with a desk below a line that rises by `tilt` from column to column."""
    rows, columns = np.mgrid[: len(sheet), : sheet.shape[1]]
    picture = np.where(rows + tilt * columns < EDGE, sheet, level).astype(np.uint8)
    blurred = cv2.GaussianBlur(picture, (0, 0), 1)
    return np.asarray(cv2.resize(blurred, None, fx=larger, fy=larger), np.uint8)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("tilt", [0.0, 0.08])
@pytest.mark.parametrize("larger", [1, 3])
def test_a_desk_at_any_side_becomes_paper_and_the_sheet_stays(
    turns: int, tilt: float, larger: int
) -> None:
    straight = on_desk(SHEET, 60, tilt, larger)
    picture = np.ascontiguousarray(np.rot90(straight, turns))
    painted = np.rot90(paint_desk(picture), -turns).astype(int)
    rows, columns = np.mgrid[: painted.shape[0], : painted.shape[1]] / larger
    assert painted[rows + tilt * columns > EDGE - 0.5].min() > 190
    above = np.s_[: (EDGE - 60) * larger]
    assert (painted[above] == straight[above]).all()


def test_a_desk_brighter_than_the_sheet_becomes_paper() -> None:
    gray = np.asarray(SHEET // 2, np.uint8)
    painted = paint_desk(on_desk(gray, 250))
    assert painted[EDGE:].max() < 125


def test_light_that_falls_on_the_sheet_goes_on_where_the_desk_was() -> None:
    painted = paint_desk(on_desk(shaded(blank(480, HEIGHT), 0.4), 40)).astype(int)
    assert np.abs(painted[-1, 100:-100] - painted[EDGE - 20, 100:-100]).max() < 25


def test_what_is_written_on_is_no_desk() -> None:
    shadow = shaded(SHEET, 0.0)
    shadow[EDGE - 100 :] = shadow[EDGE - 100 :] // 2  # its edge runs through the digits
    board = 255 - SHEET
    cut = write(blank(160, 200), "2", at=(0, -10), height=210)[
        :, :126
    ]  # its base all along a side
    darker = on_desk(blank(480, HEIGHT), 200)  # too little for a desk
    for picture in (SHEET, shadow, board, cut, blank(), darker):
        assert paint_desk(picture) is picture


def test_a_desk_with_another_sheet_or_a_curved_edge_stays() -> None:
    desk = on_desk(SHEET, 60)
    second = desk.copy()
    second[-40:, 200:300] = 200
    curved = desk.copy()
    cv2.ellipse(curved, (240, HEIGHT), (200, 110), 0, 180, 360, 60, -1)
    for picture in (second, curved):
        assert paint_desk(picture) is picture
