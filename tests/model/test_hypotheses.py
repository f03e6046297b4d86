import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from model.calibration import Prediction, by_one_network
from model.hypotheses import (
    DIGIT_PRIOR,
    ODDS_RATIO_MIN,
    STEP_MIN,
    Candidate,
    Network,
    best_segmentation,
    read_regions,
)
from preprocessing import Page, lattice_of, read_page
from preprocessing.segmentation.hypotheses import Segment
from tests.papers import blank, photo, write

PAGE = read_page(photo(write(blank(), "35", at=(120, 90), height=160, step=0.55)))
LONG = read_page(photo(write(blank(), "353", at=(80, 90), height=160, step=0.55)))


class StubPredictor:
    """A network with the score `whole` for the glyphs of its first call, `parts` for all later.

    `estimated`: what it takes the score of the parts for; None: the same.
    """

    def __init__(self, whole: float, parts: float, estimated: float | None = None) -> None:
        self._parts, self._estimated = parts, parts if estimated is None else estimated
        self._next = whole
        self.counts: list[int] = []  # glyphs in each call, but for those read again

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        score, self._next = self._next, self._parts
        if not self.counts:
            self.counts.append(len(glyphs))
        return self._answer(glyphs, score)

    def estimate(self, glyphs: NDArray[np.float32]) -> Prediction:
        self.counts.append(len(glyphs))
        return self._answer(glyphs, self._estimated)

    def _answer(self, glyphs: NDArray[np.float32], sure: float) -> Prediction:
        rows = np.tile(np.eye(10, dtype=np.float32)[3], (len(glyphs), 1))
        is_digit = np.full(len(glyphs), sure, np.float32)
        return by_one_network(rows, is_digit)


def segmented(page: Page, network: Network) -> list[Candidate]:
    return best_segmentation(page, read_regions(page, network), network)


def test_a_sure_digit_is_never_cut() -> None:
    predictor = StubPredictor(0.9, 1.0)
    assert len(segmented(PAGE, predictor)) == 1
    assert predictor.counts == [1]


@pytest.mark.parametrize(
    ("whole", "parts", "digits"), [(0.1, 0.9, 2), (0.55, 1.0, 2), (0.01, 0.35, 1), (0.3, 0.9, 1)]
)
def test_what_reads_badly_is_cut_where_its_parts_read_much_better(
    whole: float, parts: float, digits: int
) -> None:
    found = segmented(PAGE, StubPredictor(whole, parts))
    assert len(found) == digits
    assert [f.line for f in found] == [0] * digits


@pytest.mark.parametrize(("parts", "scores"), [(0.95, [0.95, 0.95]), (0.2, [0.1])])
def test_parts_are_answered_as_they_are_read_and_not_as_estimated(
    parts: float, scores: list[float]
) -> None:
    found = segmented(PAGE, StubPredictor(0.1, parts, estimated=0.9))
    assert [digit.score for digit in found] == pytest.approx(scores)


@pytest.mark.parametrize(("rows", "are_cut"), [(2, True), (3, False)])
def test_a_page_of_many_pieces_that_read_badly_is_not_cut(rows: int, are_cut: bool) -> None:
    sheet = blank(1600, 600)
    for row in range(rows):
        for column in range(10):
            at = 20 + 155 * column, 40 + 180 * row
            sheet = write(sheet, "35", at=at, height=80, step=0.55)
    page, predictor = read_page(photo(sheet)), StubPredictor(0.1, 0.9)
    segmented(page, predictor)
    assert predictor.counts[0] == len(page.boxes) == 10 * rows
    assert (len(predictor.counts) > 1) is are_cut


def test_no_part_is_read_that_only_bad_parts_lead_to() -> None:
    """Where no left half reads well no right half can make a better path."""
    bad, good = StubPredictor(0.1, 0.2), StubPredictor(0.1, 0.9)
    for predictor in (bad, good):
        segmented(PAGE, predictor)
    assert len(bad.counts) == 2
    assert sum(bad.counts) < 0.7 * sum(good.counts)


def beside(left: NDArray[np.uint8], gap: int) -> bytes:
    """A zero with something so many px on its left, from top to bottom in its middle."""
    row = write(blank(), "0", at=(200, 50), height=100)
    first = int(np.flatnonzero((row < 128).any(axis=0))[0])
    high, wide = left.shape
    row[90 - high // 2 :, first - gap - wide :][:high, :wide] = left
    return photo(row)


def test_pieces_that_nearly_touch_are_cut_as_one_where_each_reads_badly() -> None:
    zero = write(blank(), "0", at=(100, 50), height=100)
    rows, columns = np.nonzero(zero < 128)
    alone = zero[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    for gap, scores in ((3, [0.75, 0.75]), (40, [0.1, 0.1])):
        page = read_page(beside(alone, gap))
        assert len(page.boxes) == 2
        found = segmented(page, StubPredictor(0.1, 0.75))
        assert [digit.score for digit in found] == pytest.approx(scores)


def test_a_dash_joined_to_a_digit_is_left_out_and_what_is_read_never_sure() -> None:
    page = read_page(beside(np.zeros((8, 30), np.uint8), 4))
    assert len(page.boxes) == 1
    (digit,) = segmented(page, StubPredictor(0.1, 0.95))
    assert digit.cuts > 1
    assert digit.box.x > page.boxes[0].x


@pytest.mark.parametrize(("slope", "is_sure"), [(0.0, True), (0.1, False)])
def test_what_is_read_in_a_row_that_leans_is_never_sure(slope: float, is_sure: bool) -> None:
    row = write(blank(), "353", at=(80, 90), height=160, step=0.55, slope=slope)
    found = segmented(read_page(photo(row)), StubPredictor(0.1, 0.95))
    assert len(found) == 2
    assert all((digit.cuts == 1) is is_sure for digit in found)


@pytest.mark.parametrize(("joined", "digits"), [(0.9, 1), (0.3, 2)])
def test_two_pieces_that_may_be_one_digit_are_one_where_that_is_likelier(
    joined: float, digits: int
) -> None:
    zero = write(blank(), "0", at=(100, 50), height=100)
    rows, columns = np.nonzero(zero < 128)
    alone = zero[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    page = read_page(beside(alone, 40))
    a, b = page.regions
    moved = b._replace(x=a.x + a.w - 3, y=a.y + round(0.6 * a.h))
    found = segmented(replace(page, regions=(a, moved)), StubPredictor(0.9, joined))
    assert len(found) == digits
    assert all((digit.cuts > 1) == (digits == 1) for digit in found)


class RandomPredictor:
    """A network with a random score for each part of the piece, and a bad one for the whole."""

    WHOLE = 0.1

    def __init__(self, seed: int) -> None:
        lattice = lattice_of(LONG, range(1))
        assert lattice is not None
        glyphs = [part.glyph.tobytes() for part in lattice.segments]  # some are alike
        scores = np.random.default_rng(seed).random(len(glyphs)).astype(np.float32) ** 0.5
        self._by_glyph = dict(zip(glyphs, scores.tolist(), strict=True))
        self._overlaps = lattice.overlaps
        self.parts = [(part, self._by_glyph[part.glyph.tobytes()]) for part in lattice.segments]
        self.read = 0  # parts

    def estimate(self, glyphs: NDArray[np.float32]) -> Prediction:
        self.read += len(glyphs)
        return self.predict(glyphs)

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        known = [self._by_glyph.get(glyph.tobytes(), self.WHOLE) for glyph in glyphs]
        sure = np.array(known, np.float32)
        rows = np.tile(np.eye(10, dtype=np.float32)[3], (len(glyphs), 1))
        return by_one_network(rows, sure)

    def paths(self, cut: int = 0) -> Iterator[list[float]]:
        """The scores along every path from a cut to the piece's right side."""
        if cut == len(self._overlaps) - 1:
            yield []
        for part, score in self._after(cut):
            if score >= STEP_MIN:
                yield from ([score, *rest] for rest in self.paths(part.end))

    def bounds(self, cut: int = 0, *before: float) -> Iterator[tuple[Segment, float]]:
        """Every path's beginning: its last part, and how likely a whole path is at most.

        That part counts as not read yet.
        """
        for part, score in self._after(cut):
            digits = len(before) + 1 + self._fewest(part.end)
            yield part, math.prod(before) * DIGIT_PRIOR**digits
            if score >= STEP_MIN:
                yield from self.bounds(part.end, *before, score)

    def _after(self, cut: int) -> Iterator[tuple[Segment, float]]:
        for part, score in self.parts:
            if part.start <= cut <= min(self._overlaps[part.start], part.end - 1):
                yield part, score

    def _fewest(self, cut: int) -> float:
        """How many parts the shortest path from a cut to the piece's right side has."""
        if cut == len(self._overlaps) - 1:
            return 0
        return min((1 + self._fewest(part.end) for part, _ in self._after(cut)), default=math.inf)


def test_the_search_finds_the_likeliest_path_and_reads_only_what_may_be_on_it() -> None:
    """A part may be of use if, with the score 1 for it and for as few as can follow, its path
    would be at least as likely as the likeliest.
    """
    least = 1 / (1 + 9 / ODDS_RATIO_MIN)  # score of a path with so much better odds than WHOLE
    cut, read, all_ = 0, 0, 0
    for seed in range(40):
        drawn = RandomPredictor(seed)
        much_likelier = [path for path in drawn.paths() if math.prod(path) >= least]
        whole = [drawn.WHOLE]
        best = max(
            much_likelier, key=lambda p: math.prod(p) * DIGIT_PRIOR ** len(p), default=whole
        )
        found = segmented(LONG, drawn)
        assert [digit.score for digit in found] == pytest.approx(best)
        if best != whole:
            likelihood = math.prod(best) * DIGIT_PRIOR ** len(best)
            useful = {part[:2] for part, bound in drawn.bounds() if bound >= likelihood}
            assert drawn.read <= len(useful)
        cut, read, all_ = cut + (len(best) > 1), read + drawn.read, all_ + len(drawn.parts)
    assert 10 <= cut <= 39  # both ways to end are among them
    assert read < 0.7 * all_
