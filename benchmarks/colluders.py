"""`python -m benchmarks.colluders`: effect of many accounts' false corrections on a network.

Label-flipping attack: distorted sevens of MNIST's training split with a false label. Each account
sends ACCOUNT_SENDS of those that pass the check of single corrections, whose code is public.
Honest users ("teachers") have an unusual handwriting ("hand") each, with a strong slant and
rotation, and correct digits of it that the shipped network misreads. The last layer of the shipped
network is trained with all corrections, without and with the influence test. Columns, in per cent:

accepted    of the colluders' corrections: those that may train
misread     of validation digits: increase over a training without corrections, in points
sevens      of distorted sevens that pass the check and nobody sent: those read as another digit
honest      of the honest users' corrections: those that may train
hands       of the honest users' digits that nobody sent: those read right

The first tables train the whole network as /retrain does, about six minutes a row on two idle
cores; their last column is the promotion test that the version failed, or "promoted".

In `half true` every other correction is right; in `few each` an account sends two.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from bot.learning.corrections import Learned
from bot.learning.promotion import failed_test
from bot.store.corrections import HELD_OUT_EVERY
from model.classes import NOT_A_DIGIT
from model.datasets.corrections import Corrections, trusted, uses_file
from model.datasets.splits import Labelled, inked, load_split
from model.events import Event
from model.registry import KERAS, SHIPPED, Registry, TrainingSettings
from model.serving import Classifier
from model.training import train as training
from model.training.influence import (
    Features,
    Layer,
    harmless_users,
    misread,
    slices,
    train,
)
from model.training.train import FINETUNE_EPOCHS

ACCOUNT_SENDS = 40  # corrections of one colluder: as many of one user may train
TEACHER_SENDS = 16  # corrections of one honest user
UNSEEN = 300  # distorted sevens, and digits of each hand, that are kept for testing
KIND = "clean"
RETRAINED = "7 as 1", "few each"  # attacks with which whole networks are trained
RETRAIN_TEACHERS = 5  # honest users, of whom the fifth one's corrections are held out
RETRAIN_COLLUDERS = 0, 20
COLLUDERS, TEACHERS = (0, 1, 5, 10, 20, 40), (1, 3, 10)
PASSING_SHARE = 0.25  # of the distorted sevens: least share that passes the check
TURN, SHEAR, GROW, SHIFT = 12.0, 0.15, 0.1, 1.0  # degrees, px a px, of the size, px: at most
HAND_TURN, HAND_SHEAR = 35.0, 0.9  # degrees, px a px: at most, of a hand
SEED = 11
Glyphs = NDArray[np.uint8]


class Attack(NamedTuple):
    """The false labels of sevens, used in turn, and the number of corrections by account."""

    labels: tuple[int, ...]
    sends: int = ACCOUNT_SENDS


ATTACKS = {
    "7 as 1": Attack((1,)),
    "7 as any": Attack((0, 1, 2, 3, 4, 5, 6, 8, 9, NOT_A_DIGIT)),
    "half true": Attack((1, 7)),
    "few each": Attack((1,), 2),
}


class Case(NamedTuple):
    """The corrections of all users."""

    features: Features
    user: NDArray[np.int64]  # negative: colluders


def distorted(
    glyphs: Glyphs, rng: np.random.Generator, turn: float = 0.0, shear: float = 0.0
) -> Glyphs:
    """Return glyphs with `turn` (degrees) and `shear`, and a small random distortion of each."""
    result = []
    for glyph in glyphs:
        angle, size = turn + rng.uniform(-TURN, TURN), 1 + rng.uniform(-GROW, GROW)
        move = cv2.getRotationMatrix2D((13.5, 13.5), angle, size)
        slant = np.array([[1, shear + rng.uniform(-SHEAR, SHEAR)], [0, 1]])
        move[:, :2] = slant @ move[:, :2]
        move[:, 2] = 13.5 - move[:, :2] @ (13.5, 13.5) + rng.uniform(-SHIFT, SHIFT, 2)
        result.append(cv2.warpAffine(glyph, move, (28, 28)))
    return np.array(result, np.uint8)


class Bench:
    """The shipped network without its last layer, that layer, and the glyphs of all users."""

    def __init__(self, kind: str, most: int) -> None:
        network = keras.saving.load_model(
            Registry(SHIPPED).serving(kind).folder / KERAS, compile=False
        )
        self._before = keras.Model(network.input, network.layers[-1].input)
        self.layer = Layer(*network.layers[-1].get_weights())
        self._rng = np.random.default_rng(SEED)
        split, validation = load_split()
        self._split = split
        base, known = slices(split)
        self.base, self.known = self.features(base), self.features(known)
        self.validation = self.features(validation)
        self.seven_glyphs = self._odd_sevens(most * ACCOUNT_SENDS + UNSEEN)
        sevens = np.full(len(self.seven_glyphs), 7, np.uint8)
        self.sevens = self.features(Labelled(self.seven_glyphs, sevens))
        self.hand_glyphs = [self._hand(number) for number in range(max(TEACHERS))]
        self.hands = [self.features(hand) for hand in self.hand_glyphs]

    def features(self, glyphs: Labelled) -> Features:
        """Return the inputs of the last layer."""
        x = inked(glyphs.x)[..., np.newaxis]
        return Features(self._before.predict(x, batch_size=250, verbose=0), glyphs.y)

    def _odd_sevens(self, count: int) -> Glyphs:
        """Return distorted sevens that pass the check of single corrections with the label 1."""
        own = self._split.x[self._split.y == 7]
        drawn = own[self._rng.integers(len(own), size=round(count / PASSING_SHARE))]
        x = distorted(drawn, self._rng)
        n = len(x)
        flipped = Corrections(
            x,
            np.full(n, 1, np.uint8),
            np.arange(n),
            np.zeros(n, np.int64),
            *np.zeros((2, n), np.bool_),
        )
        passing = x[trusted(flipped)]
        print(f"{len(passing)} of {n} distorted sevens pass the check", flush=True)
        return passing

    def _hand(self, number: int) -> Labelled:
        """Return the digits of one hand: first TEACHER_SENDS misread ones, then UNSEEN others."""
        side = 1 if number % 2 else -1
        strong = side * self._rng.uniform(0.6, 1)
        turn, shear = strong * HAND_TURN, strong * HAND_SHEAR
        drawn = self._rng.integers(len(self._split.x), size=4 * UNSEEN)
        x = distorted(self._split.x[drawn], self._rng, turn, shear)
        written = self.features(Labelled(x, self._split.y[drawn]))
        wrong = np.flatnonzero(read(self.layer, written.x) != written.y)[:TEACHER_SENDS]
        unseen = np.setdiff1d(np.arange(len(x)), wrong)[:UNSEEN]
        order = np.concatenate([wrong, unseen])
        return Labelled(x[order], written.y[order])

    def case(self, colluders: int, teachers: int, attack: Attack) -> Case:
        """Return the corrections of so many colluders and honest users."""
        flipped, labels = colluders * attack.sends, attack.labels
        x = [self.sevens.x[:flipped]]
        y = [np.array(labels, np.uint8)[np.arange(flipped) % len(labels)]]
        user = [-1 - np.arange(flipped) // attack.sends]
        for number, hand in enumerate(self.hands[:teachers]):
            x.append(hand.x[:TEACHER_SENDS])
            y.append(hand.y[:TEACHER_SENDS])
            user.append(np.full(TEACHER_SENDS, number))
        features = Features(np.concatenate(x), np.concatenate(y))
        return Case(features, np.concatenate(user).astype(np.int64))

    def hands_right(self, layer: Layer, teachers: int) -> float:
        """Return the share of the hands' unseen digits that are read right."""
        right = [
            (read(layer, hand.x[TEACHER_SENDS:]) == hand.y[TEACHER_SENDS:]).mean()
            for hand in self.hands[:teachers]
        ]
        return float(np.mean(right))

    def row(self, case: Case, users: NDArray[np.int64], teachers: int) -> str:
        """Train with the corrections of these users, and return the columns."""
        taken = np.isin(case.user, users)
        layer = self.layer
        plain = misread(train(layer, self.base), self.validation)
        chosen = Features(case.features.x[taken], case.features.y[taken])
        trained = train(layer, self.base.with_more(chosen))
        harm = misread(trained, self.validation) - plain
        unseen = self.sevens.x[-UNSEEN:]
        sevens = (read(trained, unseen) != 7).mean()
        flipped = case.user < 0
        accepted = taken[flipped].mean() if flipped.any() else 0.0
        shares = (
            accepted,
            harm,
            sevens,
            taken[~flipped].mean(),
            self.hands_right(trained, teachers),
        )
        return " ".join(f"{100 * share:8.2f}" for share in shares)


def retrained(bench: Bench, colluders: int, attack: Attack) -> str:
    """Train the whole network as /retrain does, with RETRAIN_TEACHERS and so many colluders.

    Return the columns and the result of the promotion test.
    """
    corrections = sent(bench, colluders, attack)
    with TemporaryDirectory() as folder:
        file, events = Path(folder) / "corrections.npz", list[Event]()
        corrections.save(file)
        registry = Registry(Path(folder))
        serving = Classifier(registry.serving(KIND))
        settings = TrainingSettings(
            kind=KIND, epochs=FINETUNE_EPOCHS, seed=SEED, limit=None, finetune=True
        )
        name = training.train(settings, registry, events.append, corrections=file)
        new = Classifier(registry.find(KIND, name))
        use = np.load(uses_file(file))
    end = events[-1]
    if end["event"] != "end":
        raise ValueError(f"the training ended with {end['event']}")
    learned = Learned.of(corrections, use, serving, new)
    failed = failed_test(
        end["before"] or end["after"], end["after"], learned.held_out, learned.improvement
    )
    validation = load_split()[1]
    sevens = Labelled(bench.seven_glyphs[-UNSEEN:], np.full(UNSEEN, 7, np.uint8))
    unseen = [
        Labelled(hand.x[TEACHER_SENDS:], hand.y[TEACHER_SENDS:])
        for hand in bench.hand_glyphs[:RETRAIN_TEACHERS]
    ]
    honest = RETRAIN_TEACHERS * TEACHER_SENDS
    shares = (
        learned.trusted[honest:].mean() if colluders else 0.0,
        misread_share(new, validation) - misread_share(serving, validation),
        misread_share(new, sevens),
        learned.trusted[:honest].mean(),
        1 - float(np.mean([misread_share(new, hand) for hand in unseen])),
    )
    numbers = " ".join(f"{100 * share:8.2f}" for share in shares)
    return f"{colluders:9} {RETRAIN_TEACHERS:8} {numbers} {failed or 'promoted'}"


def sent(bench: Bench, colluders: int, attack: Attack) -> Corrections:
    """The corrections of RETRAIN_TEACHERS honest users, and after them of so many colluders.

    As in the store, the corrections of every fifth user are held out.
    """
    flipped = colluders * attack.sends
    hands = bench.hand_glyphs[:RETRAIN_TEACHERS]
    labels = np.array(attack.labels, np.uint8)[np.arange(flipped) % len(attack.labels)]
    x = np.concatenate([*(h.x[:TEACHER_SENDS] for h in hands), bench.seven_glyphs[:flipped]])
    y = np.concatenate([*(h.y[:TEACHER_SENDS] for h in hands), labels])
    user = np.append(
        np.arange(RETRAIN_TEACHERS * TEACHER_SENDS) // TEACHER_SENDS,
        RETRAIN_TEACHERS + np.arange(flipped) // attack.sends,
    )
    return Corrections(
        x,
        y,
        user,
        day=np.zeros(len(y), np.int64),
        held_out=user % HELD_OUT_EVERY == HELD_OUT_EVERY - 1,
        approved=np.zeros(len(y), np.bool_),
    )


def misread_share(network: Classifier, glyphs: Labelled) -> float:
    """The share of glyphs that a network reads otherwise than they are labelled."""
    read_as = network.predict(inked(glyphs.x)).probabilities.argmax(axis=1)
    return float((read_as != glyphs.y).mean())


def read(layer: Layer, x: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the digits read in n glyphs."""
    return np.asarray(layer.logits(x)[:, :10].argmax(axis=1))


def main() -> int:
    """Print the tables."""
    bench = Bench(KIND, max(COLLUDERS))
    heads = "accepted  misread   sevens   honest    hands"
    for name in RETRAINED:
        print(f"/retrain, {name}\ncolluders teachers {heads} test")
        for colluders in RETRAIN_COLLUDERS:
            print(retrained(bench, colluders, ATTACKS[name]), flush=True)
    for teachers in TEACHERS:
        shipped = bench.hands_right(bench.layer, teachers)
        print(f"odd hands of {teachers} teachers before: {100 * shipped:.2f} % right")
    for name, attack in ATTACKS.items():
        print(f"{name:9} colluders teachers test   {heads}")
        for colluders in COLLUDERS:
            for teachers in TEACHERS:
                case = bench.case(colluders, teachers, attack)
                everybody = np.unique(case.user)
                users = harmless_users(
                    bench.layer, bench.base, bench.known, case.features, case.user
                )
                for test, chosen in (("no", everybody), ("yes", users)):
                    row = bench.row(case, chosen, teachers)
                    print(f"{'':9} {colluders:9} {teachers:8} {test:4} {row}", flush=True)
    return 0


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main())
