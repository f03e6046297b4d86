import cv2
import numpy as np
import pytest

from preprocessing.piece import Piece
from preprocessing.touching import cuts, may_be_one
from tests.papers import blank, write


def mask_of(gray: np.ndarray) -> np.ndarray:
    ink = gray < 130
    rows, columns = np.nonzero(ink)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize("pair", ["28", "45"])
@pytest.mark.parametrize("lower", [1.0, 0.7])
def test_most_cuts_part_two_digits_where_they_touch(pair: str, lower: float) -> None:
    heights = 120, round(lower * 120)
    left, right = (
        mask_of(write(blank(), own, at=(40, 30), height=height))
        for own, height in zip(pair, heights, strict=True)
    )
    both = np.zeros((len(left), left.shape[1] + right.shape[1] - 3), bool)
    both[:, : left.shape[1]] |= left
    both[-len(right) :, left.shape[1] - 3 :] |= right[-len(left) :]
    alone = np.zeros_like(both)
    alone[:, : left.shape[1]] = left
    wrong = [int((parts[0] ^ alone).sum()) for parts in cuts(both) if len(parts) == 2]
    assert np.median(wrong) < 0.1 * left.sum()


def test_cuts_share_the_ink_out_without_loss() -> None:
    row = mask_of(write(blank(640, 200), "80", at=(40, 30), height=120, step=0.6))
    ways = list(cuts(row))
    assert ways
    for parts in ways:
        assert (np.sum(parts, axis=0) == row).all()


@pytest.mark.parametrize("digit", ["0", "1", "8"])
def test_a_narrow_digit_is_not_cut(digit: str) -> None:
    assert not list(cuts(mask_of(write(blank(), digit, at=(100, 50), height=200))))


def piece(x: int, y: int, w: int, h: int) -> Piece:
    return Piece((1,), x, y, w, h, w * h // 4, 5.0, 0.8)


def test_only_near_pieces_that_make_up_a_digit_may_be_one() -> None:
    loop, tail = piece(0, 0, 50, 50), piece(40, 20, 20, 78)
    assert may_be_one(loop, tail)
    assert not may_be_one(loop, tail._replace(x=90))
    assert not may_be_one(piece(0, 0, 50, 80), piece(52, 0, 50, 80))


def test_a_narrow_pair_is_cut() -> None:
    pair = mask_of(write(blank(400, 200), "11", at=(40, 30), height=120, step=0.5))
    assert pair.shape[1] < 0.8 * len(pair)
    assert any(len(parts) == 2 for parts in cuts(pair))


def test_no_ring_is_cut() -> None:
    assert not list(cuts(mask_of(cv2.circle(blank(200, 200), (100, 100), 60, 40, 8))))


def test_no_stem_is_split_along_its_length() -> None:
    fat = np.ones((50, 34), bool)
    assert not list(cuts(fat))


def test_no_flag_is_cut_off_and_nothing_cut_in_many_places() -> None:
    flagged = np.zeros((50, 40), bool)
    flagged[:, 30:] = flagged[:10] = True
    assert not list(cuts(flagged))
    rungs = np.zeros((50, 40), bool)
    rungs[:, :5] = rungs[:, -5:] = rungs[2::12] = True
    assert not list(cuts(rungs))


def test_three_digits_may_be_parted_into_three() -> None:
    row = mask_of(write(blank(640, 200), "464", at=(40, 30), height=48, step=0.65))
    ways = list(cuts(row))
    assert {len(parts) for parts in ways} == {2, 3}
    for parts in ways:
        assert (np.sum(parts, axis=0) == row).all()


def test_no_two_cuts_are_the_same() -> None:
    pair = mask_of(write(blank(640, 200), "80", at=(40, 30), height=48, step=0.6))
    lefts = [parts[0].tobytes() for parts in cuts(pair) if len(parts) == 2]
    assert lefts and len(set(lefts)) == len(lefts)
