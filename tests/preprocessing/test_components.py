import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preprocessing.components import (
    COMPONENTS_MAX,
    Region,
    connected_components,
    digit_height,
    labelled,
    own_pixels,
    pixels_of,
)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.02, 0.7))
def test_boxes_are_those_that_opencv_counts_the_slow_way(seed: int, share: float) -> None:
    mask = (np.random.default_rng(seed).random((30, 40)) < share).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    slow = sorted(tuple(int(value) for value in row[:4]) for row in stats[1:])
    assert sorted((p.x, p.y, p.w, p.h) for p in connected_components(mask)) == slow


def test_a_part_knows_one_of_its_pixels() -> None:
    frame = np.zeros((60, 60), np.uint8)
    cv2.rectangle(frame, (5, 5), (55, 55), 1, 2)
    cv2.circle(frame, (30, 30), 8, 1, -1)
    count, labels = labelled(frame)
    assert count == 3
    assert {int(labels[p.at[1], p.at[0]]) for p in connected_components(frame)} == {1, 2}


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.floats(0.02, 0.7))
def test_each_part_alone_is_what_its_label_says(seed: int, share: float) -> None:
    mask = (np.random.default_rng(seed).random((30, 40)) < share).astype(np.uint8)
    _, labels = labelled(mask)
    for part in connected_components(mask):
        place = np.s_[part.y : part.y + part.h, part.x : part.x + part.w]
        alone = labels[place] == labels[part.at[1], part.at[0]]
        assert (own_pixels(mask, part) == alone).all()
        assert (pixels_of(mask, [part])[part.place] == alone).all()
    assert (pixels_of(mask, connected_components(mask)) == mask).all()


def test_an_empty_mask_has_no_parts() -> None:
    assert connected_components(np.zeros((9, 9), np.uint8)) == []


def piece(x: int, y: int, w: int, h: int) -> Region:
    return Region((1,), x, y, w, h, w * h, 3.0, 0.5)


@pytest.mark.parametrize(("x", "y"), [(40, 30), (0, 2), (70, 50)])
def test_what_is_around_a_piece_ends_with_the_picture(x: int, y: int) -> None:
    rows, columns = np.mgrid[:60, :80]
    near = (x - 5 <= columns) & (columns < x + 15) & (y - 5 <= rows) & (rows < y + 13)
    taken = np.zeros((60, 80), bool)
    taken[piece(x, y, 10, 8).around(5)] = True
    assert np.array_equal(taken, near)


def test_digits_are_as_high_as_most_of_the_ink_and_not_as_their_dots() -> None:
    digits = [piece(20 * n, 0, 10, 40) for n in range(3)]
    assert digit_height([*digits, *(piece(20 * n, 60, 2, 2) for n in range(9))]) == 40
    assert digit_height([]) == 0


def test_of_more_components_than_the_budget_the_largest_are_kept() -> None:
    mask = np.zeros((400, 400), np.uint8)
    mask[::4, ::4] = 1
    mask[100:140, 100:140] = mask[300:320, 50:90] = 1
    found = connected_components(mask)
    assert len(found) == COMPONENTS_MAX
    assert min(max(part.w, part.h) for part in found[:2]) >= 40
    assert max(max(part.w, part.h) for part in found[2:]) < 40
    assert all(mask[part.at[1], part.at[0]] for part in found)
