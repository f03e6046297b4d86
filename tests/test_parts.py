import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.parts import labelled, own_pixels, parts_of, pixels_of


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.02, 0.7))
def test_boxes_are_those_that_opencv_counts_the_slow_way(seed: int, share: float) -> None:
    mask = (np.random.default_rng(seed).random((30, 40)) < share).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    slow = sorted(tuple(int(value) for value in row[:4]) for row in stats[1:])
    assert sorted((p.x, p.y, p.w, p.h) for p in parts_of(mask)) == slow


def test_a_part_knows_one_of_its_pixels() -> None:
    frame = np.zeros((60, 60), np.uint8)
    cv2.rectangle(frame, (5, 5), (55, 55), 1, 2)
    cv2.circle(frame, (30, 30), 8, 1, -1)
    count, labels = labelled(frame)
    assert count == 3
    assert {int(labels[p.at[1], p.at[0]]) for p in parts_of(frame)} == {1, 2}


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.02, 0.7))
def test_each_part_alone_is_what_its_label_says(seed: int, share: float) -> None:
    mask = (np.random.default_rng(seed).random((30, 40)) < share).astype(np.uint8)
    _, labels = labelled(mask)
    for part in parts_of(mask):
        place = np.s_[part.y : part.y + part.h, part.x : part.x + part.w]
        alone = labels[place] == labels[part.at[1], part.at[0]]
        assert (own_pixels(mask, part) == alone).all()
        assert (pixels_of(mask, [part])[part.place] == alone).all()
    assert (pixels_of(mask, parts_of(mask)) == mask).all()


def test_an_empty_mask_has_no_parts() -> None:
    assert parts_of(np.zeros((9, 9), np.uint8)) == []
