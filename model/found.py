"""Glyphs of a page and what a network says of them -> the best way to part or join them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.serving import Prediction
from preprocessing import Box, Page

GAIN_MIN = 0.4  # of a score from 0 to 1: so much better another way to part digits reads; at 0.2
# ten of 2,732 cut-out digits were taken for two, at 0.4 five, for two of 100 touching pairs


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


def best_way(page: Page, answer: Prediction) -> list[Found]:
    """Take another way to part or join digits where the network reads it much better."""
    rows = list(zip(*answer, strict=True))
    found = [Found(*row) for row in zip(page.boxes, page.lines, page.glyphs, rows, strict=False)]
    replaced: dict[int, list[Found]] = {}
    gains = []
    start = len(found)
    for choice in page.choices:
        count = len(choice.boxes)
        line = page.lines[choice.first]
        ways = zip(choice.boxes, [line] * count, choice.glyphs, rows[start:], strict=False)
        instead = [Found(*way) for way in ways]
        start += count
        before = found[choice.first : choice.first + choice.replaces]
        gain = min(f.score for f in instead) - min(f.score for f in before)
        gains.append((gain, choice, instead))
    for gain, choice, instead in sorted(gains, key=lambda way: way[0], reverse=True):
        spans = range(choice.first, choice.first + choice.replaces)
        if gain > GAIN_MIN and not any(index in replaced for index in spans):
            replaced |= {index: [] for index in spans} | {choice.first: instead}
    return [f for index, own in enumerate(found) for f in replaced.get(index, [own])]
