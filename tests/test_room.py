import cv2
import numpy as np
import pytest

from preprocessing.room import with_room
from tests.papers import blank, shaded, write

FAT = write(blank(300, 400), "5", at=(85, 50), height=300, pen=0.2)


@pytest.mark.parametrize("paper", [FAT, 255 - FAT, shaded(FAT, 0.2)])
def test_a_fat_digit_that_fills_its_picture_gets_paper_around(paper: np.ndarray) -> None:
    roomy = with_room(paper, cut_out=False)
    room = (len(roomy) - len(paper)) // 2
    assert room == 150 and roomy.shape == (700, 600)
    assert (roomy[room:-room, room:-room] == paper).all()
    edge = paper[[0, -1]].astype(int)
    assert abs(np.median(roomy[[0, -1]].astype(int)) - np.median(edge)) < 10


def test_no_other_picture_grows() -> None:
    thin = write(blank(300, 400), "5", at=(90, 50), height=300, pen=0.05)
    low = np.asarray(cv2.circle(blank(400, 300), (200, 150), 105, 40, -1), np.uint8)
    cut = FAT[:, 120:]
    block = np.asarray(cv2.rectangle(blank(400, 300), (120, 20), (280, 280), 40, -1), np.uint8)
    for paper in (blank(), thin, low, cut, block):
        assert with_room(paper, cut_out=False) is paper


def test_a_mark_at_the_border_does_not_go_on_in_the_paper_around() -> None:
    marked = FAT.copy()
    marked[-12:, 40:48] = 205
    roomy = with_room(marked, cut_out=False)
    assert np.ptp(roomy[-100:, 150:-150].astype(int)) < 10
