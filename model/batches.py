"""Training glyphs -> batches for Keras, augmented anew in every epoch by background threads."""

import keras
import numpy as np
from numpy.typing import NDArray

from model.augment import augment
from model.data import NOT_A_DIGIT, Labelled, inked
from model.noise import NOISES, TRAINED

BATCH = 128
NOISY_SHARE = 0.7  # of a batch for `noisy`; the rest stays clean
SALTED_SHARE = 0.45  # of the noise is salt and pepper, the hardest family


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """One epoch after the other; batch i of epoch e is always the same for a seed."""

    def __init__(self, kind: str, glyphs: Labelled, *, seed: int) -> None:
        super().__init__(workers=2, max_queue_size=16)
        self._kind, self._glyphs, self._seed = kind, glyphs, seed
        self._epoch = 0
        self._shuffle()

    def __len__(self) -> int:
        return len(self._glyphs.x) // BATCH

    def __getitem__(self, i: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rng = np.random.default_rng((self._seed, self._epoch, i))
        chosen = self._order[i * BATCH : (i + 1) * BATCH]
        glyphs = augment(inked(self._glyphs.x[chosen]), rng)
        if self._kind == "noisy":
            glyphs = add_noise(glyphs, rng)
        return glyphs[..., np.newaxis], targets(self._glyphs.y[chosen])

    def on_epoch_end(self) -> None:
        """Shuffle for the next epoch; Keras calls it."""
        self._epoch += 1
        self._shuffle()

    def _shuffle(self) -> None:
        rng = np.random.default_rng((self._seed, self._epoch))
        self._order = rng.permutation(len(self._glyphs.x))


def targets(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn (n,) labels 0 to 10 into (n, 11): the digit one-hot, none for 10, then "is a digit"."""
    rows = np.zeros((len(labels), NOT_A_DIGIT + 1), np.float32)
    is_digit = labels != NOT_A_DIGIT
    rows[is_digit, labels[is_digit]] = 1
    rows[:, NOT_A_DIGIT] = is_digit
    return rows


def add_noise(glyphs: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Spoil most of the glyphs (n, 28, 28) by one of the TRAINED families each."""
    spoilt = glyphs.copy()
    salted = SALTED_SHARE * NOISY_SHARE
    others = (NOISY_SHARE - salted) / (len(TRAINED) - 1)
    shares = [salted if name == "salt_pepper" else others for name in TRAINED]
    family = rng.choice(len(TRAINED) + 1, len(glyphs), p=[*shares, 1 - NOISY_SHARE])
    for i, name in enumerate(TRAINED):
        spoil, levels = NOISES[name]
        chosen = np.flatnonzero(family == i)
        for some in np.array_split(chosen, 4):
            if len(some):
                # Anywhere between the levels; the root prefers hard ones, which teach more.
                place = np.sqrt(rng.random()) * (len(levels) - 1)
                amount = float(np.interp(place, range(len(levels)), levels))
                spoilt[some] = spoil(glyphs[some], amount, rng)
    return spoilt
