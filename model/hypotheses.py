"""A page's glyphs and the lattices of touching digits -> the likeliest segmentation."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from preprocessing import Box, Page, lattices
from preprocessing.segmentation.hypotheses import Lattice, Segment

DOUBTFUL_BELOW = 0.6  # score: glyphs that read better are not cut
CUT_PIECES_MAX = 20  # doubtful pieces of a page that are cut: more are letters or a scene
GLYPHS_MAX = 500  # glyphs of a page's lattices that are read
STEP_MIN = 0.3  # score: segments that read worse are on no path
DIGIT_PRIOR = 0.5  # factor on a path's likelihood for each digit that it has
EPSILON = 1e-9  # keeps the odds of a sure digit finite
ODDS_RATIO_MIN = 30.0  # of the product of a path's scores over the score of the piece as one


class Candidate(NamedTuple):
    """One glyph of a photo and what a network says of it."""

    box: Box
    line: int
    glyph: NDArray[np.float32]
    answer: tuple[NDArray[np.float32], float]  # probabilities, is_digit
    parted: int = 0  # cuts through the piece of ink that it is part of

    @property
    def is_digit(self) -> float:
        """How much this looks like any digit at all."""
        return float(self.answer[1])

    @property
    def score(self) -> float:
        """How much this looks like one digit, well read."""
        return float(self.answer[0].max()) * self.is_digit


def best_segmentation(
    page: Page, ask: Callable[[NDArray[np.float32]], Prediction]
) -> list[Candidate]:
    """Read a page's pieces, and cut those that read badly where a way to cut reads much better."""
    found = _candidates(page.boxes, page.lines, page.glyphs, ask)
    doubtful = [index for index, own in enumerate(found) if own.score < DOUBTFUL_BELOW]
    searches = {
        lattice.piece: _Search(lattice, found[lattice.piece])
        for lattice in lattices(page, doubtful[:CUT_PIECES_MAX])
    }
    left = GLYPHS_MAX
    while wanted := [(s, segment) for s in searches.values() for segment in s.wanted()][:left]:
        left -= len(wanted)
        read = _candidates(
            [segment.box for _, segment in wanted],
            [search.whole.line for search, _ in wanted],
            np.array([segment.glyph for _, segment in wanted]),
            ask,
        )
        for (search, segment), candidate in zip(wanted, read, strict=True):
            search.add(segment, candidate)
    return [
        one
        for index, whole in enumerate(found)
        for one in (searches[index].best_path() if index in searches else [whole])
    ]


class _Search:
    """The search for the likeliest path through the lattice of one piece.

    Only segments are read that begin where a path may have got to.
    """

    def __init__(self, lattice: Lattice, whole: Candidate) -> None:
        self.whole = whole
        self._overlaps = lattice.overlaps
        self._unread = lattice.segments
        self._read: list[tuple[int, int, Candidate]] = []  # cut before, cut after, glyph between
        self._reached = {0}

    def wanted(self) -> list[Segment]:
        """The segments to be read next."""
        open_ = [
            not self._reached.isdisjoint(range(cut, last + 1))
            for cut, last in enumerate(self._overlaps)
        ]
        wanted = [segment for segment in self._unread if open_[segment.start]]
        self._unread = tuple(segment for segment in self._unread if not open_[segment.start])
        return wanted

    def add(self, segment: Segment, candidate: Candidate) -> None:
        """Take a segment as read."""
        if candidate.score >= STEP_MIN:
            self._read.append((segment.start, segment.end, candidate))
            self._reached.add(segment.end)

    def best_path(self) -> list[Candidate]:
        """The digits of the likeliest path, or the piece as one where none is much likelier."""
        best: dict[int, tuple[float, list[Candidate]]] = {0: (1.0, [])}
        for start, end, candidate in sorted(self._read, key=lambda step: step[1]):
            ends = range(start, min(self._overlaps[start], end - 1) + 1)
            likelihood, path = max(
                (best[cut] for cut in ends if cut in best), key=lambda way: way[0], default=(0, [])
            )
            likelihood *= DIGIT_PRIOR * candidate.score
            if likelihood > best.get(end, (0.0, []))[0]:
                best[end] = likelihood, [*path, candidate]
        _, path = best.get(len(self._overlaps) - 1, (0.0, []))
        score = math.prod(candidate.score for candidate in path)
        if not path or _odds(score) < ODDS_RATIO_MIN * _odds(self.whole.score):
            return [self.whole]
        return [candidate._replace(parted=len(path) - 1) for candidate in path]


def _odds(score: float) -> float:
    return score / max(1 - score, EPSILON)


def _candidates(
    boxes: Sequence[Box],
    lines: Sequence[int],
    glyphs: NDArray[np.float32],
    ask: Callable[[NDArray[np.float32]], Prediction],
) -> list[Candidate]:
    rows = zip(*ask(glyphs), strict=True)
    return [Candidate(*row) for row in zip(boxes, lines, glyphs, rows, strict=True)]
