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
GLYPHS_MAX = 200  # glyphs of a page's lattices that are read: bounds the time
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
    digits = {index: [whole] for index, whole in enumerate(found)}
    left = GLYPHS_MAX
    few = doubtful if len(doubtful) <= CUT_PIECES_MAX else []
    for lattice in lattices(page, few):
        search = _Search(lattice, found[lattice.piece], ask)
        digits[lattice.piece] = search.best_path(left)
        left -= len(search.read)
    return [one for index in range(len(found)) for one in digits[index]]


class _Way(NamedTuple):
    """A path through a lattice as far as it goes, or with one more segment, not yet read."""

    bound: float  # likelihood that no path that begins like this exceeds
    path: list[Candidate]
    end: int  # number of the cut where it ends
    segment: Segment | None = None  # to be read next


class _Search:
    """The search for the likeliest path through the lattice of one piece, best first.

    A segment is read when no other way may be likelier, as if it were read without a doubt and
    as few as possible followed (A*; Hart, Nilsson and Raphael, 1968).
    """

    def __init__(
        self, lattice: Lattice, whole: Candidate, ask: Callable[[NDArray[np.float32]], Prediction]
    ) -> None:
        self._lattice = lattice
        self._whole = whole
        self._ask = ask
        self._fewest = _fewest_digits(lattice)
        self.read: dict[tuple[int, int], Candidate] = {}

    def best_path(self, most: int) -> list[Candidate]:
        """The digits of the likeliest path, or the piece as one where none is much likelier.

        At most `most` segments are read.
        """
        last = len(self._lattice.overlaps) - 1
        ways, passed = [_Way(1.0, [], 0)], set[int]()
        while ways:
            way = max(ways, key=lambda way: way.bound)
            ways.remove(way)
            if way.end in passed:
                continue
            if way.segment is None:
                if way.end == last:
                    return [one._replace(parted=len(way.path) - 1) for one in way.path]
                passed.add(way.end)
                ways += self._after(way)
                continue
            if way.segment[:2] not in self.read:
                alike = [w.segment for w in ways if w.segment and w.bound == way.bound]
                self._read([way.segment, *alike][: most - len(self.read)])
            step = self.read.get(way.segment[:2])
            if step and step.score >= STEP_MIN and self._is_likelier([*way.path, step]):
                path = [*way.path, step]
                ways.append(_Way(self._bound(path, way.end), path, way.end))
        return [self._whole]

    def _after(self, way: _Way) -> list[_Way]:
        """A way with each segment that may follow, unless none gets from there to the end."""
        return [
            _Way(self._bound(way.path, segment.end, 1), way.path, segment.end, segment)
            for segment in _segments_after(self._lattice, way.end)
            if segment.end in self._fewest
        ]

    def _bound(self, path: list[Candidate], end: int, unread: int = 0) -> float:
        digits = len(path) + unread + self._fewest[end]
        return float(DIGIT_PRIOR**digits * math.prod(one.score for one in path))

    def _is_likelier(self, path: list[Candidate]) -> bool:
        """Whether a path, or the beginning of one, is much likelier than the piece as one."""
        score = math.prod(one.score for one in path)
        return _odds(score) >= ODDS_RATIO_MIN * _odds(self._whole.score)

    def _read(self, segments: list[Segment]) -> None:
        """Ask about those of these segments that are not read yet, all at once."""
        unread = [segment for segment in segments if segment[:2] not in self.read]
        if unread:
            read = _candidates(
                [segment.box for segment in unread],
                [self._whole.line] * len(unread),
                np.array([segment.glyph for segment in unread]),
                self._ask,
            )
            self.read.update(zip([segment[:2] for segment in unread], read, strict=True))


def _fewest_digits(lattice: Lattice) -> dict[int, int]:
    """For each cut from which a path leads to the end how many digits the shortest has."""
    last = len(lattice.overlaps) - 1
    fewest = {last: 0}
    for cut in range(last - 1, -1, -1):
        ends = {segment.end for segment in _segments_after(lattice, cut)} & fewest.keys()
        if ends:
            fewest[cut] = 1 + min(fewest[end] for end in ends)
    return fewest


def _segments_after(lattice: Lattice, cut: int) -> list[Segment]:
    """The segments that may follow a digit that ends at a cut."""
    return [
        segment
        for segment in lattice.segments
        if segment.start <= cut <= min(lattice.overlaps[segment.start], segment.end - 1)
    ]


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
