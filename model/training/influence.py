"""The influence test: which users' corrections may train, by what training with them costs.

An attacker can run the check of single corrections beforehand and send, from any number of
accounts, only those that pass. Here the effect of all corrections together is measured: the last
layer of the shipped network, whose loss is convex, is trained with all of them and without. While
more known glyphs are misread than COST_MAX allows, the tenth of users is left out whose gradients
have the largest negative inner product with that of the known glyphs. The bound holds for any
number of accounts, so no rule counts accounts, their age, or the corrections from one digit to
another: a cap of 20 on those made attacks smaller and harder to detect, and with it more digits
were misread than without it (`python -m benchmarks.colluders` measures the attacks).

Reject on negative impact: Nelson et al., "Exploiting Machine Learning to Subvert Your Spam
Filter", 2008, section 5.1. Gradients as influence: Pruthi et al., "Estimating Training Data
Influence by Tracing Gradient Descent" (TracIn), 2020, section 3. Bounding the damage instead of
finding the attacker: Steinhardt et al., "Certified Defenses for Data Poisoning Attacks", 2017.
"""

from typing import NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from model.classes import CLASSES, NOT_A_DIGIT
from model.datasets.corrections import Corrections, capped
from model.datasets.negatives import make_negatives
from model.datasets.splits import Labelled, inked, load_split
from model.registry import KERAS, SHIPPED, Registry
from model.training.augmentation import augment

COST_MAX = 0.001  # share of known glyphs that corrections may cause to be misread
TRAINED, KNOWN = 5_000, 8_000  # MNIST glyphs: to train the layer with, to measure the cost on
GLYPHS_MIN = 3_000  # of each, whatever `limit`: of fewer a single misread one is a large share
NEGATIVES_SHARE = 0.1  # glyphs that are no digits, beside each of these
STEP = 10  # of n users n / STEP are left out at a time, at least one
# Each correction counts once beside TRAINED glyphs: twice its weight in a training on everything.
EPOCHS, RATE, BATCH = 3, 1e-3, 250  # of training the layer with Adam
SEED = 1
Floats = NDArray[np.float32]


class Layer(NamedTuple):
    """A last layer: (n, features) -> (n, 11) logits, ten digits and "is a digit"."""

    weights: Floats  # (features, 11)
    bias: Floats  # (11,)

    def logits(self, x: Floats) -> Floats:
        """Return (n, 11) logits."""
        return np.asarray(x @ self.weights + self.bias)


class Features(NamedTuple):
    """Glyphs as the last layer takes them, with their labels."""

    x: Floats  # (n, features)
    y: NDArray[np.uint8]  # 0 to 10

    def with_more(self, others: "Features") -> "Features":
        """Return both."""
        return Features(np.concatenate([self.x, others.x]), np.concatenate([self.y, others.y]))


def harmless(
    taught: Corrections, plausible: NDArray[np.bool_], kind: str, limit: int | None = None
) -> NDArray[np.bool_]:
    """Return which of n corrections may train or measure, (n,).

    They are the plausible ones (`model.datasets.corrections`) of users who together do no harm.

    Held-out corrections are tested as if they trained: those of a user who is left out do not
    measure a version either. Those that an admin approved are not tested: they are part of what
    is trained in any case, so that their cost is not counted against other users.
    """
    tested = capped(taught, plausible & ~taught.approved)
    if not len(tested):
        return plausible
    version = Registry(SHIPPED).serving(kind)
    network = keras.saving.load_model(version.folder / KERAS, compile=False)
    before = keras.Model(network.input, network.layers[-1].input)

    def features(glyphs: Labelled) -> Features:
        x = inked(glyphs.x)[..., np.newaxis]
        return Features(before.predict(x, batch_size=BATCH, verbose=0), glyphs.y)

    base, known = slices(load_split()[0], limit)
    approved = capped(taught, plausible & taught.approved)
    base = Labelled(
        np.concatenate([base.x, taught.x[approved]]), np.concatenate([base.y, taught.y[approved]])
    )
    users = harmless_users(
        Layer(*network.layers[-1].get_weights()),
        features(base),
        features(known),
        features(Labelled(taught.x[tested], taught.y[tested])),
        taught.user[tested],
    )
    return np.asarray(plausible & (taught.approved | np.isin(taught.user, users)))


def slices(split: Labelled, limit: int | None = None) -> tuple[Labelled, Labelled]:
    """Return the glyphs that train in any case and the known ones; both include negatives.

    `limit`: of MNIST's glyphs in each.

    Known glyphs are augmented as in training. Unchanged ones are still read right when wrong
    labels of slightly distorted digits do harm: of 20 accounts with two such labels each 40 %
    passed, and 7 % of unseen digits of that kind were misread; with augmented ones 10 % and 2 %.
    """
    trained, known_count = (min(most, max(limit or most, GLYPHS_MIN)) for most in (TRAINED, KNOWN))
    known = _with_negatives(split, TRAINED, TRAINED + known_count)
    augmented = augment(inked(known.x), np.random.default_rng(SEED))
    known = Labelled(np.rint(255 * augmented).astype(np.uint8), known.y)
    return _with_negatives(split, 0, trained), known


def harmless_users(
    layer: Layer, base: Features, known: Features, corrections: Features, user: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the users whose corrections may train together.

    Args:
        layer: where each training begins.
        base: what is trained in any case.
        known: glyphs that must not be misread; none of them in `base`.
        user: who sent each correction, (n,).
    """
    allowed = misread(train(layer, base), known) + COST_MAX
    kept = np.unique(user)
    while len(kept):
        of_kept = np.isin(user, kept)
        candidates = Features(corrections.x[of_kept], corrections.y[of_kept])
        trained = train(layer, base.with_more(candidates))
        if misread(trained, known) <= allowed:
            break
        # Inner product of the gradient of the known glyphs with that of each correction; of a
        # dense layer both are outer products of inputs and residuals.
        gradient = known.x.T @ residuals(trained, known)
        agreement = ((candidates.x @ gradient) * residuals(trained, candidates)).sum(axis=1)
        by_user = [agreement[user[of_kept] == one].sum() for one in kept]
        kept = np.sort(kept[np.argsort(by_user)[max(1, len(kept) // STEP) :]])
    return kept


def train(layer: Layer, features: Features) -> Layer:
    """Return the layer trained on these features by Adam (Kingma and Ba 2015, algorithm 1)."""
    parameters = layer.weights.copy(), layer.bias.copy()
    means = [np.zeros_like(one) for one in parameters]
    squares = [np.zeros_like(one) for one in parameters]
    rng, step = np.random.default_rng(SEED), 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(features.y))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            x, step = features.x[batch], step + 1
            error = residuals(Layer(*parameters), Features(x, features.y[batch])) / len(batch)
            for one, gradient, mean, square in zip(
                parameters, (x.T @ error, error.sum(axis=0)), means, squares, strict=True
            ):
                mean += 0.1 * (gradient - mean)
                square += 0.001 * (gradient**2 - square)
                size = np.sqrt(square / (1 - 0.999**step)) + 1e-7
                one -= RATE * mean / (1 - 0.9**step) / size
    return Layer(*parameters)


def residuals(layer: Layer, features: Features) -> Floats:
    """Return the loss' gradient by the logits, (n, 11).

    The loss is cross entropy over the digits, of digits alone, and over "is a digit".
    """
    logits = layer.logits(features.x)
    powers = np.exp(logits[:, :CLASSES] - logits[:, :CLASSES].max(axis=1, keepdims=True))
    is_digit = features.y != NOT_A_DIGIT
    wrong = powers / powers.sum(axis=1, keepdims=True)
    wrong[is_digit, features.y[is_digit]] -= 1
    wrong[~is_digit] = 0
    sigmoid = 0.5 + 0.5 * np.tanh(logits[:, CLASSES:] / 2)
    return np.asarray(np.hstack([wrong, sigmoid - is_digit[:, np.newaxis]]), np.float32)


def misread(layer: Layer, features: Features) -> float:
    """Return the share of glyphs that are read as another digit, or wrongly as (no) digit."""
    logits = layer.logits(features.x)
    read = np.where(logits[:, CLASSES] < 0, NOT_A_DIGIT, logits[:, :CLASSES].argmax(axis=1))
    return float((read != features.y).mean())


def _with_negatives(train: Labelled, start: int, end: int) -> Labelled:
    """Return a slice of MNIST and glyphs made of it that are no digits."""
    digits = train.x[start:end]
    count = max(6, round(NEGATIVES_SHARE * len(digits)))
    negatives = make_negatives(
        count, digits, train.y[start:end], np.random.default_rng(SEED + start)
    )
    labels = np.full(count, NOT_A_DIGIT, np.uint8)
    return Labelled(
        np.concatenate([digits, negatives]), np.concatenate([train.y[start:end], labels])
    )
