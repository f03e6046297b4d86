import cv2
import numpy as np
import pytest

from benchmarks.kinds import KINDS, draw


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_draws_the_same_photo_each_time_with_a_box_for_each_digit(kind: str) -> None:
    drawn = draw(kind, 3)
    assert drawn == draw(kind, 3) != draw(kind, 4)
    assert len(drawn.boxes) == len(drawn.text.replace(" ", ""))
    picture = cv2.imdecode(np.frombuffer(drawn.photo, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    height, width = picture.shape[:2]
    for x, y, w, h in drawn.boxes:
        assert 0 <= x < x + w <= width and 0 <= y < y + h <= height
