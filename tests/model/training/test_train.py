import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from model.classes import KINDS
from model.datasets.splits import inked, load_split, make_training
from model.events import End, Event, parse
from model.registry import CHECKPOINT, LITERT_TOLERANCE, Registry, TrainingSettings
from model.serving import Classifier
from model.training.train import (
    CHECKPOINT_KEPT,
    average_weights,
    checkpoint_folder,
    start_network,
    train,
)

pytestmark = [
    # Keras 3.15 saves through an interface that NumPy 2 has a newer form of.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.timeout(300),  # a busy machine is slow to train twice
]
SHIPPED_LEAST = {"clean": 0.9955, "noisy": 0.995}  # MNIST validation
SMALL = 180  # MNIST glyphs of a training in these tests: two batches an epoch


def end_of(events: list[Event]) -> End:
    """The last event."""
    last = events[-1]
    assert last["event"] == "end"
    return last


class CutOff(Exception):
    """Ends a training in the middle, as a signal or a power cut does."""


def settings(*, kind: str = "clean", epochs: int = 1, finetune: bool = False) -> TrainingSettings:
    return TrainingSettings(kind, epochs, 1, finetune, SMALL)


TUNED = settings(kind="noisy", epochs=2, finetune=True)


def run(root: Path, asked: TrainingSettings) -> list[Event]:
    """Train a little and return what was reported."""
    events: list[Event] = []
    train(asked, Registry(root), events.append)
    return events


def cut_off_in_epoch(epoch: int, root: Path, asked: TrainingSettings) -> None:
    def report(event: Event) -> None:
        if event["event"] == "progress" and event["epoch"] == epoch:
            raise CutOff

    with pytest.raises(CutOff):
        train(asked, Registry(root), report)


def checkpoints(root: Path) -> list[Path]:
    return list(root.glob(f"*/{CHECKPOINT}*"))


class Resumed(NamedTuple):
    """The training TUNED, cut off in its second epoch and then started again."""

    root: Path
    kept: int  # checkpoints there were in between
    events: list[Event]  # of the second start
    trained: list[NDArray[np.float32]]  # weights at its end, before they were averaged
    averaged: list[NDArray[np.float32]]


@pytest.fixture(scope="module")
def resumed(tmp_path_factory: pytest.TempPathFactory) -> Resumed:
    root = tmp_path_factory.mktemp("root")
    cut_off_in_epoch(2, root, TUNED)
    kept, trained, averaged = len(checkpoints(root)), [], []

    def average(network: keras.Model, before: list[NDArray[np.float32]]) -> None:
        trained.extend(network.get_weights())
        average_weights(network, before)
        averaged.extend(network.get_weights())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("model.training.train.average_weights", average)
        events = run(root, TUNED)
    return Resumed(root, kept, events, trained, averaged)


@pytest.fixture
def events(resumed: Resumed) -> list[Event]:
    return resumed.events


def test_a_training_that_was_cut_off_goes_on_after_its_last_whole_epoch(resumed: Resumed) -> None:
    told = [event for event in resumed.events if event["event"] == "progress"]
    assert {event["epoch"] for event in told} == {2}, "epoch 1 was trained again"
    assert all(0.5 < event["done"] <= 1 and event["seconds_left"] >= 0 for event in told)
    card = Registry(resumed.root).find("noisy", end_of(resumed.events)["version"]).check()
    assert {len(values) for values in card["history"].values()} == {2}
    assert resumed.kept == 1 and not checkpoints(resumed.root)


def test_other_settings_or_data_begin_anew_and_old_checkpoints_go(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    lessons = [make_training(seed, limit=SMALL) for seed in (1, 2)]
    asked = [settings(), settings(epochs=2)]
    folders = {
        checkpoint_folder(each, registry, origin, lesson)
        for each in asked for lesson in lessons for origin in ("", "noisy v1")
    }  # fmt: skip
    assert len(folders) == 8
    again = checkpoint_folder(asked[0], registry, "", lessons[0])
    assert again in folders
    old = time.time() - 2 * CHECKPOINT_KEPT
    for folder in folders - {again}:
        os.utime(folder, (old, old))
    checkpoint_folder(asked[0], registry, "", lessons[0])
    assert checkpoints(tmp_path) == [again]


def test_start_progress_and_end_are_reported(events: list[Event]) -> None:
    assert events[0]["event"] == "start"
    assert {event["event"] for event in events[1:-1]} == {"progress"}
    assert end_of(events)["kind"] == "noisy"
    last = events[-2]
    assert last["event"] == "progress"
    assert last["done"] == 1
    assert last["val_accuracy"] is not None
    assert [parse(json.dumps(event).encode()) for event in events] == events


def test_scores_before_and_after_compare(events: list[Event]) -> None:
    before, after = end_of(events)["before"], end_of(events)["after"]
    assert before
    assert before.keys() == after.keys()
    # A worse network's scores are compared where one is trained from scratch by an admin.
    assert after["mnist_validation"] == pytest.approx(before["mnist_validation"], abs=0.02)
    assert after != before


def test_what_a_training_goes_on_from(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    shipped = {kind: f"{kind} {registry.serving(kind).name}" for kind in KINDS}
    full = settings()
    assert start_network(full, registry)[1] == ""
    assert start_network(replace(full, origin="noisy"), registry)[1] == shipped["noisy"]
    assert start_network(replace(full, finetune=True), registry)[1] == shipped["clean"]


def test_fine_tuning_ends_with_the_mean_of_the_weights_before_and_after(
    resumed: Resumed, tmp_path: Path
) -> None:
    before = start_network(TUNED, Registry(tmp_path))[0].get_weights()
    assert resumed.averaged
    for mean, trained, first in zip(resumed.averaged, resumed.trained, before, strict=True):
        assert np.allclose(2 * mean, trained + first, atol=1e-5)


def test_fine_tuning_keeps_the_accuracy_of_the_serving_version(resumed: Resumed) -> None:
    end = end_of(resumed.events)
    version = Registry(resumed.root).find("noisy", end["version"])
    card = version.check()
    assert card["litert_difference"] <= LITERT_TOLERANCE
    assert card["training"]["finetune"]
    assert not end["promoted"]
    _, validation = load_split()
    read = Classifier(version).predict(inked(validation.x[:300])).probabilities.argmax(axis=1)
    assert np.mean(read == validation.y[:300]) > 0.97


@pytest.mark.parametrize("kind", KINDS)
def test_the_cards_of_shipped_networks_show_a_full_training(kind: str, tmp_path: Path) -> None:
    card = Registry(tmp_path).serving(kind).check()
    assert card["training"]["limit"] is None
    assert card["data"]["mnist"] == 55_000
    assert card["scores"] is not None
    assert card["scores"]["mnist_validation"] >= SHIPPED_LEAST[kind]
