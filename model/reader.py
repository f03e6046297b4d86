"""A photo -> its Reading: the pipeline finds the digits, the networks read them."""

import math
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.classes import MODELS
from model.ensemble import Ensemble
from model.hypotheses import CUT_REGIONS_MAX, Candidate, best_segmentation, read_regions
from model.orientation import (
    HALF,
    TURNS,
    choose_orientation,
    is_doubtful,
    may_be_upside_down,
)
from model.serving import Classifier
from preprocessing import (
    Box,
    NoDigitsFound,
    Page,
    Photo,
    find_digits,
    lone_digit,
    turned_page,
)
from preprocessing.components import lies_above, overlap
from preprocessing.glyph import is_wide, narrower
from preprocessing.segmentation.marks import is_cut_off, is_marked

TOP = 3  # likeliest digits kept of each glyph
DROPPED_BELOW = 0.05  # `is_digit`: below it a glyph is left out
COARSE_SCORE_MIN = 0.9  # score of a digit of a smaller picture: below, a larger one is read
CUT_SCORE_MIN = 0.99  # score of a digit with one cut beside it: below, the cut may be wrong
ALL_SURE = 0.9  # product of the confidences of several digits: below, the weakest may be wrong
MISSED_MIN = 0.5  # of a line's height: a higher glyph that was left out there may be a digit
BAR_MAX = 0.65  # width over height: a wider glyph is no bar, slash or comma
LOW_BAR, TALL_BAR = 0.55, 1.2  # of a line's usual height: lower and taller bars may be marks
PROBED_MAX = 16  # glyphs of a turned or a full page that are read before it is read whole
PROBED_AT_ONCE = 3  # of these in one call, until too many have low scores
PROBED_SCORE_MIN = 0.6  # score that half of them reach, or no cut makes the page readable
BADLY_MAX_TURNED = 0.25  # of a full page: with more below that score it reads no better turned
CLUTTERED_MIN = 0.95  # mean `is_digit` on a page with objects: below it there is no digit
OTHERS_MAX = 0.5  # of the number of digits: with more glyphs left out all are unsure


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit as read."""

    digit: int
    confidence: float  # calibrated, 0 to 1
    box: Box  # px of the upright original
    line: int  # number of its line, from the top
    top: tuple[tuple[int, float], ...]  # the likeliest digits with their probabilities
    is_digit: float  # 0 to 1: how much the glyph looks like any digit at all
    rejected: bool  # whether that is below the rejection threshold: it may be none
    glyph: NDArray[np.float32]  # (28, 28), the input of the network
    unsure: bool


@dataclass(frozen=True, eq=False)
class Reading:
    """All digits of one photo, in reading order."""

    digits: tuple[Digit, ...]
    model: str  # the network that read: "clean", "noisy" or, for both together, "auto"
    version: str  # of the network, or of both, joined by " + "
    ms: float  # milliseconds from bytes to reading
    page: Page
    looks_turned: bool = False  # the sheet may have to be turned, but was read as it was sent

    @property
    def text(self) -> str:
        """The digits joined, a space between lines."""
        lines: dict[int, str] = {}
        for digit in self.digits:
            lines[digit.line] = lines.get(digit.line, "") + str(digit.digit)
        return " ".join(lines.values())

    @property
    def unsure(self) -> bool:
        """Whether any digit or the orientation is unsure."""
        return self.looks_turned or any(digit.unsure for digit in self.digits)


class _Attempt(NamedTuple):
    """A page read one way up."""

    page: Page
    found: list[Candidate]

    @property
    def scores(self) -> list[float]:
        return [found.score for found in self.found]


class Reader:
    """Both networks, loaded; thread-safe."""

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

        `turns`: quarters anticlockwise to turn the photo by; None: as its digits lie.
        """
        if model not in MODELS:
            raise ValueError(f"there is no model {model!r}, only {', '.join(MODELS)}")
        start, source = time.perf_counter(), Photo(photo)
        reading = self._read_coarse(source, model) if turns is None else None
        if reading is None:
            page = find_digits(source, turns or 0)
            attempt, looks_turned = self._attempt(page, model), False
            if turns is None and (not attempt.found or is_doubtful(attempt.scores)):
                attempt, looks_turned = self._upright(attempt, model)
            asked = turns is not None or attempt.page.turns != 0
            reading = self._reading(attempt, model, looks_turned=looks_turned, known=asked)
        return replace(reading, ms=(time.perf_counter() - start) * 1000)

    def _read_coarse(self, source: Photo, model: str) -> Reading | None:
        """The reading of a lone digit in a smaller picture, if it is surely read there."""
        page = lone_digit(source)
        if page is None:
            return None
        found = read_regions(page, self.networks[model])
        if min(one.score for one in found) < COARSE_SCORE_MIN:
            return None
        with suppress(NoDigitsFound):
            reading = self._reading(_Attempt(page, found), model)
            return None if reading.unsure else reading
        return None

    def _reading(
        self, attempt: _Attempt, model: str, *, looks_turned: bool = False, known: bool = False
    ) -> Reading:
        """What the answer says of an attempt; raises NoDigitsFound where it shows no digits.

        `known`: whether it is known which way up the digits are.
        """
        network = self.networks[model]
        likely = [found for found in attempt.found if found.is_digit >= DROPPED_BELOW]
        others = [found for found in attempt.found if found.is_digit < DROPPED_BELOW]
        bounds = network.rejection_threshold, attempt.page.cluttered
        wide = len(attempt.found) == 1 and is_wide(attempt.found[0].glyph)
        narrowed = wide and not shows_digits(likely, *bounds)
        if narrowed:
            likely = [read_narrower(found, network) for found in likely]
        # A sheet on its side may show no digits as it was sent; then the user is asked.
        if not shows_digits(likely, *bounds) and not (likely and looks_turned):
            raise NoDigitsFound("not_digits")
        if not known:
            looks_turned = looks_turned or self._may_be_upside_down(likely, model)
        # Beside objects and letters even a digit read with confidence may be part of one.
        doubtful = (
            attempt.page.cluttered
            or narrowed
            or len(others) > OTHERS_MAX * len(likely)
            or is_marked(attempt.page)
            or is_cut_off(attempt.page)
            or places_are_doubtful(upright(likely, attempt.page), upright(others, attempt.page))
        )
        confidence_threshold = math.inf if doubtful else network.confidence_threshold
        digits = _digits(likely, confidence_threshold, network.rejection_threshold)
        page = replace(attempt.page, segmentation=None)  # tens of MB that no answer needs
        return Reading(digits, model, network.version, 0.0, page, looks_turned)

    def _upright(self, plain: _Attempt, model: str) -> tuple[_Attempt, bool]:
        """Read a photo turned each way; return the attempt that is clearly best, else `plain`."""
        attempts = {}
        for turns in TURNS:
            with suppress(NoDigitsFound):
                page = turned_page(plain.page, turns)
                if self._reads_well(page, model, BADLY_MAX_TURNED if is_full(page) else 1 / 2):
                    attempts[turns] = self._attempt(page, model)
        orientation = choose_orientation(
            plain.scores, {turns: attempt.scores for turns, attempt in attempts.items()}
        )
        return attempts.get(orientation.turns, plain), orientation.looks_turned

    def _may_be_upside_down(self, likely: list[Candidate], model: str) -> bool:
        """Whether digits read better, and as others, once each glyph is turned by 180 degrees.

        On most pages the first turned glyphs are estimated so low that no other is read.
        """
        some = likely[:: -(-len(likely) // PROBED_MAX)]
        sent = [found.score for found in some]
        network, scores = self.networks[model], [1.0] * len(some)
        glyphs = np.array([np.rot90(found.glyph, HALF) for found in some])
        for index in range(len(some)):
            if not may_be_upside_down(sent, scores):
                return False
            (probabilities,), (is_digit,), *_ = network.estimate(glyphs[index : index + 1])
            scores[index] = float(probabilities.max() * is_digit)
        turned, is_digit, *_ = network.predict(glyphs)
        digits = [int(found.answer[0].argmax()) for found in some]
        well = may_be_upside_down(sent, (turned.max(axis=1) * is_digit).tolist())
        return well and digits != turned.argmax(axis=1)[::-1].tolist()

    def _reads_well(self, page: Page, model: str, badly_max: float = 1 / 2) -> bool:
        """Whether of a sample of a page's glyphs at most so many read badly, as a share."""
        some = range(0, len(page.boxes), -(-len(page.boxes) // PROBED_MAX))
        badly = read = 0
        while read < len(some) and badly <= badly_max * len(some):
            more = page.some_glyphs(some[read : read + PROBED_AT_ONCE])
            probabilities, is_digit, *_ = self.networks[model].estimate(more)
            scores = probabilities.max(axis=1) * is_digit
            badly += int(np.count_nonzero(scores < PROBED_SCORE_MIN))
            read += len(more)
        return badly <= badly_max * len(some)

    def _attempt(self, page: Page, model: str) -> _Attempt:
        """Read a page one way up; nothing of it where it must be print."""
        network = self.networks[model]
        if is_full(page) and not self._reads_well(page, model):
            return _Attempt(page, [])
        return _Attempt(page, best_segmentation(page, read_regions(page, network), network))


def is_full(page: Page) -> bool:
    """Whether a page has so many regions that, if half of them read badly, none is cut."""
    return len(page.boxes) > 2 * CUT_REGIONS_MAX


def shows_digits(likely: list[Candidate], rejection_threshold: float, cluttered: bool) -> bool:
    """Whether the mean `is_digit` of a page's glyphs is high enough for any to be a digit.

    A single glyph below the threshold may be a digit of an unusual form; with a mean below it the
    page shows something else. Pieces of objects resemble digits more often than what is written on
    a sheet: among them CLUTTERED_MIN, with which drawn scenes lose most and drawn digits none.
    """
    least = CLUTTERED_MIN if cluttered else rejection_threshold
    return bool(likely) and float(np.mean([found.is_digit for found in likely])) >= least


def read_narrower(found: Candidate, network: Classifier | Ensemble) -> Candidate:
    """The same, read as if it had been written narrower.

    Few of MNIST's digits are wider than high, as a 4 with a long bar may be. Of 1,000 validation
    digits made 1.6 times as wide 14 look like no digit; 12 of these are read so, all right.
    """
    glyph = narrower(found.glyph)
    (answer,) = zip(*network.predict(glyph[np.newaxis]), strict=True)
    return found._replace(glyph=glyph, answer=answer)


def upright(found: list[Candidate], page: Page) -> list[Candidate]:
    """The same with boxes as they lie once the page is turned the way its digits were read."""
    size = page.turns, page.width, page.height
    return [one._replace(box=one.box.turned(*size)) for one in found]


def places_are_doubtful(likely: list[Candidate], others: list[Candidate]) -> bool:
    """Whether what is read may hold marks or a broken digit or line, or lack a digit."""
    return (
        may_hold_marks(likely)
        or may_be_one_line(likely)
        or any(may_be_an_edge(one, likely) for one in likely)
        or any(may_be_one(a, b) for a, b in pairwise(likely))
        or any(may_be_missed(other, likely) for other in others)
    )


def may_be_missed(other: Candidate, likely: list[Candidate]) -> bool:
    """Whether a glyph that is left out stands in a line of digits and is high enough for one."""
    heights = [found.box.h for found in likely if found.line == other.line]
    return bool(heights) and other.box.h >= MISSED_MIN * median(heights)


def may_be_one(a: Candidate, b: Candidate) -> bool:
    """Whether two neighbours of a line may be one broken digit: one lies above the other."""
    return a.line == b.line and lies_above(a.box, b.box)


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


def may_be_an_edge(one: Candidate, likely: list[Candidate]) -> bool:
    """Whether a 1 is in no line and no column with others: so may the edge of a sheet be."""
    others = [other for other in likely if other is not one]
    return (
        bool(others)
        and one.answer[0].argmax() == 1
        and one.box.w < BAR_MAX * one.box.h
        and all(one.line != other.line and overlap(one.box, other.box)[0] <= 0 for other in others)
    )


def may_hold_marks(likely: list[Candidate]) -> bool:
    """Whether a bar is taller than its line's digits, as a slash, or as low as a comma.

    A bar alone in its line is compared with all digits: a comma may hang below the others.
    """
    for line in {found.line for found in likely}:
        own = [found.box.h for found in likely if found.line == line]
        beside = own if len(own) > 1 else [found.box.h for found in likely]
        bars = [f.box.h for f in likely if f.line == line and f.box.w < BAR_MAX * f.box.h]
        usual = median(beside)
        if any(not LOW_BAR * usual < height < TALL_BAR * usual for height in bars):
            return True
    return False


def _digits(
    found: list[Candidate], confidence_threshold: float, rejection_threshold: float
) -> tuple[Digit, ...]:
    """Turn candidates into digits.

    All of several digits are right with the product of their probabilities.
    """
    digits = []
    likeliest = [float(candidate.answer[0].max()) for candidate in found]
    weakest = min(range(len(found)), key=likeliest.__getitem__)
    all_sure = len(found) == 1 or math.prod(likeliest) >= ALL_SURE
    for index, candidate in enumerate(found):
        box, line, glyph, (probabilities, is_digit, lowest, agreed), cuts = candidate
        best = np.argsort(probabilities)[::-1][:TOP]
        top = tuple((int(d), float(probabilities[d])) for d in best)
        digit, confidence = top[0]
        rejected = bool(lowest < rejection_threshold)
        badly_cut = cuts > 1 or (cuts == 1 and confidence * lowest < CUT_SCORE_MIN)
        weak = agreed < confidence_threshold or (index == weakest and not all_sure)
        unsure = rejected or badly_cut or weak
        digits.append(
            Digit(digit, confidence, box, line, top, float(is_digit), rejected, glyph, unsure)
        )
    return tuple(digits)
