"""Ink that the picture's border cuts gets paper around; nothing else at the border does."""

import cv2
import numpy as np
import pytest

from preprocessing.padding import pad_tight_crop
from tests.papers import blank, shaded, write

PAGE = write(blank(300, 400), "5", at=(85, 50), height=300, pen=0.1)
LEFT, TOP, WIDTH, HEIGHT = cv2.boundingRect((PAGE < 150).astype(np.uint8))
RIGHT, BOTTOM = LEFT + WIDTH, TOP + HEIGHT
TIGHT = PAGE[TOP:BOTTOM, LEFT:RIGHT]
CUT = {
    "all sides": TIGHT,
    "the left": write(blank(300, 400), "5", at=(0, 50), height=300)[:, 20:],
    "the right": PAGE[:, : RIGHT - 2],
    "the top": PAGE[TOP + 2 :],
    "the bottom": PAGE[: BOTTOM - 2],
}


@pytest.mark.parametrize("size", [60, 150, 600])
@pytest.mark.parametrize("side", CUT)
def test_a_digit_that_the_border_cuts_gets_paper_around_at_any_size(side: str, size: int) -> None:
    scale = size / max(CUT[side].shape)
    picture = cv2.resize(CUT[side], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for paper in (picture, 255 - picture):
        roomy = pad_tight_crop(np.asarray(paper, np.uint8))
        room = (len(roomy) - len(paper)) // 2
        assert room > 0.25 * len(paper)
        assert (roomy[room:-room, room:-room] == paper).all()


def test_falling_light_goes_on_in_the_paper_around() -> None:
    light = shaded(PAGE, 0.3)
    roomy = pad_tight_crop(light[TOP:BOTTOM, LEFT:RIGHT]).astype(int)
    room = (len(roomy) - (BOTTOM - TOP)) // 2
    assert room
    paper = np.delete(light.astype(int), np.s_[LEFT:RIGHT], axis=1)
    assert paper.min() - 15 < roomy[:room].min() and roomy[:room].max() < paper.max() + 15


def test_no_other_picture_grows() -> None:
    ruled = blank()
    ruled[::40] = 120
    framed = np.asarray(cv2.rectangle(blank(400, 300), (0, 20), (380, 299), 40, 6), np.uint8)
    small = write(blank(400, 300), "5", at=(160, 100), height=100)
    shadow = small.copy()
    shadow[:70] = shadow[:70] // 2
    block = np.asarray(cv2.rectangle(blank(400, 300), (120, 0), (300, 280), 40, -1), np.uint8)
    written = write(framed, "5", at=(160, 80), height=140)
    for paper in (blank(), ruled, shadow, written, small, block):
        assert pad_tight_crop(paper) is paper


@pytest.mark.parametrize("touching", [False, True])
def test_a_box_of_a_form_that_the_border_cuts_gets_none(touching: bool) -> None:
    cut = write(blank(120, 160), "3", at=(8 if touching else 30, 40), height=88)
    cv2.polylines(cut, [np.array([(-9, 14), (104, 14), (104, 128), (-9, 128)])], False, 40, 5)
    assert pad_tight_crop(cut).shape == cut.shape
