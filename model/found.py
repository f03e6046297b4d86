"""Glyphs of a page and what a network says of them -> the best way to part or join them."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.serving import Prediction
from preprocessing import Box, Page, joins, parted

GAIN_MIN = 0.4  # of a score from 0 to 1: so much better another way to part digits reads
ODDS_MIN = 30.0  # times: so much better odds it must read at, or a broken digit passes for two
PARTED_MOST = 20  # doubtful digits that are looked at as two: more are letters or a scene


class Found(NamedTuple):
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


def best_way(page: Page, ask: Callable[[NDArray[np.float32]], Prediction]) -> list[Found]:
    """Read a page's digits, and take another way to part or join them where it reads much better.

    Only what reads badly can be read much better: of a sure digit nobody asks for another way.
    """
    found = _found(page.boxes, page.lines, page.glyphs, ask)
    doubtful = [index for index, own in enumerate(found) if own.score < 1 - GAIN_MIN]
    firsts = sorted({first for index in doubtful for first in (index - 1, index)})
    choices = [join for first in firsts for join in joins(page, first)]
    choices += [way for index in doubtful[:PARTED_MOST] for way in parted(page, index)]
    if not choices:
        return found
    boxes = [box for choice in choices for box in choice.boxes]
    lines = [page.lines[choice.first] for choice in choices for _ in choice.boxes]
    ways = iter(_found(boxes, lines, np.concatenate([way.glyphs for way in choices]), ask))
    gains = []
    for choice in choices:
        instead = list(islice(ways, len(choice.boxes)))
        before = found[choice.first : choice.first + choice.replaces]
        after, now = (min(f.score for f in each) for each in (instead, before))
        likelier = after * (1 - now) >= ODDS_MIN * now * (1 - after)
        gains.append((after - now if likelier else 0.0, choice, instead))
    replaced: dict[int, list[Found]] = {}
    for gain, choice, instead in sorted(gains, key=lambda way: way[0], reverse=True):
        spans = range(choice.first, choice.first + choice.replaces)
        if gain > GAIN_MIN and not any(index in replaced for index in spans):
            replaced |= {index: [] for index in spans} | {choice.first: instead}
    return [f for index, own in enumerate(found) for f in replaced.get(index, [own])]


def _found(
    boxes: Sequence[Box],
    lines: Sequence[int],
    glyphs: NDArray[np.float32],
    ask: Callable[[NDArray[np.float32]], Prediction],
) -> list[Found]:
    rows = zip(*ask(glyphs), strict=True)
    return [Found(*row) for row in zip(boxes, lines, glyphs, rows, strict=True)]
