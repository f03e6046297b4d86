"""Users' corrections, and the check of each by itself: label sanitization.

A correction is contradicted where both shipped networks read another digit with confidence SURE,
the nearest neighbours in MNIST have that digit too, and it lies as close to them as they lie to
each other. Digits in an unusual handwriting lie further away and pass; a plain seven labelled as
a one does not. Of users who are contradicted in DISTRUST of the corrections that differ from what
is read none is trusted. (Paudice et al., "Label Sanitization against Label Flipping Poisoning
Attacks", 2018, relabel by nearest neighbours; here nothing is relabelled.)

What corrections of several accounts do together is tested in `model.training.influence`.
"""

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from model.classes import KINDS, NOT_A_DIGIT
from model.datasets.splits import Labelled, inked, load_split
from model.registry import SHIPPED, Registry
from model.serving import Classifier
from preprocessing.glyph import SIDE

USER_MAX = 40  # corrections of one user that train at most, the newest
DAY_MAX = 25  # corrections of one user and day that train at most, the first
SURE = 0.9  # confidence from which on a network's reading contradicts a correction
NEIGHBOURS = 5  # nearest MNIST glyphs that are compared
USUAL = 90  # percentile of the distances from a digit's glyphs to their nearest neighbour
USUAL_OF = 200  # glyphs of each digit that the percentile is taken of
DISTRUST = 0.5  # share of a user's differing corrections: with so many contradicted, all are
BLUR = 1.0  # px, standard deviation: strokes a pixel apart get a small distance
AT_ONCE = 256  # glyphs compared with all others at a time: 56 MB
Vectors = NDArray[np.float32]


class Corrections(NamedTuple):
    """Users' corrections as arrays of one length n, oldest first."""

    x: NDArray[np.uint8]  # (n, 28, 28), ink 255 on 0
    y: NDArray[np.uint8]  # what the user says it is, 0 to 10
    user: NDArray[np.int64]  # Telegram id
    day: NDArray[np.int64]  # since 1970, UTC
    held_out: NDArray[np.bool_]  # measures versions, never trains
    approved: NDArray[np.bool_]  # by an admin: not tested

    @classmethod
    def empty(cls) -> "Corrections":
        """Return no corrections: n = 0."""
        return cls(
            np.zeros((0, SIDE, SIDE), np.uint8),
            np.zeros(0, np.uint8),
            np.zeros(0, np.int64),
            np.zeros(0, np.int64),
            np.zeros(0, np.bool_),
            np.zeros(0, np.bool_),
        )

    def save(self, path: Path) -> None:
        """Write the .npz file that `python -m model train --corrections` takes; raises OSError."""
        np.savez_compressed(path, allow_pickle=False, **self._asdict())

    @classmethod
    def load(cls, path: Path) -> "Corrections":
        """Read what `save` wrote; raises ValueError for a file of another shape."""
        try:
            with path.open("rb") as file:
                packed = dict(np.load(file))
        except (EOFError, BadZipFile) as error:
            raise ValueError(f"{path.name} is cut short") from error
        if not set(cls._fields) <= set(packed):
            raise ValueError(f"{path.name} holds no corrections: {', '.join(cls._fields)}")
        loaded = cls(*(packed[name] for name in cls._fields))
        if loaded.x.shape[1:] != (SIDE, SIDE):
            raise ValueError(f"{path.name} holds glyphs that are not {SIDE} by {SIDE}")
        if len({len(part) for part in loaded}) != 1:
            raise ValueError(f"{path.name} holds corrections of unequal length")
        if (loaded.y > NOT_A_DIGIT).any():
            raise ValueError(f"{path.name} holds labels over {NOT_A_DIGIT}")
        return loaded


class Use(IntEnum):
    """What a training does with a correction, and why it does not train with it."""

    TRAINS = 0
    MEASURES = 1  # held out
    TOO_MANY = 2  # beyond DAY_MAX or USER_MAX
    CONTRADICTED = 3  # see `trusted`
    HARMFUL = 4  # see `model.training.influence`


def uses_file(corrections: Path) -> Path:
    """Return where a training writes what it does with a file's corrections: uint8, (n,)."""
    return corrections.with_suffix(".uses.npy")


def uses(
    taught: Corrections, plausible: NDArray[np.bool_], harmless: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Return the Use of n corrections, (n,).

    Args:
        plausible: which of them pass the check of each by itself (`trusted`).
        harmless: which of these also pass the influence test (`model.training.influence`).
    """
    trains = np.zeros(len(taught.y), np.bool_)
    trains[capped(taught, harmless & ~taught.held_out)] = True
    reasons = [
        (~plausible, Use.CONTRADICTED),
        (~harmless, Use.HARMFUL),
        (taught.held_out, Use.MEASURES),
        (trains, Use.TRAINS),
    ]
    conditions, codes = zip(*reasons, strict=True)
    return np.asarray(np.select(conditions, codes, Use.TOO_MANY), np.uint8)


def trusted(taught: Corrections) -> NDArray[np.bool_]:
    """Return which of n corrections the shipped networks and MNIST do not contradict, (n,)."""
    if not len(taught.x):
        return np.zeros(0, np.bool_)  # before the first training there are no shipped networks
    shipped = Registry(SHIPPED)
    glyphs = inked(taught.x)
    predictions = [Classifier(shipped.serving(kind)).predict(glyphs) for kind in KINDS]
    return trusted_mask(taught, predictions, load_split()[0])


def trusted_mask(
    taught: Corrections, predictions: Sequence[Prediction], mnist: Labelled
) -> NDArray[np.bool_]:
    """Return which of n corrections are not contradicted, (n,).

    Args:
        predictions: predictions of the n glyphs by networks that no correction ever trained.
        mnist: glyphs to look for neighbours in.
    """
    read = predictions[0].probabilities.argmax(axis=1)
    other = read != taught.y
    contradicted = other & _is_plain(taught.x, read, mnist)
    for prediction in predictions:
        contradicted &= prediction.probabilities[np.arange(len(read)), read] >= SURE
    contradicted &= ~taught.approved
    for user in np.unique(taught.user):
        of_user = (taught.user == user) & ~taught.approved
        # Corrections to the digit that is read anyway are not counted in a user's favour.
        if 0 < contradicted[of_user].sum() >= DISTRUST * other[of_user].sum():
            contradicted[of_user] = True
    return np.asarray(~contradicted)


def training_share(taught: Corrections, use: NDArray[np.uint8]) -> Labelled:
    """Return the corrections that train."""
    chosen = use == Use.TRAINS
    return Labelled(taught.x[chosen], taught.y[chosen])


def capped(taught: Corrections, usable: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the indices of the usable corrections within DAY_MAX and USER_MAX."""
    chosen: list[int] = []
    for user in np.unique(taught.user):
        of_user = np.flatnonzero(usable & (taught.user == user))
        by_day = [
            of_user[taught.day[of_user] == day][:DAY_MAX] for day in np.unique(taught.day[of_user])
        ]
        chosen += [int(place) for day in by_day for place in day][-USER_MAX:]
    return np.array(chosen, np.intp)


def _is_plain(
    glyphs: NDArray[np.uint8], read: NDArray[np.intp], mnist: Labelled
) -> NDArray[np.bool_]:
    """Return where glyphs lie as near to MNIST's glyphs of the digit read as those lie, (n,)."""
    known = _vectors(mnist.x)
    near, labels = _nearest(_vectors(glyphs), known, mnist.y, NEIGHBOURS)
    plain = np.zeros(len(glyphs), np.bool_)
    for digit in np.unique(read):
        own = known[mnist.y == digit][:USUAL_OF]
        # Each one's nearest is itself.
        apart, _ = _nearest(own, known, mnist.y, 2)
        plain |= (read == digit) & (near[:, 0] <= np.percentile(apart[:, 1], USUAL))
    agreed = (labels == read[:, np.newaxis]).sum(axis=1)
    return np.asarray(plain & (agreed >= NEIGHBOURS - 1))


def _vectors(glyphs: NDArray[np.uint8]) -> Vectors:
    """Turn uint8 (n, 28, 28) glyphs into blurred vectors of length 1, (n, 784)."""
    blurred = [cv2.GaussianBlur(glyph, ksize=(0, 0), sigmaX=BLUR) for glyph in glyphs]
    flat = np.array(blurred, np.float32).reshape(len(glyphs), -1)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1))


def _nearest(
    vectors: Vectors, known: Vectors, labels: NDArray[np.uint8], count: int
) -> tuple[Vectors, NDArray[np.uint8]]:
    """Return squared distances and labels of the nearest known ones, (n, count), nearest first."""
    parts = []
    for start in range(0, len(vectors), AT_ONCE):
        distances = 2 - 2 * vectors[start : start + AT_ONCE] @ known.T
        places = np.argpartition(distances, count, axis=1)[:, :count]
        near = np.take_along_axis(distances, places, axis=1)
        order = near.argsort(axis=1)
        nearest = np.take_along_axis(places, order, axis=1)
        parts.append((np.take_along_axis(near, order, axis=1), labels[nearest]))
    near, labelled = zip(*parts, strict=True)
    return np.concatenate(near), np.concatenate(labelled)
