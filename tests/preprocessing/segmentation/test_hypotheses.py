import cv2
import numpy as np
import pytest

from preprocessing import Box, Page, Photo, find_digits, lattices, read_page
from preprocessing.components import Region
from preprocessing.segmentation.hypotheses import Segment, fragments, mergeable
from tests.papers import blank, photo, write

WHOLE = write(blank(), "0", at=(180, 90), height=200)
BROKEN = WHOLE.copy()
BROKEN[:, 236:244] = 230
PAIR = write(blank(), "35", at=(120, 90), height=160, step=0.55)
CHAIN = write(blank(640, 400), "464", at=(160, 130), height=120, step=0.58)


def joined(page: Page) -> Segment:
    (lattice,) = lattices(page, [0])
    assert lattice.first == 0 and len(lattice.bounds) == 3
    (whole,) = (s for s in lattice.segments if (s.start, s.end) == (0, lattice.bounds[-1]))
    return whole


def test_the_halves_of_a_broken_digit_can_be_joined_into_the_glyph_of_the_whole() -> None:
    page, whole = read_page(photo(BROKEN)), read_page(photo(WHOLE))
    assert len(page.boxes) == 2
    join = joined(page)
    assert common(join.box, whole.boxes[0]) > 0.95
    assert np.abs(join.glyph - whole.glyphs[0]).mean() < 0.02


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_what_is_joined_on_a_turned_page_lies_as_the_photo_does(turns: int) -> None:
    straight = joined(read_page(photo(BROKEN)))
    page = find_digits(Photo(photo(np.rot90(BROKEN, -turns))), turns)
    join = joined(page)
    assert common(straight.box, join.box.turned(turns, page.width, page.height)) > 0.9
    assert np.abs(join.glyph - straight.glyph).mean() < 0.02


def test_digits_apart_and_sure_ones_are_neither_joined_nor_parted() -> None:
    page = read_page(photo(write(blank(), "00", at=(80, 120), height=120, step=1.2)))
    assert len(page.boxes) == 2
    assert all(len(lattice.bounds) == 2 for lattice in lattices(page, [0, 1]))
    assert lattices(page, []) == [] == lattices(read_page(photo(PAIR)), [])


def common(a: Box, b: Box) -> float:
    """What two boxes share, of their union."""
    width = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    height = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    shared = max(0, width) * max(0, height)
    return shared / (a.w * a.h + b.w * b.h - shared)


@pytest.mark.parametrize(("row", "pieces"), [(PAIR, 2), (CHAIN, 3)])
def test_every_path_through_a_lattice_shares_the_box_out(row: np.ndarray, pieces: int) -> None:
    page = read_page(photo(row))
    (whole,) = page.boxes
    (lattice,) = lattices(page, [0])
    assert lattice.first == 0 and lattice.bounds[0] == 0
    paths: list[list[Segment]] = [[]]
    for _ in range(pieces):
        paths = [
            [*path, segment]
            for path in paths
            for segment in lattice.segments
            if segment.start == (path[-1].end if path else 0)
        ]
    complete = [path for path in paths if path[-1].end == lattice.bounds[-1]]
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
    (before,), (after,) = lattices(read_page(photo(PAIR)), [0]), lattices(turned, [0])
    for one, other in zip(before.segments, after.segments, strict=True):
        assert common(one.box, other.box.turned(turns, *size)) > 0.9


def test_a_picture_that_is_the_glyph_is_not_parted() -> None:
    specks = np.where(np.random.default_rng(1).random((28, 28)) < 0.1, 255, 0).astype(np.uint8)
    specks[6:22, 13:16] = 255
    page = read_page(photo(specks))
    assert len(page.boxes) == 1 and not lattices(page, [0])


def mask_of(gray: np.ndarray) -> np.ndarray:
    ink = gray < 130
    rows, columns = np.nonzero(ink)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def lefts(own: np.ndarray) -> list[np.ndarray]:
    return [part for before, _, part in fragments(own) if before == 0]


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
    wrong = [int((part ^ alone).sum()) for part in lefts(both)]
    assert np.median(wrong) < 0.1 * left.sum()


def test_the_two_sides_of_a_cut_share_the_ink_out() -> None:
    row = mask_of(write(blank(640, 200), "80", at=(40, 30), height=120, step=0.6))
    parts = list(fragments(row))
    last = max(after for _, after, _ in parts)
    left = {after: part for before, after, part in parts if before == 0}
    right = {before: part for before, after, part in parts if after == last}
    both = left.keys() & right.keys()
    assert both
    for cut in both:
        assert (left[cut] ^ right[cut] == row).all()


@pytest.mark.parametrize("digit", ["1", "8"])
def test_a_narrow_digit_is_not_cut(digit: str) -> None:
    assert not list(fragments(mask_of(write(blank(), digit, at=(100, 50), height=200))))


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
    assert lefts(pair)


def test_no_stem_is_split_along_its_length() -> None:
    fat = np.ones((50, 34), bool)
    assert not list(fragments(fat))


def test_no_flag_is_cut_off_and_nothing_cut_in_many_places() -> None:
    flagged = np.zeros((50, 40), bool)
    flagged[:, 30:] = flagged[:10] = True
    assert not list(fragments(flagged))
    rungs = np.zeros((50, 40), bool)
    rungs[:, :5] = rungs[:, -5:] = rungs[2::12] = True
    assert not list(fragments(rungs))


def test_no_two_cuts_are_the_same() -> None:
    pair = mask_of(write(blank(640, 200), "80", at=(40, 30), height=48, step=0.6))
    found = [part.tobytes() for part in lefts(pair)]
    assert found and len(set(found)) == len(found)


def test_zeros_that_share_their_sides_are_each_whole_in_some_part() -> None:
    zero = mask_of(write(blank(), "0", at=(100, 50), height=120))
    shared_px, width = 9, zero.shape[1]
    row = np.zeros((len(zero), 3 * width - 2 * shared_px), bool)
    places = [number * (width - shared_px) for number in range(3)]
    for left in places:
        row[:, left : left + width] |= zero
    small = cv2.resize(row.astype(np.uint8), None, fx=0.4, fy=0.4) > 0
    parts = [part for _, _, part in fragments(small)]
    for left in places:
        own = np.zeros_like(row)
        own[:, left : left + width] = zero
        alone = cv2.resize(own.astype(np.uint8), None, fx=0.4, fy=0.4) > 0
        shared = [(part & alone).sum() / (part | alone).sum() for part in parts]
        assert max(shared) > 0.88
