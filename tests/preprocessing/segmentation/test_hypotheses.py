from dataclasses import replace

import cv2
import numpy as np
import pytest

from preprocessing import Box, Photo, broken_pairs, find_digits, lattice_of, read_page, rows_around
from preprocessing.glyph import stroke_width
from preprocessing.segmentation.hypotheses import (
    Segment,
    beyond_marks,
    find_cuts,
    fragments,
    ink_between,
    overlaps,
    straightened,
)
from tests.papers import blank, photo, write

PAIR = write(blank(), "35", at=(120, 90), height=160, step=0.55)
CHAIN = write(blank(640, 400), "464", at=(160, 130), height=120, step=0.58)


ALONE = range(1)


def common(a: Box, b: Box) -> float:
    """What two boxes share, of their union."""
    width = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    height = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    shared = max(0, width) * max(0, height)
    return shared / (a.w * a.h + b.w * b.h - shared)


@pytest.mark.parametrize(("row", "pieces"), [(PAIR, 2), (CHAIN, 3)])
def test_every_path_through_a_lattice_divides_the_box(row: np.ndarray, pieces: int) -> None:
    page = read_page(photo(row))
    (whole,) = page.boxes
    lattice = lattice_of(page, ALONE)
    assert lattice is not None
    paths: list[list[Segment]] = [[]]
    for _ in range(pieces):
        paths = [
            [*path, segment]
            for path in paths
            for segment in lattice.segments
            if segment.start == (path[-1].end if path else 0)
        ]
    complete = [path for path in paths if path[-1].end == len(lattice.overlaps) - 1]
    assert complete
    for path in complete:
        around = np.array([segment.box for segment in path])
        left, top = around[:, :2].min(axis=0)
        right, low = (around[:, :2] + around[:, 2:]).max(axis=0)
        assert common(whole, Box(int(left), int(top), int(right - left), int(low - top))) > 0.85


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_parts_of_a_turned_page_lie_as_the_photo_does(turns: int) -> None:
    turned = find_digits(Photo(photo(np.rot90(PAIR, -turns))), turns)
    size = turned.width, turned.height
    before, after = lattice_of(read_page(photo(PAIR)), ALONE), lattice_of(turned, ALONE)
    assert before is not None and after is not None
    for one, other in zip(before.segments, after.segments, strict=True):
        assert common(one.box, other.box.turned(turns, *size)) > 0.9


def test_a_picture_that_is_the_glyph_is_not_cut() -> None:
    specks = np.where(np.random.default_rng(1).random((28, 28)) < 0.1, 255, 0).astype(np.uint8)
    specks[6:22, 13:16] = 255
    page = read_page(photo(specks))
    assert len(page.boxes) == 1 and lattice_of(page, ALONE) is None


def mask_of(gray: np.ndarray) -> np.ndarray:
    ink = gray < 130
    rows, columns = np.nonzero(ink)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def parts_of(own: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
    cuts = find_cuts(own, stroke(own))
    return [(a, b, ink_between(own, cuts[a], cuts[b])) for a, b in fragments(own, cuts)]


def stroke(own: np.ndarray) -> float:
    return stroke_width(own.astype(np.uint8) * 255)


def lefts(own: np.ndarray) -> list[np.ndarray]:
    return [part for start, _, part in parts_of(own) if start == 0]


@pytest.mark.parametrize("pair", ["28", "45"])
@pytest.mark.parametrize("lower", [1.0, 0.7])
def test_some_cut_parts_two_digits_where_they_touch(pair: str, lower: float) -> None:
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
    wrong = [int((part ^ alone).sum()) for part in lefts(both)]
    assert min(wrong) < 0.05 * left.sum()


def test_the_two_sides_of_a_cut_share_the_ink_out() -> None:
    row = mask_of(write(blank(640, 200), "80", at=(40, 30), height=120, step=0.6))
    parts = parts_of(row)
    last = max(after for _, after, _ in parts)
    left = {after: part for before, after, part in parts if before == 0}
    right = {before: part for before, after, part in parts if after == last}
    both = left.keys() & right.keys()
    assert both
    for cut in both:
        assert (left[cut] ^ right[cut] == row).all()


@pytest.mark.parametrize("digit", ["1", "8"])
def test_a_narrow_digit_is_not_cut(digit: str) -> None:
    assert not parts_of(mask_of(write(blank(), digit, at=(100, 50), height=200)))


def test_a_narrow_pair_is_cut() -> None:
    pair = mask_of(write(blank(400, 200), "11", at=(40, 30), height=120, step=0.5))
    assert pair.shape[1] < 0.8 * len(pair)
    assert lefts(pair)


def test_no_stem_is_split_along_its_length() -> None:
    fat = np.ones((50, 34), bool)
    assert not parts_of(fat)


def test_no_flag_is_cut_off_and_nothing_cut_in_many_places() -> None:
    flagged = np.zeros((50, 40), bool)
    flagged[:, 30:] = flagged[:10] = True
    assert not lefts(flagged)
    rungs = np.zeros((50, 40), bool)
    rungs[:, :5] = rungs[:, -5:] = rungs[2::12] = True
    assert not parts_of(rungs)


def test_no_two_cuts_are_the_same() -> None:
    pair = mask_of(write(blank(640, 200), "80", at=(40, 30), height=48, step=0.6))
    found = [part.tobytes() for part in lefts(pair)]
    assert found and len(set(found)) == len(found)


@pytest.mark.parametrize(("count", "shared_px"), [(3, 9), (7, 12)])
def test_zeros_that_share_their_sides_are_each_whole_in_some_part(
    count: int, shared_px: int
) -> None:
    zero = mask_of(write(blank(), "0", at=(100, 50), height=120))
    width = zero.shape[1]
    row = np.zeros((len(zero), count * width - (count - 1) * shared_px), bool)
    places = [number * (width - shared_px) for number in range(count)]
    for left in places:
        row[:, left : left + width] |= zero
    small = cv2.resize(row.astype(np.uint8), None, fx=0.4, fy=0.4) > 0
    parts = [part for _, _, part in parts_of(small)]
    for left in places:
        own = np.zeros_like(row)
        own[:, left : left + width] = zero
        alone = cv2.resize(own.astype(np.uint8), None, fx=0.4, fy=0.4) > 0
        shared = [(part & alone).sum() / (part | alone).sum() for part in parts]
        assert max(shared) > 0.88


def test_neighbours_may_overlap_by_a_stroke_but_not_beyond_the_sides() -> None:
    cuts = np.tile(np.array([0, 2, 10, 13, 30, 32]), (8, 1)).T
    assert overlaps(cuts, 4) == (0, 1, 3, 3, 4, 5)


def spread(gap: int) -> np.ndarray:
    """Two digits whose boxes are so many px apart."""
    left, right = (mask_of(write(blank(), own, at=(40, 30), height=100)) for own in "00")
    row = np.full((200, 400), 255, np.uint8)
    row[50 : 50 + len(left), 100 : 100 + left.shape[1]][left] = 0
    start = 100 + left.shape[1] + gap
    row[50 : 50 + len(right), start : start + right.shape[1]][right] = 0
    return row


@pytest.mark.parametrize(("gap", "rows"), [(3, [range(2)]), (40, [])])
def test_a_row_holds_what_nearly_touches(gap: int, rows: list[range]) -> None:
    page = read_page(photo(spread(gap)))
    assert len(page.boxes) == 2
    for doubtful in ([0], [1], [0, 1]):
        assert rows_around(page, doubtful, 1.0) == rows


def test_what_nearly_touches_is_cut_as_one_row() -> None:
    page = read_page(photo(spread(3)))
    lattice = lattice_of(page, range(2))
    assert lattice is not None
    boxes = [segment.box for segment in lattice.segments]
    assert all(max(common(own, box) for box in boxes) > 0.8 for own in page.boxes)


@pytest.mark.parametrize("gap", [0, 3])
def test_a_path_may_leave_out_a_dash_that_no_ink_joins(gap: int) -> None:
    zero = mask_of(write(blank(), "0", at=(100, 50), height=48))
    row = np.pad(zero, ((0, 0), (14 + gap, 0)))
    row[28:32, :14] = True
    begins, ends = beyond_marks(row, find_cuts(row, stroke(row)))
    assert (len(begins) > 1) == (gap > 0)
    mirrored = row[:, ::-1].copy()
    cuts = find_cuts(mirrored, stroke(row))
    begins, ends = beyond_marks(mirrored, cuts)
    assert begins == (0,) and ends[-1] == len(cuts) - 1 and (len(ends) > 1) == (gap > 0)


@pytest.mark.parametrize(
    ("aside", "lower", "is_pair"), [(-3, 0.6, True), (3, 0.6, False), (-3, 0.1, False)]
)
def test_a_neighbour_below_may_be_the_rest_of_a_broken_digit(
    aside: int, lower: float, *, is_pair: bool
) -> None:
    """Its glyph holds the ink of both."""
    page = read_page(photo(spread(40)))
    a, b = page.regions
    moved = b._replace(x=a.x + a.w + aside, y=a.y + round(lower * a.h))
    found = broken_pairs(replace(page, regions=(a, moved)))
    assert [index for index, _ in found] == ([0] if is_pair else [])
    for _, whole in found:
        assert whole.row.soft.shape == (a.h + round(lower * a.h) + 2, a.w + aside + b.w + 2)
        inked = [np.count_nonzero(crop) for crop in (whole.row.soft, *page.crops)]
        assert inked[0] > 0.9 * sum(inked[1:])
    apart = replace(page, regions=(a, moved), lines=(0, 1))
    assert not broken_pairs(apart)


@pytest.mark.parametrize("slope", [-0.1, -0.05, 0.0, 0.05, 0.1])
def test_a_row_of_touching_digits_is_straightened(slope: float) -> None:
    paper = blank(640, 400)
    page = read_page(
        photo(write(paper, "80808", at=(80, 130), height=120, step=0.58, slope=slope))
    )
    assert len(page.boxes) == 1
    soft, found, _ = straightened(page.crops[0])
    assert found == pytest.approx(slope, abs=0.025)
    assert len(soft) < 140  # px; before, up to 160
    assert np.count_nonzero(soft > 127) == np.count_nonzero(page.crops[0] > 127)
    lattice = lattice_of(page, ALONE)
    assert lattice is not None
    boxes = [segment.box for segment in lattice.segments]
    for place in range(5):
        x = 80 + place * 0.58 * 120
        own = Box(round(x), round(130 + place * 0.58 * 120 * slope), round(0.6 * 120), 120)
        assert max(common(own, box) for box in boxes) > 0.8


def test_what_may_be_one_digit_is_not_straightened() -> None:
    crop = read_page(photo(write(blank(), "7", at=(120, 90), height=160))).crops[0]
    assert straightened(crop)[0] is crop
