"""A photo -> its Reading: the pipeline finds the digits, the networks read them."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.serving import Classifier, Prediction
from preprocessing import Box, NoDigitsFound, Page, read_page

MODELS = ("clean", "noisy", "auto")
TOP = 3  # candidates kept of each digit
IS_DIGIT_MIN = 0.5  # below this a network says that a glyph is no digit


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
        kind, prediction = self._predict(page, model)
        network = self.networks[kind]
        digits = _digits(page, prediction, network.unsure_below)
        ms = (time.perf_counter() - start) * 1000
        return Reading(digits, kind, network.version, ms, page)

    def _predict(self, page: Page, model: str) -> tuple[str, Prediction]:
        """Ask the network of that name; for "auto" the one that is surer of what it sees."""
        kinds = list(self.networks) if model == "auto" else [model]
        answers = {kind: self.networks[kind].predict(page.glyphs) for kind in kinds}
        best = max(kinds, key=lambda kind: float(answers[kind].probabilities.max(axis=1).mean()))
        return best, answers[best]


def _digits(page: Page, prediction: Prediction, unsure_below: float) -> tuple[Digit, ...]:
    """Put the networks' answers beside what the pipeline found, leaving out what is no digit."""
    digits = []
    rows = zip(page.boxes, page.lines, page.glyphs, *prediction, strict=True)
    for box, line, glyph, probabilities, is_digit in rows:
        best = np.argsort(probabilities)[::-1][:TOP]
        top = tuple((int(d), float(probabilities[d])) for d in best)
        digit, confidence = top[0]
        unsure = confidence < unsure_below or is_digit < IS_DIGIT_MIN
        digits.append(
            Digit(digit, confidence, box, line, top, float(is_digit), glyph, bool(unsure))
        )
    sure = [d for d in digits if d.is_digit >= IS_DIGIT_MIN]
    if not digits:
        raise NoDigitsFound("not_digits")
    return tuple(sure or digits)
