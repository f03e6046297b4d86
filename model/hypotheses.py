"""A page's glyphs and the lattices of touching digits -> the likeliest segmentation."""

import math
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from preprocessing import Box, Page, broken_pairs, lattice_of, rows_around
from preprocessing.segmentation.hypotheses import Lattice, Segment
from preprocessing.segmentation.marks import is_torn

DOUBTFUL_BELOW = 0.6  # score: glyphs that read better are not cut
NEAR = 1.0  # stroke widths between two regions whose strokes may be each other's
CUT_REGIONS_MAX = 20  # doubtful regions of a page that are cut: more are letters or a scene
GLYPHS_MAX = 300  # glyphs of a page's lattices that are read: bounds the time
STEP_MIN = 0.1  # score: segments that read worse are on no path
DIGIT_PRIOR = 0.5  # factor on a path's likelihood for each digit that it has
EPSILON = 1e-9  # keeps the odds of a sure digit finite
ODDS_RATIO_MIN = 30.0  # of the product of a path's scores over the score of the region as one


class Network(Protocol):
    """What reads glyphs: a network, or several together."""

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        """Read float32 (n, 28, 28) glyphs, ink 1 on 0."""
        ...

    def estimate(self, glyphs: NDArray[np.float32]) -> Prediction:
        """The same nearly as well, in less time where that can be."""
        ...


class Candidate(NamedTuple):
    """One glyph of a photo and what a network says of it."""

    box: Box
    line: int
    glyph: NDArray[np.float32]
    answer: tuple[NDArray[np.float32], float, float, float]  # a row of a Prediction
    cuts: int = 0  # through the region that it is part of

    @property
    def is_digit(self) -> float:
        """How much this looks like any digit at all."""
        return float(self.answer[1])

    @property
    def score(self) -> float:
        """How much this looks like one digit, well read."""
        return float(self.answer[0].max()) * self.is_digit


def read_regions(page: Page, network: Network) -> list[Candidate]:
    """Read each region of a page as one digit."""
    return _candidates(page.boxes, page.lines, page.glyphs, network.predict)


def best_segmentation(page: Page, found: Sequence[Candidate], network: Network) -> list[Candidate]:
    """Cut the regions of a page that read badly where a way to cut reads much better.

    First two regions one above the other become one digit where that is likelier: a 9 whose stem
    does not touch its ring. Then each region is cut alone and, if its row still reads badly,
    together with the regions that nearly touch it: they may hold its strokes. A turned page, which
    must read better than the page as it was sent, needs no second attempt.
    """
    digits = {index: [whole] for index, whole in enumerate(found)}
    for index, segment in broken_pairs(page)[:CUT_REGIONS_MAX]:
        glyph = segment.glyph[np.newaxis]
        (whole,) = _candidates([segment.box], [page.lines[index]], glyph, network.predict)
        if digits[index] and _likelihood([whole]) > _likelihood(found[index : index + 2]):
            digits[index], digits[index + 1] = [whole._replace(cuts=2)], []  # never sure
    doubtful = [
        i
        for i, row in digits.items()
        if row and row[0] is found[i] and found[i].score < DOUBTFUL_BELOW
    ]
    if len(doubtful) > CUT_REGIONS_MAX:
        doubtful = []
    alone = [range(index, index + 1) for index in doubtful]
    left = GLYPHS_MAX
    for rows in (alone,) if page.turns else (alone, rows_around(page, doubtful, NEAR)):
        for row in rows:
            best = [digit for index in row for digit in digits[index]]
            lattice = lattice_of(page, row) if _score(best) < DOUBTFUL_BELOW else None
            if lattice is None:
                continue
            least = 0.0 if len(best) == len(row) else _likelihood(best)
            search = _Search(lattice, [found[index] for index in row], network)
            path = search.best_path(left, least)
            left -= len(search.read)
            if path:
                digits |= {index: [] for index in row}
                digits[row[0]] = path
    return [one for index in range(len(found)) for one in digits[index]]


def _likelihood(path: Sequence[Candidate]) -> float:
    """Of these digits."""
    return _score(path) * DIGIT_PRIOR ** len(path)


def _score(path: Sequence[Candidate]) -> float:
    """How much these look like digits, each well read."""
    return math.prod(one.score for one in path)


class _Way(NamedTuple):
    """A path through a lattice as far as it goes, or with one more segment, not yet read."""

    cost: float  # minus the likelihood that no path that begins like this exceeds
    number: int  # of the ways before it: of equally likely ones the first is tried first
    score: float  # product of the scores of its segments that are read
    path: tuple[Segment, ...]
    end: int  # number of the cut where it ends
    steps: int  # segments and marks
    marks: int  # how many it leaves out
    segment: Segment | None = None  # to be read next


class _Search:
    """The search for the likeliest path through a lattice, best first.

    A segment is read when no other way may be likelier, as if it were read without a doubt and
    as few as possible followed (A*; Hart, Nilsson and Raphael, 1968). A path may leave out a mark
    at each end of the lattice, which counts as one more digit.
    """

    def __init__(self, lattice: Lattice, found: list[Candidate], network: Network) -> None:
        self._lattice = lattice
        self._last = len(lattice.overlaps) - 1
        self._line = found[0].line
        self._found = _odds(_score(found))
        self._network = network
        self._after_cut = _segments_after(lattice)
        self._fewest = _fewest_steps(lattice, self._after_cut)
        self._ways: list[_Way] = []  # a heap
        self._count = 0
        self.read: dict[tuple[int, int], float] = {}  # scores, by the segment's cuts

    def best_path(self, most: int, least: float) -> list[Candidate]:
        """The digits of the likeliest path, if it is much likelier than the regions uncut.

        Args:
            most: segments to read, at most.
            least: likelihood: a path that is no likelier is none.
        """
        for cut in self._lattice.begins:
            self._add(1.0, (), cut, min(cut, 1))
        passed = set[tuple[int, int]]()  # ends of ways and their steps
        while self._ways and -self._ways[0].cost > least:
            way = heappop(self._ways)
            if (way.end, way.steps) in passed:
                continue
            if way.segment is None:
                if way.end == self._last:
                    path = self._read_path(way.path)
                    # What leaves ink out, holds ink of several digits, or leaned is unsure.
                    doubts = way.marks + sum(is_torn(one.glyph) for one in path)
                    doubts += way.path[0].row.slope != 0
                    return [one._replace(cuts=len(path) - 1 + 2 * doubts) for one in path]
                passed.add((way.end, way.steps))
                self._add_after(way)
                continue
            if way.segment[:2] not in self.read:
                alike = [w.segment for w in self._ways if w.segment and w.cost == way.cost]
                self._read([way.segment, *alike][: most - len(self.read)])
            score = self.read.get(way.segment[:2], 0.0)
            if score >= STEP_MIN and self._is_likelier(way.score * score):
                self._add(way.score * score, (*way.path, way.segment), way.end, way.marks)
        return []

    def _read_path(self, path: tuple[Segment, ...]) -> list[Candidate]:
        """A path as the networks read it, if it still is much likelier; else none."""
        boxes = [segment.box for segment in path]
        glyphs = np.array([segment.glyph for segment in path])
        read = _candidates(boxes, [self._line] * len(path), glyphs, self._network.predict)
        return read if self._is_likelier(_score(read)) else []

    def _add_after(self, way: _Way) -> None:
        """Add a way with each segment that may follow, and one that leaves out a mark there."""
        for segment in self._after_cut[way.end]:
            self._add(way.score, way.path, segment.end, way.marks, segment)
        if way.path and way.end in self._lattice.ends:
            self._add(way.score, way.path, self._last, way.marks + 1)

    def _add(
        self,
        score: float,
        path: tuple[Segment, ...],
        end: int,
        marks: int,
        segment: Segment | None = None,
    ) -> None:
        """Add a way, unless none gets from its end to the lattice's."""
        if end in self._fewest:
            steps = len(path) + marks + (segment is not None)
            cost = -score * DIGIT_PRIOR ** (steps + self._fewest[end])
            way = _Way(cost, self._count, score, path, end, steps, marks, segment)
            heappush(self._ways, way)
            self._count += 1

    def _is_likelier(self, score: float) -> bool:
        """Whether a path, or the beginning of one, is much likelier than what was found."""
        return _odds(score) >= ODDS_RATIO_MIN * self._found

    def _read(self, segments: list[Segment]) -> None:
        """Estimate those of these segments that are not read yet, all at once."""
        unread = {one[:2]: one for one in segments if one[:2] not in self.read}
        if unread:
            glyphs = np.array([segment.glyph for segment in unread.values()])
            probabilities, is_digit, *_ = self._network.estimate(glyphs)
            scores = (probabilities.max(axis=1) * is_digit).tolist()
            self.read.update(zip(unread, scores, strict=True))


def _fewest_steps(lattice: Lattice, after: list[list[Segment]]) -> dict[int, int]:
    """For each cut from which a path leads to the end how many steps the shortest has."""
    last = len(lattice.overlaps) - 1
    fewest = {**dict.fromkeys(lattice.ends, 1), last: 0}
    for cut in range(last - 1, -1, -1):
        ends = {segment.end for segment in after[cut]} & fewest.keys()
        if ends and cut not in fewest:
            fewest[cut] = 1 + min(fewest[end] for end in ends)
    return fewest


def _segments_after(lattice: Lattice) -> list[list[Segment]]:
    """For each cut the segments that may follow a digit that ends at it."""
    after: list[list[Segment]] = [[] for _ in lattice.overlaps]
    for segment in lattice.segments:
        for cut in range(segment.start, min(lattice.overlaps[segment.start] + 1, segment.end)):
            after[cut].append(segment)
    return after


def _odds(score: float) -> float:
    return score / max(1 - score, EPSILON)


def _candidates(
    boxes: Sequence[Box],
    lines: Sequence[int],
    glyphs: NDArray[np.float32],
    predict: Callable[[NDArray[np.float32]], Prediction],
) -> list[Candidate]:
    rows = zip(*predict(glyphs), strict=True)
    return [Candidate(*row) for row in zip(boxes, lines, glyphs, rows, strict=True)]
