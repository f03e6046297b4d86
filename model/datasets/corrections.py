"""Users' corrections -> those that may train: strangers send them, and not all mean well.

A correction is set aside when everything else speaks against it: two versions that users never
taught surely read another digit, its nearest neighbours in MNIST are that digit, and it lies as
close to them as they lie to each other. An odd hand passes, since its digits lie apart; who calls
plain sevens ones does not. A user found out like that in half of her words that differ from what
is read teaches nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from model.datasets.splits import NOT_A_DIGIT, Labelled, inked, load_split
from model.registry import KINDS, SHIPPED, Registry
from model.serving import Classifier

USER_CAP = 40  # corrections of one user that train, the newest: nobody teaches alone
DAY_CAP = 25  # corrections of one user and day that train, the first
SURE = 0.9  # probability from which on a version surely means a digit
NEIGHBOURS = 5  # nearest MNIST glyphs that are asked
USUAL = 90  # percentile of how far a digit's own glyphs lie from their nearest neighbour
USUAL_OF = 200  # glyphs of each digit that this is measured on
DISTRUST = 0.5  # share of contradicted ones, of a user's that differ, from which on none count
BLUR = 1.0  # px, standard deviation: strokes beside each other are near, not apart
AT_ONCE = 256  # glyphs compared with all others at a time: 56 MB
Vectors = NDArray[np.float32]


class Corrections(NamedTuple):
    """Users' corrections as arrays of one length n, oldest first."""

    x: NDArray[np.uint8]  # (n, 28, 28), ink 255 on 0
    y: NDArray[np.uint8]  # what the user says it is, 0 to 10
    user: NDArray[np.int64]  # Telegram id
    day: NDArray[np.int64]  # since 1970, UTC
    held_out: NDArray[np.bool_]  # measures versions, never trains

    @classmethod
    def empty(cls) -> "Corrections":
        """Return no corrections: n = 0."""
        return cls(
            np.zeros((0, 28, 28), np.uint8),
            np.zeros(0, np.uint8),
            np.zeros(0, np.int64),
            np.zeros(0, np.int64),
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
        if loaded.x.shape[1:] != (28, 28):
            raise ValueError(f"{path.name} holds glyphs that are not 28 by 28")
        if len({len(part) for part in loaded}) != 1:
            raise ValueError(f"{path.name} holds corrections of unequal length")
        if (loaded.y > NOT_A_DIGIT).any():
            raise ValueError(f"{path.name} holds labels over {NOT_A_DIGIT}")
        return loaded


def trusted_file(corrections: Path) -> Path:
    """Return where a training writes which of a file's corrections it trusts: a bool array."""
    return corrections.with_suffix(".trusted.npy")


def trusted(taught: Corrections) -> NDArray[np.bool_]:
    """Say which of n corrections may be believed, (n,), by what came with the program."""
    if not len(taught.x):
        return np.zeros(0, np.bool_)  # without asking versions: the first is trained before any is
    shipped = Registry(SHIPPED)
    glyphs = inked(taught.x)
    opinions = [Classifier(shipped.serving(kind)).predict(glyphs) for kind in KINDS]
    return trusted_mask(taught, opinions, load_split()[0])


def trusted_mask(
    taught: Corrections, opinions: Sequence[Prediction], mnist: Labelled
) -> NDArray[np.bool_]:
    """Say which of n corrections may be believed, (n,).

    Args:
        opinions: what versions that no user ever taught read in the n glyphs.
        mnist: glyphs to look for neighbours in.
    """
    read = opinions[0].probabilities.argmax(axis=1)
    other = read != taught.y
    contradicted = other & _is_plain(taught.x, read, mnist)
    for opinion in opinions:
        contradicted &= opinion.probabilities[np.arange(len(read)), read] >= SURE
    for user in np.unique(taught.user):
        of_user = taught.user == user
        # Saying what the versions say anyway earns no trust.
        if 0 < contradicted[of_user].sum() >= DISTRUST * other[of_user].sum():
            contradicted[of_user] = True
    return np.asarray(~contradicted)


def training_share(taught: Corrections, believed: NDArray[np.bool_]) -> Labelled:
    """Return what trains: believed, not held out, not too much of one day or one user."""
    chosen = capped(taught, believed & ~taught.held_out)
    return Labelled(taught.x[chosen], taught.y[chosen])


def capped(taught: Corrections, usable: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the indices of the usable corrections within DAY_CAP and USER_CAP."""
    chosen: list[int] = []
    for user in np.unique(taught.user):
        of_user = np.flatnonzero(usable & (taught.user == user))
        by_day = [
            of_user[taught.day[of_user] == day][:DAY_CAP] for day in np.unique(taught.day[of_user])
        ]
        chosen += [int(place) for day in by_day for place in day][-USER_CAP:]
    return np.array(chosen, np.intp)


def _is_plain(
    glyphs: NDArray[np.uint8], read: NDArray[np.intp], mnist: Labelled
) -> NDArray[np.bool_]:
    """Where glyphs lie among MNIST's glyphs of the digit read in them, as near as those do."""
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
