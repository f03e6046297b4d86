"""A folder of labelled photos or cut-out digits -> how many are read right, and surely wrong."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypedDict

import cv2
import numpy as np
from numpy.typing import NDArray

from model.classes import CLASSES
from model.evaluation.metrics import auc, calibration_error
from model.reader import Digit, Reader
from preprocessing import PhotoError

LABELS = "labels.csv"  # its column "text" is empty where a photo shows no digit
COLUMNS = ("file", "text", "source")


class Example(NamedTuple):
    """One photo and its label."""

    name: str
    photo: bytes
    text: str
    source: str


class Answer(NamedTuple):
    """How one photo was read; without digits where none was found."""

    example: Example
    text: str
    digits: tuple[Digit, ...]
    unsure: bool = False  # whether the reading has a question mark

    @property
    def exact(self) -> bool:
        """Whether all digits are right; of a photo without any, whether it is unsure or empty."""
        if not self.example.text and self.unsure:
            return True
        return self.text == self.example.text

    @property
    def shown(self) -> str:
        """The text, with a question mark where unsure."""
        return self.text + "?" * self.unsure

    @property
    def surely_wrong(self) -> bool:
        """Whether a reading without a question mark differs from the label."""
        return bool(self.text) and not self.unsure and not self.exact


class PhotoScores(TypedDict):
    """Counts and rates over all photos; by source as (exact, surely wrong, files)."""

    files: int
    exact: int
    surely_wrong: int
    rate: float
    ece: float  # of photos in which one digit was read
    without_digits: tuple[int, int]  # photos: in how many nothing is read, and how many there are
    negatives_auc: float | None  # ROC area of `is_digit`: photos with digits against those without
    confusion: list[list[int]]  # row the truth, column what was read, where their number agrees
    by_source: dict[str, tuple[int, int, int]]
    missed: list[tuple[str, str, str]]  # file, truth, what was read, with ? where unsure


def read_photos(folder: Path, reader: Reader, model: str) -> PhotoScores:
    """Read all labelled photos under a folder.

    Raises ValueError where there are none, and what `find_examples` raises.
    """
    answers = [answer(example, reader, model) for example in find_examples(folder)]
    if not answers:
        raise ValueError(f"{folder} holds no labelled photos: neither a {LABELS} nor any .npz")
    exact = sum(given.exact for given in answers)
    empty = [given for given in answers if not given.example.text]
    single = [given for given in answers if len(given.digits) == 1]
    confidence = np.array([given.digits[0].confidence for given in single], np.float32)
    right = np.array([given.text == given.example.text for given in single], bool)
    by_source: dict[str, tuple[int, int, int]] = {}
    for given in answers:
        good, wrong, files = by_source.get(given.example.source, (0, 0, 0))
        so_far = good + given.exact, wrong + given.surely_wrong, files + 1
        by_source[given.example.source] = so_far
    return {
        "files": len(answers),
        "exact": exact,
        "surely_wrong": sum(given.surely_wrong for given in answers),
        "rate": exact / len(answers),
        "ece": calibration_error(confidence, right),
        "without_digits": (sum(not given.text for given in empty), len(empty)),
        "negatives_auc": _negatives_auc(answers),
        "confusion": _confusion(answers).tolist(),
        "by_source": by_source,
        "missed": [
            (given.example.name, given.example.text, given.shown)
            for given in answers
            if not given.exact
        ],
    }


def find_examples(folder: Path) -> Iterator[Example]:
    """Yield what labels.csv files name and what .npz files (x, y) hold.

    Cut-out digits in colour are photos as they stand; grey ones are ink, bright on black.
    Raises OSError for what cannot be read, ValueError or KeyError where a column or array lacks.
    """
    for labels in sorted(folder.rglob(LABELS)):
        with labels.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            if lacking := set(COLUMNS) - set(rows.fieldnames or ()):
                raise ValueError(f"{labels} lacks the columns {', '.join(sorted(lacking))}")
            for row in rows:
                photo = (labels.parent / row["file"]).read_bytes()
                yield Example(row["file"], photo, row["text"], row["source"])
    for packed in sorted(folder.rglob("*.npz")):
        with np.load(packed) as arrays:
            crops, digits = arrays["x"], arrays["y"]
        for i, (crop, digit) in enumerate(zip(crops, digits, strict=True)):
            photo = cv2.imencode(".png", crop[..., ::-1] if crop.ndim == 3 else crop)[1].tobytes()
            yield Example(f"{packed.stem} {i}", photo, str(digit), packed.stem)


def answer(example: Example, reader: Reader, model: str = "auto") -> Answer:
    """Read one photo."""
    try:
        reading = reader.read(example.photo, model)
    except PhotoError:
        return Answer(example, "", ())
    return Answer(example, reading.text, reading.digits, reading.unsure)


def _negatives_auc(answers: list[Answer]) -> float | None:
    written = [given for given in answers if given.example.text]
    empty = [given for given in answers if not given.example.text]
    digits, others = (
        [digit.is_digit for given in some for digit in given.digits] for some in (written, empty)
    )
    if not digits or not others:
        return None
    return auc(np.array(digits, np.float32), np.array(others, np.float32))


def _confusion(answers: list[Answer]) -> NDArray[np.int_]:
    counts = np.zeros((CLASSES, CLASSES), int)
    for given in answers:
        if len(given.text) == len(given.example.text):
            for written, read in zip(given.example.text, given.text, strict=True):
                if written.isdigit() and read.isdigit():
                    counts[int(written), int(read)] += 1
    return counts
