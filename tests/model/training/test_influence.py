"""The influence test: equal false labels of many users do not train; unusual digits do."""

from typing import NamedTuple

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.colluders import distorted
from model.classes import NOT_A_DIGIT
from model.datasets.corrections import Corrections
from model.datasets.splits import Labelled, inked, load_split
from model.registry import KERAS, SHIPPED, Registry
from model.training.influence import (
    COST_MAX,
    Features,
    Layer,
    harmless,
    harmless_users,
    misread,
    residuals,
    slices,
    train,
)
from preprocessing import read_page
from tests.odd_seven import odd_seven

LIMIT = 3000  # MNIST glyphs that train, and as many known ones
PER_ACCOUNT, ACCOUNTS, TEACHER = 20, 20, 1000  # corrections, attackers, a user id
TAUGHT, UNSEEN = 16, 16  # unusual sevens of the teacher: sent, and kept for testing


class World(NamedTuple):
    """Features by the shipped network, and its last layer."""

    layer: Layer
    base: Features
    known: Features
    unseen: Features  # digits
    sevens: Features  # turned ones
    odd: Features  # sevens that look like twos: those taught, then as many others


@pytest.fixture(scope="module")
def world() -> World:
    split, validation = load_split()
    base, known = slices(split, LIMIT)
    rng = np.random.default_rng(5)
    odd = np.array([read_page(odd_seven(rng)).glyphs[0] for _ in range(TAUGHT + UNSEEN)])
    sevens = split.x[30_000:][split.y[30_000:] == 7][: ACCOUNTS * PER_ACCOUNT]
    version = Registry(SHIPPED).serving("clean")
    network = keras.saving.load_model(version.folder / KERAS, compile=False)
    before = keras.Model(network.input, network.layers[-1].input)

    def features(glyphs: Labelled) -> Features:
        return Features(before.predict(inked(glyphs.x)[..., None], verbose=0), glyphs.y)

    def all_seven(x: NDArray[np.uint8]) -> Features:
        return features(Labelled(x, np.full(len(x), 7, np.uint8)))

    return World(
        Layer(*network.layers[-1].get_weights()),
        features(base),
        features(known),
        features(Labelled(validation.x[:1500], validation.y[:1500])),
        all_seven(distorted(sevens, rng, turn=15)),
        all_seven(np.rint(255 * odd).astype(np.uint8)),
    )


@pytest.mark.parametrize("accounts", [0, 1, 5, ACCOUNTS])
def test_false_labels_do_no_harm_whatever_their_number_and_unusual_digits_are_learned(
    accounts: int, world: World
) -> None:
    flipped = Features(
        world.sevens.x[: accounts * PER_ACCOUNT], np.full(accounts * PER_ACCOUNT, 1, np.uint8)
    )
    taught = flipped.with_more(Features(world.odd.x[:TAUGHT], world.odd.y[:TAUGHT]))
    user = np.append(np.arange(len(flipped.y)) // PER_ACCOUNT, np.full(TAUGHT, TEACHER))
    users = harmless_users(world.layer, world.base, world.known, taught, user)
    kept = np.isin(user, users)
    plain = misread(train(world.layer, world.base), world.unseen)
    chosen = Features(taught.x[kept], taught.y[kept])
    trained = train(world.layer, world.base.with_more(chosen))
    untested = train(world.layer, world.base.with_more(taught))
    odd = Features(world.odd.x[TAUGHT:], world.odd.y[TAUGHT:])
    print(f"kept: {users}; odd sevens misread: {misread(trained, odd):.0%}")
    print(f"misread more: {misread(trained, world.unseen) - plain:.2%}, untested")
    print(f"{misread(untested, world.unseen) - plain:.2%}, odd {misread(untested, odd):.0%}")
    assert TEACHER in users
    assert misread(trained, world.unseen) - plain <= 3 * COST_MAX  # measured on other glyphs
    assert misread(trained, odd) < misread(world.layer, odd), "the unusual sevens are not learned"
    if accounts == ACCOUNTS:
        assert (users < TEACHER).sum() <= ACCOUNTS / 10
        assert misread(untested, world.unseen) - plain > 10 * COST_MAX, (
            "the false labels do no harm even without the test"
        )


def test_what_an_admin_approved_trains_though_it_does_harm() -> None:
    split, _ = load_split()
    x = split.x[30_000:][split.y[30_000:] == 7][:200]
    user, none = np.arange(200) // PER_ACCOUNT, np.zeros(200, np.bool_)
    flipped = Corrections(x, np.full(200, 1, np.uint8), user, 0 * user, none, approved=user < 1)
    kept = harmless(flipped, ~none, "clean", limit=LIMIT)
    assert kept[flipped.approved].all()
    assert kept[~flipped.approved].mean() < 0.3


def test_residuals_are_the_gradient_of_the_loss() -> None:
    rng = np.random.default_rng(1)
    layer = Layer(rng.normal(size=(3, 11)).astype(np.float32), np.zeros(11, np.float32))
    x = rng.normal(size=(2, 3)).astype(np.float32)
    for label in (4, NOT_A_DIGIT):
        features = Features(x, np.full(2, label, np.uint8))

        def loss(logits: NDArray[np.float64], label: int = label) -> float:
            is_digit = np.logaddexp(0, logits[10] * (1 if label == NOT_A_DIGIT else -1))
            if label == NOT_A_DIGIT:
                return float(is_digit)
            return float(np.log(np.exp(logits[:10]).sum()) - logits[label] + is_digit)

        logits = layer.logits(x)[0].astype(np.float64)
        steps = 1e-4 * np.eye(11)
        slopes = [(loss(logits + step) - loss(logits - step)) / 2e-4 for step in steps]
        assert residuals(layer, features)[0] == pytest.approx(slopes, abs=1e-4)


def test_without_corrections_no_network_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.training.influence.Registry", None)
    assert harmless(Corrections.empty(), np.zeros(0, np.bool_), "clean").shape == (0,)
