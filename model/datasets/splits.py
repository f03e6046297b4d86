"""MNIST, synthetic digits, negatives, corrections -> training and validation sets.

`load_test` alone returns MNIST's test split. Training calls it once at its end, for the card; what
is chosen is chosen by the validation split of the 60,000.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.classes import NOT_A_DIGIT
from model.datasets.letters import PACKED as LETTERS
from model.datasets.negatives import make_negatives
from model.datasets.synthetic_digits import draw_variants

PACKED = Path(__file__).parents[1] / "data" / "mnist.npz"
SPLIT_SEED = 20  # one validation split for all trainings, so that their scores can be compared
VALIDATION = 5_000  # glyphs of the 60,000
VARIANTS = 15_000  # drawn glyphs beside MNIST's 55,000: about 210 of each form
NEGATIVES = 20_000  # glyphs that are no digits
REPEATS = 8  # times that a correction is in an epoch, each time augmented anew
Glyphs = NDArray[np.uint8]


class Labelled(NamedTuple):
    """Glyphs uint8 (n, 28, 28), ink 255 on 0, and what they are: uint8 (n,), 0 to 10."""

    x: Glyphs
    y: NDArray[np.uint8]


class Training(NamedTuple):
    """All training glyphs, in no special order, and how many come from each source."""

    glyphs: Labelled
    sources: dict[str, int]  # source -> glyphs

    def sha256(self) -> str:
        """Return the SHA-256 of glyphs and labels."""
        return hashlib.sha256(self.glyphs.x.tobytes() + self.glyphs.y.tobytes()).hexdigest()


def load_split() -> tuple[Labelled, Labelled]:
    """Return the 60,000 training glyphs of MNIST as 55,000 to train on and 5,000 to choose by."""
    x, y = _mnist("train")
    order = np.random.default_rng(SPLIT_SEED).permutation(len(x))
    chosen, train = order[:VALIDATION], order[VALIDATION:]
    return Labelled(x[train], y[train]), Labelled(x[chosen], y[chosen])


def load_test() -> Labelled:
    """Return the 10,000 test glyphs of MNIST, to report with and never to choose by."""
    return _mnist("test")


def inked(glyphs: Glyphs) -> NDArray[np.float32]:
    """Convert uint8 glyphs to the input of the networks: float32, ink 1 on 0."""
    return np.asarray(glyphs / np.float32(255), np.float32)


def load_letters() -> Glyphs:
    """Return (n, 28, 28) letters of fonts that never train: negatives to measure with."""
    with np.load(LETTERS) as packed:
        return np.asarray(packed["test"])


def make_training(
    seed: int, *, corrections: Labelled | None = None, limit: int | None = None
) -> Training:
    """Return all training glyphs.

    `limit`: MNIST glyphs at most; of the other sources the same share is taken.
    """
    rng = np.random.default_rng(seed)
    mnist, _ = load_split()
    mnist = Labelled(mnist.x[:limit], mnist.y[:limit])
    share = len(mnist.x) / (60_000 - VALIDATION)
    variants = Labelled(*draw_variants(max(1, round(VARIANTS * share)), rng))
    digits, labels = (np.concatenate(both) for both in zip(mnist, variants, strict=True))
    negatives = make_negatives(max(6, round(NEGATIVES * share)), digits, labels, rng)
    parts = {
        "mnist": mnist,
        "variants": variants,
        "negatives": Labelled(negatives, np.full(len(negatives), NOT_A_DIGIT, np.uint8)),
    }
    if corrections is not None:
        parts["corrections"] = Labelled(
            np.repeat(corrections.x, REPEATS, axis=0), np.repeat(corrections.y, REPEATS)
        )
    glyphs = Labelled(
        np.concatenate([part.x for part in parts.values()]),
        np.concatenate([part.y for part in parts.values()]),
    )
    sources = {name: len(part.x) for name, part in parts.items()}
    if corrections is not None:
        sources["corrections"] = len(corrections.x)
    return Training(glyphs, sources)


@cache
def _mnist(split: str) -> Labelled:
    """Return a split of MNIST; unpacking takes half a second, so it is cached."""
    with np.load(PACKED) as packed:
        return Labelled(packed[f"x_{split}"], packed[f"y_{split}"])
