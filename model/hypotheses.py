"""Glyphs of a page and what a network says of them -> the best way to part or join them."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from preprocessing import Box, Page, lattices
from preprocessing.segmentation.hypotheses import Lattice, Segment

GAIN_MIN = 0.4  # of a score from 0 to 1: so much better another way to part digits reads
MIN_ODDS_RATIO = (
    30.0  # times: so much better odds it must read at, or a broken digit passes for two
)
GLYPHS_MAX = 500  # of a photo's lattices: what is beyond is read as it was found
LEAST = 1e-4  # a score below says no more than this one
SPLIT_MOST = 20  # doubtful digits that are looked at as two: more are letters or a scene


class Candidate(NamedTuple):
    """One glyph of a photo and what a network says of it."""

    box: Box
    line: int
    glyph: NDArray[np.float32]
    answer: tuple[NDArray[np.float32], float]  # probabilities, is_digit
    parted: int = 0  # cuts in the piece of ink that it is part of

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
    """Read a page's digits, and take another way to part or join them where it reads much better.

    Only what reads badly can be read much better: of a sure digit nobody asks for another way.
    """
    found = _candidates(page.boxes, page.lines, page.glyphs, ask)
    doubtful = [index for index, own in enumerate(found) if own.score < 1 - GAIN_MIN]
    choices, glyphs = [], 0
    for lattice in lattices(page, doubtful[:SPLIT_MOST]):
        glyphs += len(lattice.segments)
        if glyphs <= GLYPHS_MAX:
            end = lattice.first + len(lattice.bounds) - 1
            choices.append(_Search(lattice, page.lines, found[lattice.first : end]))
    while wanted := [(search, segment) for search in choices for segment in search.wanted()]:
        segments = [segment for _, segment in wanted]
        read = _candidates(
            [segment.box for segment in segments],
            [search.line for search, _ in wanted],
            np.array([segment.glyph for segment in segments]),
            ask,
        )
        for (search, segment), candidate in zip(wanted, read, strict=True):
            search.add(segment, candidate)
    result: list[Candidate] = []
    done = 0
    for search in choices:
        result += [*found[done : search.first], *search.best_path()]
        done = search.end
    return result + found[done:]


class _Search:
    """The search for the best path through one lattice, which reads no more than it must.

    A segment counts if it reads so much better than the pieces it is cut out of or joins that it
    may stand for them. Only segments that such ones lead to are read.
    """

    def __init__(self, lattice: Lattice, lines: Sequence[int], found: list[Candidate]) -> None:
        self.first, self.end = lattice.first, lattice.first + len(found)
        self.line = lines[lattice.first]
        self._bounds, self._found = lattice.bounds, found
        self._unread = list(lattice.segments)
        self._steps = [
            (start, end, whole)
            for (start, end), whole in zip(pairwise(lattice.bounds), found, strict=True)
        ]
        self._reached = set(lattice.bounds)

    def wanted(self) -> list[Segment]:
        """The segments to be read next: those that begin where what was read so far ends."""
        wanted = [segment for segment in self._unread if segment.start in self._reached]
        self._unread = [segment for segment in self._unread if segment.start not in self._reached]
        return wanted

    def add(self, segment: Segment, candidate: Candidate) -> None:
        """Take a segment as read."""
        inside = zip(pairwise(self._bounds), self._found, strict=True)
        now = [
            whole.score
            for (start, end), whole in inside
            if start < segment.end and segment.start < end
        ]
        if _reads_much_better(candidate.score, min(now)):
            parted = int(len(now) == 1)
            self._steps.append((segment.start, segment.end, candidate._replace(parted=parted)))
            self._reached.add(segment.end)

    def best_path(self) -> list[Candidate]:
        """The digits from the first cut to the last whose scores have the largest product."""
        best: dict[int, tuple[float, list[Candidate]]] = {0: (0.0, [])}
        for start, end, candidate in sorted(self._steps, key=lambda step: step[0]):
            if start in best:
                worth, path = best[start]
                worth += math.log(max(candidate.score, LEAST))
                if end not in best or worth > best[end][0]:
                    best[end] = worth, [*path, candidate]
        path = best[self._bounds[-1]][1]
        cuts = sum(candidate.parted for candidate in path) - 1
        return [c._replace(parted=cuts) if c.parted else c for c in path]


def _reads_much_better(after: float, before: float) -> bool:
    likelier = after * (1 - before) >= MIN_ODDS_RATIO * before * (1 - after)
    return likelier and after - before > GAIN_MIN


def _candidates(
    boxes: Sequence[Box],
    lines: Sequence[int],
    glyphs: NDArray[np.float32],
    ask: Callable[[NDArray[np.float32]], Prediction],
) -> list[Candidate]:
    rows = zip(*ask(glyphs), strict=True)
    return [Candidate(*row) for row in zip(boxes, lines, glyphs, rows, strict=True)]
