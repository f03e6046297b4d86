"""Glyphs of a page and what a network says of them -> the best way to part or join them."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from preprocessing import Box, Page, merge_hypotheses, split_hypotheses

GAIN_MIN = 0.4  # of a score from 0 to 1: so much better another way to part digits reads
MIN_ODDS_RATIO = (
    30.0  # times: so much better odds it must read at, or a broken digit passes for two
)
SPLIT_MOST = 20  # doubtful digits that are looked at as two: more are letters or a scene


class Candidate(NamedTuple):
    """One glyph of a photo and what a network says of it."""

    box: Box
    line: int
    glyph: NDArray[np.float32]
    answer: tuple[NDArray[np.float32], float]  # probabilities, is_digit

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
    firsts = sorted({first for index in doubtful for first in (index - 1, index)})
    choices = [join for first in firsts for join in merge_hypotheses(page, first)]
    choices += [way for index in doubtful[:SPLIT_MOST] for way in split_hypotheses(page, index)]
    if not choices:
        return found
    boxes = [box for choice in choices for box in choice.boxes]
    lines = [page.lines[choice.first] for choice in choices for _ in choice.boxes]
    ways = iter(_candidates(boxes, lines, np.concatenate([way.glyphs for way in choices]), ask))
    gains = []
    for choice in choices:
        instead = list(islice(ways, len(choice.boxes)))
        before = found[choice.first : choice.first + choice.replaces]
        after, now = (min(f.score for f in each) for each in (instead, before))
        likelier = after * (1 - now) >= MIN_ODDS_RATIO * now * (1 - after)
        gains.append((after - now if likelier else 0.0, choice, instead))
    replaced: dict[int, list[Candidate]] = {}
    for gain, choice, instead in sorted(gains, key=lambda way: way[0], reverse=True):
        spans = range(choice.first, choice.first + choice.replaces)
        if gain > GAIN_MIN and not any(index in replaced for index in spans):
            replaced |= {index: [] for index in spans} | {choice.first: instead}
    return [f for index, own in enumerate(found) for f in replaced.get(index, [own])]


def _candidates(
    boxes: Sequence[Box],
    lines: Sequence[int],
    glyphs: NDArray[np.float32],
    ask: Callable[[NDArray[np.float32]], Prediction],
) -> list[Candidate]:
    rows = zip(*ask(glyphs), strict=True)
    return [Candidate(*row) for row in zip(boxes, lines, glyphs, rows, strict=True)]
