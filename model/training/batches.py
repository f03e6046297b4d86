"""Training glyphs -> batches for Keras, augmented anew in every epoch by background threads."""

from typing import NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from model.classes import NOT_A_DIGIT
from model.datasets.splits import Labelled, inked
from model.evaluation.corruptions import CORRUPTIONS, TRAINED
from model.registry import TrainingSettings
from model.training.augmentation import augment, simulate_capture

BATCH = 128
CAPTURED_SHARE = 0.3  # of the glyphs pass through `simulate_capture` after `augment`
UNAUGMENTED_SHARE = 0.5  # of the glyphs in the last epoch, rising from 0; all along a fine-tuning


class NoiseMix(NamedTuple):
    """How much of the batches of one network is corrupted, and by what."""

    share: float  # of a batch that is corrupted
    salt_pepper: float  # of that share that is salt and pepper; other families share the rest


# Some noise in `clean` improves its accuracy on digits of other writers. Some of it is strong, so
# that `clean` is rarely confident and wrong where `noisy` is right, which `auto` depends on.
NOISE_MIX = {"clean": NoiseMix(0.32, 0.35), "noisy": NoiseMix(0.8, 0.6)}


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """Augmented batches of one epoch; batch i of epoch e is always the same for a seed."""

    def __init__(self, settings: TrainingSettings, glyphs: Labelled) -> None:
        super().__init__(workers=2, max_queue_size=16)
        self._settings, self._glyphs = settings, glyphs
        self.begin_epoch(0)

    def __len__(self) -> int:
        return len(self._glyphs.x) // BATCH

    def __getitem__(self, i: int) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
        rng = np.random.default_rng((self._settings.seed, self._epoch, i))
        chosen = self._order[i * BATCH : (i + 1) * BATCH]
        written = inked(self._glyphs.x[chosen])
        glyphs = augment(written, rng)
        captured = rng.random(len(glyphs)) < CAPTURED_SHARE
        glyphs[captured] = simulate_capture(glyphs[captured], rng)
        done = 1.0 if self._settings.finetune else self._epoch / self._settings.epochs
        unaugmented = rng.random((len(glyphs), 1, 1)) < UNAUGMENTED_SHARE * done
        glyphs = np.where(unaugmented, written, glyphs)
        corrupted = add_noise(glyphs, NOISE_MIX[self._settings.kind], rng)
        return corrupted[..., np.newaxis], wanted(self._glyphs.y[chosen], glyphs)

    def begin_epoch(self, epoch: int) -> None:
        """Shuffle for an epoch, counted from 0."""
        self._epoch = epoch
        rng = np.random.default_rng((self._settings.seed, epoch))
        self._order = rng.permutation(len(self._glyphs.x))


def wanted(
    labels: NDArray[np.uint8], glyphs: NDArray[np.float32]
) -> dict[str, NDArray[np.float32]]:
    """Return the targets of both outputs: classes (n, 11), uncorrupted glyphs (n, 28, 28)."""
    return {"digits": targets(labels), "written": glyphs}


def targets(labels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn (n,) labels 0 to 10 into (n, 11): the digit one-hot, none for 10, then "is a digit"."""
    rows = np.zeros((len(labels), NOT_A_DIGIT + 1), np.float32)
    is_digit = labels != NOT_A_DIGIT
    rows[is_digit, labels[is_digit]] = 1
    rows[:, NOT_A_DIGIT] = is_digit
    return rows


def add_noise(
    glyphs: NDArray[np.float32], mix: NoiseMix, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Corrupt some of the glyphs (n, 28, 28), each by one of the TRAINED families."""
    corrupted = glyphs.copy()
    salt_pepper = mix.salt_pepper * mix.share
    others = (mix.share - salt_pepper) / (len(TRAINED) - 1)
    shares = [salt_pepper if name == "salt_pepper" else others for name in TRAINED]
    family = rng.choice(len(TRAINED) + 1, len(glyphs), p=[*shares, 1 - mix.share])
    for i, name in enumerate(TRAINED):
        corrupt, levels = CORRUPTIONS[name]
        chosen = np.flatnonzero(family == i)
        for some in np.array_split(chosen, 4):
            if len(some):
                # Any amount between the levels; the square root makes high ones more frequent.
                place = np.sqrt(rng.random()) * (len(levels) - 1)
                amount = float(np.interp(place, range(len(levels)), levels))
                corrupted[some] = corrupt(glyphs[some], amount, rng)
    return corrupted
