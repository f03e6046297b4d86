"""A photo -> its Reading: the pipeline finds the digits, the networks read them."""

import math
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.classes import MODELS
from model.ensemble import Ensemble
from model.hypotheses import Candidate, best_segmentation
from model.orientation import (
    HALF,
    TURNS,
    choose_orientation,
    is_doubtful,
    may_be_upside_down,
)
from model.serving import Classifier
from preprocessing import Box, NoDigitsFound, Page, Photo, find_digits, turned_page
from preprocessing.components import overlap
from preprocessing.segmentation.marks import is_marked

TOP = 3  # candidates kept of each digit
DROPPED_BELOW = 0.05  # `is_digit`: below it a glyph is left out
PARTED_SURE = 0.98  # score of a digit cut out of others: below, the cut may be wrong
ALL_SURE = 0.9  # product of the confidences of several digits: below, the weakest may be wrong
LIKE_DIGITS = 0.5  # of a line's height: what is left out there and as high may be a digit
BAR = 0.65  # width over height: what is wider is no bar, slash or comma
LOW_BAR, TALL_BAR = 0.55, 1.2  # times the usual height of a line: other bars may be marks
LEVEL_MIN = 0.5  # of their common height: digits side by side share more of it
PROBED_MAX = 16  # glyphs of a turned page that are read before it is read whole
PROBED_AT_ONCE = 3  # of them, until too many read badly
PROBED_SCORE = 0.6  # of half of them, or no way of parting digits makes a readable sheet of it
CLUTTERED_LEAST = 0.95  # mean `is_digit` among objects: below it no digit was found
OTHERS_MOST = 0.5  # of the digits' number: with more left out beside them all are unsure


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit as read."""

    digit: int
    confidence: float  # calibrated, 0 to 1
    box: Box  # px of the upright original
    line: int  # number of its line, from the top
    top: tuple[tuple[int, float], ...]  # the likeliest digits with their probabilities
    is_digit: float  # 0 to 1: how much the glyph looks like any digit at all
    rejected: bool  # whether that is so little that it may be none
    glyph: NDArray[np.float32]  # (28, 28), what the network looked at
    unsure: bool


@dataclass(frozen=True, eq=False)
class Reading:
    """All digits of one photo, in reading order."""

    digits: tuple[Digit, ...]
    model: str  # the network that read: "clean", "noisy" or, for both together, "auto"
    version: str  # of the network, or of both, joined by " + "
    ms: float  # milliseconds from bytes to reading
    page: Page
    looks_turned: bool = False  # the sheet seems to lie on its side, but was read as it was sent

    @property
    def text(self) -> str:
        """The digits joined, a space between lines."""
        lines: dict[int, str] = {}
        for digit in self.digits:
            lines[digit.line] = lines.get(digit.line, "") + str(digit.digit)
        return " ".join(lines.values())

    @property
    def unsure(self) -> bool:
        """Whether any digit is unsure, or the way up."""
        return self.looks_turned or any(digit.unsure for digit in self.digits)


class _Look(NamedTuple):
    """A photo held one way, and what a network says of it."""

    page: Page
    found: list[Candidate]

    @property
    def scores(self) -> list[float]:
        return [found.score for found in self.found]


class Reader:
    """Both networks, loaded; may be asked from several threads."""

    def __init__(self, clean: Classifier, noisy: Classifier) -> None:
        self.networks: dict[str, Classifier | Ensemble] = {
            "clean": clean,
            "noisy": noisy,
            "auto": Ensemble(clean, noisy),
        }

    @classmethod
    def load(cls, root: Path | None = None) -> "Reader":
        """Load the versions that serve; raises VersionError where there is none."""
        return cls(Classifier.load("clean", root), Classifier.load("noisy", root))

    def read(self, photo: bytes, model: str = "auto", turns: int | None = None) -> Reading:
        """Read all digits of a photo; raises PhotoError, and ValueError for an unknown model.

        `turns`: quarters anticlockwise to read the photo after; None finds out.
        """
        if model not in MODELS:
            raise ValueError(f"there is no model {model!r}, only {', '.join(MODELS)}")
        start = time.perf_counter()
        page, looks_turned = find_digits(Photo(photo), turns or 0), False
        look = self._look(page, model)
        if turns is None and is_doubtful(look.scores):
            look, looks_turned = self._upright(look, model)
        network = self.networks[model]
        likely = [found for found in look.found if found.is_digit >= DROPPED_BELOW]
        others = [found for found in look.found if found.is_digit < DROPPED_BELOW]
        bounds = network.rejection_threshold, look.page.cluttered
        # A sheet that lies on its side shows no digits as it was sent; then its user is asked.
        if not shows_digits(likely, *bounds) and not (likely and looks_turned):
            raise NoDigitsFound("not_digits")
        if turns is None and not look.page.turns:
            looks_turned = looks_turned or self._may_be_upside_down(likely, model)
        # Beside objects and letters even a sure digit may be a part or one of them.
        doubtful = (
            look.page.cluttered
            or len(others) > OTHERS_MOST * len(likely)
            or is_marked(look.page)
            or places_are_doubtful(upright(likely, look.page), upright(others, look.page))
        )
        confidence_threshold = math.inf if doubtful else network.confidence_threshold
        digits = _digits(likely, confidence_threshold, network.rejection_threshold)
        ms = (time.perf_counter() - start) * 1000
        page = replace(look.page, marks=None)  # tens of MB that no answer needs
        return Reading(digits, model, network.version, ms, page, looks_turned)

    def _upright(self, plain: _Look, model: str) -> tuple[_Look, bool]:
        """Look at a photo turned each way; the look that reads best, if clearly, else `plain`."""
        looks = {}
        for turns in TURNS:
            with suppress(NoDigitsFound):
                page = turned_page(plain.page, turns)
                if self._may_be_upright(page, model):
                    looks[turns] = self._look(page, model)
        verdict = choose_orientation(
            plain.scores, {turns: look.scores for turns, look in looks.items()}
        )
        return looks.get(verdict.turns, plain), verdict.looks_turned

    def _may_be_upside_down(self, likely: list[Candidate], model: str) -> bool:
        """Whether digits read better, and otherwise, once each glyph is turned by 180 degrees.

        Most digits' first glyphs read so badly that the others need not be read.
        """
        some = likely[:: -(-len(likely) // PROBED_MAX)]
        sent = [found.score for found in some]
        turned, scores = list[int](), [1.0] * len(some)
        for index, found in enumerate(some):
            if not may_be_upside_down(sent, scores):
                return False
            glyph = np.ascontiguousarray(np.rot90(found.glyph, HALF))
            digit, scores[index] = self._read_one(glyph, model)
            turned.append(digit)
        as_sent = [int(found.answer[0].argmax()) for found in some]
        return as_sent != turned[::-1] and may_be_upside_down(sent, scores)

    def _may_be_upright(self, page: Page, model: str) -> bool:
        """Whether at least half of some of a turned page's glyphs read well as they were found."""
        some = page.glyphs[:: -(-len(page.glyphs) // PROBED_MAX)]
        well = np.empty(0, bool)
        while len(well) < len(some) and 2 * np.count_nonzero(~well) <= len(some):
            more = some[len(well) : len(well) + PROBED_AT_ONCE]
            probabilities, is_digit = self.networks[model].predict(more)
            well = np.append(well, probabilities.max(axis=1) * is_digit >= PROBED_SCORE)
        return bool(2 * np.count_nonzero(well) >= len(some))

    def _read_one(self, glyph: NDArray[np.float32], model: str) -> tuple[int, float]:
        """The digit that a glyph reads as, and how much it looks like one, well read."""
        (probabilities,), (is_digit,) = self.networks[model].predict(glyph[np.newaxis])
        return int(probabilities.argmax()), float(probabilities.max() * is_digit)

    def _look(self, page: Page, model: str) -> _Look:
        return _Look(page, best_segmentation(page, self.networks[model].predict))


def shows_digits(likely: list[Candidate], rejection_threshold: float, cluttered: bool) -> bool:
    """Whether the mean `is_digit` of a page's glyphs is high enough for any to be a digit.

    A single glyph below the threshold may be a digit of an unusual form; with a mean below it the
    page shows something else. Pieces of objects resemble digits more often than what is written on
    a sheet: among them CLUTTERED_LEAST, with which drawn scenes lose most and drawn digits none.
    """
    least = CLUTTERED_LEAST if cluttered else rejection_threshold
    return bool(likely) and float(np.mean([found.is_digit for found in likely])) >= least


def upright(found: list[Candidate], page: Page) -> list[Candidate]:
    """The same with boxes as they lie once the page is turned the way its digits were read."""
    size = page.turns, page.width, page.height
    return [one._replace(box=one.box.turned(*size)) for one in found]


def places_are_doubtful(likely: list[Candidate], others: list[Candidate]) -> bool:
    """Whether marks, a broken digit or line, or one left out may be among what is read."""
    return (
        may_hold_marks(likely)
        or may_be_one_line(likely)
        or any(may_be_one(a, b) for a, b in pairwise(likely))
        or any(may_be_missed(other, likely) for other in others)
    )


def may_be_missed(other: Candidate, likely: list[Candidate]) -> bool:
    """Whether what is left out stands in a line of digits and is about as high as they are."""
    heights = [found.box.h for found in likely if found.line == other.line]
    return bool(heights) and other.box.h >= LIKE_DIGITS * float(np.median(heights))


def may_be_one(a: Candidate, b: Candidate) -> bool:
    """Whether two digits in a row may be one that broke: one stands over the other, lower."""
    across, along = overlap(a.box, b.box)
    whole = a.box.h + b.box.h - along
    return a.line == b.line and across > 0 and along < LEVEL_MIN * whole


def may_be_one_line(likely: list[Candidate]) -> bool:
    """Whether one line ends left of where another begins, and their ends overlap in height."""
    lines: dict[int, list[Candidate]] = {}
    for found in likely:
        lines.setdefault(found.line, []).append(found)
    return any(
        left[-1].box.x + left[-1].box.w < right[0].box.x
        and overlap(left[-1].box, right[0].box)[1] > 0
        for left, right in permutations(lines.values(), 2)
    )


def may_hold_marks(likely: list[Candidate]) -> bool:
    """Whether a bar is taller than its line's digits, as a slash, or as low as a comma.

    A bar alone in its line is compared with all digits: a comma may hang below the others.
    """
    for line in {found.line for found in likely}:
        own = [found.box.h for found in likely if found.line == line]
        beside = own if len(own) > 1 else [found.box.h for found in likely]
        bars = [f.box.h for f in likely if f.line == line and f.box.w < BAR * f.box.h]
        usual = float(np.median(beside))
        if any(not LOW_BAR * usual < height < TALL_BAR * usual for height in bars):
            return True
    return False


def _digits(
    found: list[Candidate], confidence_threshold: float, rejection_threshold: float
) -> tuple[Digit, ...]:
    """Turn the networks' answers into digits.

    Several digits are right only if each is: the probability of that is the product of theirs.
    """
    digits = []
    likeliest = [float(candidate.answer[0].max()) for candidate in found]
    weakest = min(range(len(found)), key=likeliest.__getitem__)
    all_sure = len(found) == 1 or math.prod(likeliest) >= ALL_SURE
    for index, candidate in enumerate(found):
        box, line, glyph, (probabilities, is_digit), parted = candidate
        best = np.argsort(probabilities)[::-1][:TOP]
        top = tuple((int(d), float(probabilities[d])) for d in best)
        digit, confidence = top[0]
        rejected = bool(is_digit < rejection_threshold)
        badly_parted = parted > 1 or (parted == 1 and candidate.score < PARTED_SURE)
        weak = confidence < confidence_threshold or (index == weakest and not all_sure)
        unsure = rejected or badly_parted or weak
        digits.append(
            Digit(digit, confidence, box, line, top, float(is_digit), rejected, glyph, unsure)
        )
    return tuple(digits)
