"""Glyphs of a page and what a network says of them -> the best way to part or join them."""

import math
from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from preprocessing import Box, Page, lattices
from preprocessing.segmentation.hypotheses import Lattice

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
    parted: bool = False  # whether its ink was cut out of a piece of ink

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
            choices.append(lattice)
    if not choices:
        return found
    segments = [segment for lattice in choices for segment in lattice.segments]
    lines = [page.lines[lattice.first] for lattice in choices for _ in lattice.segments]
    boxes, shown = [segment.box for segment in segments], [segment.glyph for segment in segments]
    read = iter(_candidates(boxes, lines, np.array(shown), ask))
    result: list[Candidate] = []
    done = 0
    for lattice in choices:
        end = lattice.first + len(lattice.bounds) - 1
        parts = list(islice(read, len(lattice.segments)))
        result += found[done : lattice.first]
        result += _best_path(lattice, found[lattice.first : end], parts)
        done = end
    return result + found[done:]


def _best_path(
    lattice: Lattice, found: list[Candidate], parts: list[Candidate]
) -> list[Candidate]:
    """The digits from the first cut to the last whose scores have the largest product.

    Between two cuts that it shares with what was found, it must read much better to be taken.
    """
    wholes = zip(pairwise(lattice.bounds), found, strict=True)
    steps = [(start, end, whole) for (start, end), whole in wholes]
    steps += [(s.start, s.end, part) for s, part in zip(lattice.segments, parts, strict=True)]
    steps.sort(key=lambda step: step[0])
    best: dict[int, tuple[float, list[Candidate], list[int]]] = {0: (0.0, [], [0])}
    for start, end, candidate in steps:
        if start in best:
            worth, path, cuts = best[start]
            worth += math.log(max(candidate.score, LEAST))
            if end not in best or worth > best[end][0]:
                best[end] = worth, [*path, candidate], [*cuts, end]
    _, path, cuts = best[lattice.bounds[-1]]
    result: list[Candidate] = []
    for start, end in pairwise(sorted(set(cuts) & set(lattice.bounds))):
        instead = path[cuts.index(start) : cuts.index(end)]
        now = found[lattice.bounds.index(start) : lattice.bounds.index(end)]
        parted = len(instead) > len(now)
        better = [candidate._replace(parted=parted) for candidate in instead]
        result += better if _reads_much_better(instead, now) else now
    return result


def _reads_much_better(instead: list[Candidate], now: list[Candidate]) -> bool:
    after, before = (min(candidate.score for candidate in each) for each in (instead, now))
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
