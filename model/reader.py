"""A photo -> its Reading: the pipeline finds the digits, the networks read them."""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.choice import look_noisy
from model.serving import Classifier, Prediction
from preprocessing import Box, Page, read_page

MODELS = ("clean", "noisy", "auto")
TOP = 3  # candidates kept of each digit
GAIN_MIN = 0.2  # of a score from 0 to 1: so much better another way to part digits reads
IS_DIGIT_MIN = 0.5  # below this a network doubts that a glyph is a digit
DROPPED_BELOW = 0.05  # below this it is left out beside digits; a doubtful one is shown as such


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit as read."""

    digit: int
    confidence: float  # calibrated, 0 to 1
    box: Box  # px of the upright original
    line: int  # number of its line, from the top
    top: tuple[tuple[int, float], ...]  # the likeliest digits with their probabilities
    is_digit: float  # 0 to 1: how much the glyph looks like any digit at all
    glyph: NDArray[np.float32]  # (28, 28), what the network looked at
    unsure: bool


@dataclass(frozen=True, eq=False)
class Reading:
    """All digits of one photo, in reading order."""

    digits: tuple[Digit, ...]
    model: str  # the network that read: "clean" or "noisy"
    version: str
    ms: float  # milliseconds from bytes to reading
    page: Page

    @property
    def text(self) -> str:
        """The digits joined, a space between lines."""
        lines: dict[int, str] = {}
        for digit in self.digits:
            lines[digit.line] = lines.get(digit.line, "") + str(digit.digit)
        return " ".join(lines.values())

    @property
    def unsure(self) -> bool:
        """Whether any digit is unsure."""
        return any(digit.unsure for digit in self.digits)


class _Found(NamedTuple):
    """One glyph of a photo and what a network says of it."""

    box: Box
    line: int
    glyph: NDArray[np.float32]
    answer: tuple[NDArray[np.float32], float]  # probabilities, is_digit

    @property
    def score(self) -> float:
        """How much this looks like one digit, well read."""
        probabilities, is_digit = self.answer
        return float(probabilities.max() * is_digit)


class Reader:
    """Both networks, loaded; may be asked from several threads."""

    def __init__(self, clean: Classifier, noisy: Classifier) -> None:
        self.networks = {"clean": clean, "noisy": noisy}

    @classmethod
    def load(cls, root: Path | None = None) -> "Reader":
        """Load the versions that serve; raises VersionError where there is none."""
        return cls(Classifier.load("clean", root), Classifier.load("noisy", root))

    def read(self, photo: bytes, model: str = "auto") -> Reading:
        """Read all digits of a photo; raises PhotoError, and ValueError for an unknown model."""
        if model not in MODELS:
            raise ValueError(f"there is no model {model!r}, only {', '.join(MODELS)}")
        start = time.perf_counter()
        page = read_page(photo)
        kind, found = self._chosen(page, model)
        network = self.networks[kind]
        # Beside objects even a sure digit may be a part of one.
        unsure_below = math.inf if page.cluttered else network.unsure_below
        digits = _digits(found, unsure_below)
        ms = (time.perf_counter() - start) * 1000
        return Reading(digits, kind, network.version, ms, page)

    def _chosen(self, page: Page, model: str) -> tuple[str, list[_Found]]:
        """Ask the network of that name; for "auto" the one that suits most of the glyphs."""
        if model == "auto":
            model = "noisy" if look_noisy(page.glyphs).mean() > 0.5 else "clean"
        glyphs = np.concatenate([page.glyphs, *(choice.glyphs for choice in page.choices)])
        answer = self.networks[model].predict(glyphs)
        return model, _best_way(page, answer)


def _best_way(page: Page, answer: Prediction) -> list[_Found]:
    """Take another way to part or join digits where the network reads it much better."""
    rows = list(zip(*answer, strict=True))
    found = [_Found(*row) for row in zip(page.boxes, page.lines, page.glyphs, rows, strict=False)]
    replaced: dict[int, list[_Found]] = {}
    gains = []
    start = len(found)
    for choice in page.choices:
        count = len(choice.boxes)
        line = page.lines[choice.first]
        ways = zip(choice.boxes, [line] * count, choice.glyphs, rows[start:], strict=False)
        instead = [_Found(*way) for way in ways]
        start += count
        before = found[choice.first : choice.first + choice.replaces]
        gain = min(f.score for f in instead) - min(f.score for f in before)
        gains.append((gain, choice, instead))
    for gain, choice, instead in sorted(gains, key=lambda way: way[0], reverse=True):
        spans = range(choice.first, choice.first + choice.replaces)
        if gain > GAIN_MIN and not any(index in replaced for index in spans):
            replaced |= {index: [] for index in spans} | {choice.first: instead}
    return [f for index, own in enumerate(found) for f in replaced.get(index, [own])]


def _digits(found: list[_Found], unsure_below: float) -> tuple[Digit, ...]:
    """Turn the networks' answers into digits, leaving out what is no digit beside digits."""
    digits = []
    for box, line, glyph, (probabilities, is_digit) in found:
        best = np.argsort(probabilities)[::-1][:TOP]
        top = tuple((int(d), float(probabilities[d])) for d in best)
        digit, confidence = top[0]
        unsure = confidence < unsure_below or is_digit < IS_DIGIT_MIN
        digits.append(
            Digit(digit, confidence, box, line, top, float(is_digit), glyph, bool(unsure))
        )
    likely = [digit for digit in digits if digit.is_digit >= DROPPED_BELOW]
    return tuple(likely or digits)
