import cv2
import numpy as np
import pytest

from preprocessing import Box, Photo, find_digits, merge_hypotheses, read_page, split_hypotheses
from preprocessing.components import Region
from preprocessing.segmentation.hypotheses import mergeable, seam_cuts
from tests.papers import blank, photo, write

WHOLE = write(blank(), "0", at=(180, 90), height=200)
BROKEN = WHOLE.copy()
BROKEN[:, 236:244] = 230
PAIR = write(blank(), "35", at=(120, 90), height=160, step=0.55)


def test_the_halves_of_a_broken_digit_can_be_joined_into_the_glyph_of_the_whole() -> None:
    page, whole = read_page(photo(BROKEN)), read_page(photo(WHOLE))
    assert len(page.boxes) == 2
    (join,) = merge_hypotheses(page, 0)
    assert (join.first, join.replaces) == (0, 2)
    assert common(join.boxes[0], whole.boxes[0]) > 0.95
    assert join.glyphs.shape == (1, 28, 28)
    assert np.abs(join.glyphs - whole.glyphs).mean() < 0.02


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_what_is_joined_on_a_turned_page_lies_as_the_photo_does(turns: int) -> None:
    (straight,) = merge_hypotheses(read_page(photo(BROKEN)), 0)
    page = find_digits(Photo(photo(np.rot90(BROKEN, -turns))), turns)
    (join,) = merge_hypotheses(page, 0)
    assert common(straight.boxes[0], join.boxes[0].turned(turns, page.width, page.height)) > 0.9
    assert np.abs(join.glyphs - straight.glyphs).mean() < 0.02


def test_digits_apart_and_those_at_the_ends_are_not_joined() -> None:
    page = read_page(photo(write(blank(), "00", at=(80, 120), height=120, step=1.2)))
    assert len(page.boxes) == 2
    assert [merge_hypotheses(page, first) for first in (-1, 0, 1)] == [[], [], []]


def common(a: Box, b: Box) -> float:
    """What two boxes share, of their union."""
    width = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    height = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    shared = max(0, width) * max(0, height)
    return shared / (a.w * a.h + b.w * b.h - shared)


def test_touching_digits_can_be_parted_within_their_box() -> None:
    page = read_page(photo(PAIR))
    (whole,) = page.boxes
    choices = split_hypotheses(page, 0)
    assert any(len(choice.boxes) == 2 for choice in choices)
    for choice in choices:
        assert (choice.first, choice.replaces) == (0, 1)
        assert choice.glyphs.shape == (len(choice.boxes), 28, 28)
        around = np.array(choice.boxes)
        left, top = around[:, :2].min(axis=0)
        right, low = (around[:, :2] + around[:, 2:]).max(axis=0)
        assert common(whole, Box(int(left), int(top), int(right - left), int(low - top))) > 0.9


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_parts_of_a_turned_page_lie_as_the_photo_does(turns: int) -> None:
    straight = read_page(photo(PAIR))
    turned = find_digits(Photo(photo(np.rot90(PAIR, -turns))), turns)
    size = turned.width, turned.height
    for before, after in zip(
        split_hypotheses(straight, 0), split_hypotheses(turned, 0), strict=True
    ):
        for box, other in zip(before.boxes, after.boxes, strict=True):
            assert common(box, other.turned(turns, *size)) > 0.9


def test_a_picture_that_is_the_glyph_is_not_parted() -> None:
    specks = np.where(np.random.default_rng(1).random((28, 28)) < 0.1, 255, 0).astype(np.uint8)
    specks[6:22, 13:16] = 255
    page = read_page(photo(specks))
    assert len(page.boxes) == 1 and not split_hypotheses(page, 0)


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
    wrong = [int((parts[0] ^ alone).sum()) for parts in seam_cuts(both) if len(parts) == 2]
    assert np.median(wrong) < 0.1 * left.sum()


def test_cuts_share_the_ink_out_without_loss() -> None:
    row = mask_of(write(blank(640, 200), "80", at=(40, 30), height=120, step=0.6))
    ways = list(seam_cuts(row))
    assert ways
    for parts in ways:
        assert (np.sum(parts, axis=0) == row).all()


@pytest.mark.parametrize("digit", ["0", "1", "8"])
def test_a_narrow_digit_is_not_cut(digit: str) -> None:
    assert not list(seam_cuts(mask_of(write(blank(), digit, at=(100, 50), height=200))))


def piece(x: int, y: int, w: int, h: int) -> Region:
    return Region((1,), x, y, w, h, w * h // 4, 5.0, 0.8)


def test_only_near_pieces_that_make_up_a_digit_may_be_one() -> None:
    loop, tail = piece(0, 0, 50, 50), piece(40, 20, 20, 78)
    assert mergeable(loop, tail)
    assert not mergeable(loop, tail._replace(x=90))
    assert not mergeable(piece(0, 0, 50, 80), piece(52, 0, 50, 80))


def test_a_narrow_pair_is_cut() -> None:
    pair = mask_of(write(blank(400, 200), "11", at=(40, 30), height=120, step=0.5))
    assert pair.shape[1] < 0.8 * len(pair)
    assert any(len(parts) == 2 for parts in seam_cuts(pair))


def test_no_ring_is_cut() -> None:
    assert not list(seam_cuts(mask_of(cv2.circle(blank(200, 200), (100, 100), 60, 40, 8))))


def test_no_stem_is_split_along_its_length() -> None:
    fat = np.ones((50, 34), bool)
    assert not list(seam_cuts(fat))


def test_no_flag_is_cut_off_and_nothing_cut_in_many_places() -> None:
    flagged = np.zeros((50, 40), bool)
    flagged[:, 30:] = flagged[:10] = True
    assert not list(seam_cuts(flagged))
    rungs = np.zeros((50, 40), bool)
    rungs[:, :5] = rungs[:, -5:] = rungs[2::12] = True
    assert not list(seam_cuts(rungs))


def test_three_digits_may_be_parted_into_three() -> None:
    row = mask_of(write(blank(640, 200), "464", at=(40, 30), height=48, step=0.65))
    ways = list(seam_cuts(row))
    assert {len(parts) for parts in ways} == {2, 3}
    for parts in ways:
        assert (np.sum(parts, axis=0) == row).all()


def test_no_two_cuts_are_the_same() -> None:
    pair = mask_of(write(blank(640, 200), "80", at=(40, 30), height=48, step=0.6))
    lefts = [parts[0].tobytes() for parts in seam_cuts(pair) if len(parts) == 2]
    assert lefts and len(set(lefts)) == len(lefts)
