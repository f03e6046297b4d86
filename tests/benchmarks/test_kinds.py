import cv2
import numpy as np
import pytest

from benchmarks.compositions import MARKS
from benchmarks.kinds import KINDS, draw
from benchmarks.scenes import SCENES


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


@pytest.mark.parametrize("kind", SCENES)
def test_a_scene_is_the_same_photo_each_time_and_shows_ink(kind: str) -> None:
    drawn = draw(kind, 3)
    assert drawn == draw(kind, 3) != draw(kind, 4)
    assert bool(drawn.text) == (kind not in MARKS)
    picture = cv2.imdecode(np.frombuffer(drawn.photo, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert np.ptp(cv2.GaussianBlur(picture, (0, 0), 2), axis=(0, 1)).max() > 40


@pytest.mark.parametrize(
    ("kind", "side"), [("at the left", 0), ("at the top", 1), ("at the right", 2)]
)
def test_a_digit_at_an_edge_touches_that_one_alone(kind: str, side: int) -> None:
    coded = np.frombuffer(draw(kind, 5).photo, np.uint8)
    picture = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    edges = picture[:, 1], picture[1], picture[:, -2], picture[-2]
    darkest = [int(np.median(edge)) - int(edge.min()) for edge in edges]
    assert int(np.argmax(darkest)) == side
