import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.classes import KINDS
from model.datasets.splits import inked, load_split
from model.events import End, Event, parse
from model.registry import LITERT_TOLERANCE, Registry, TrainingSettings
from model.serving import Classifier
from model.training.train import start_network, train

# Keras 3.15 saves through an interface that NumPy 2 has a newer form of.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
SHIPPED_LEAST = {"clean": 0.9955, "noisy": 0.995}  # MNIST validation
SMALL = 320  # MNIST glyphs of a training in these tests


def end_of(events: list[Event]) -> End:
    """The last event, which says that there is a new version."""
    last = events[-1]
    assert last["event"] == "end"
    return last


def run(root: Path, *, kind: str = "clean", finetune: bool = False) -> list[Event]:
    """Train a little and return what was reported."""
    events: list[Event] = []
    train(TrainingSettings(kind, 1, 1, finetune, SMALL), Registry(root), events.append)
    return events


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    return run(tmp_path_factory.mktemp("root"))


def test_tells_start_progress_and_end(events: list[Event]) -> None:
    assert events[0]["event"] == "start"
    assert {event["event"] for event in events[1:-1]} == {"progress"}
    assert end_of(events)["kind"] == "clean"
    last = events[-2]
    assert last["event"] == "progress"
    assert last["done"] == 1
    assert last["val_accuracy"] is not None
    assert [parse(json.dumps(event).encode()) for event in events] == events


def test_scores_before_and_after_compare(events: list[Event]) -> None:
    before, after = end_of(events)["before"], end_of(events)["after"]
    assert before
    assert before.keys() == after.keys()
    assert before["mnist_validation"] > after["mnist_validation"]


def test_what_a_training_goes_on_from(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    shipped = {kind: f"{kind} {registry.serving(kind).name}" for kind in KINDS}
    full = TrainingSettings("clean", 1, 1, False, SMALL)
    assert start_network(full, registry)[1] == ""
    assert start_network(replace(full, origin="noisy"), registry)[1] == shipped["noisy"]
    assert start_network(replace(full, finetune=True), registry)[1] == shipped["clean"]


def test_fine_tuning_keeps_what_the_serving_version_knows(tmp_path: Path) -> None:
    end = end_of(run(tmp_path, kind="noisy", finetune=True))
    version = Registry(tmp_path).find("noisy", end["version"])
    card = version.check()
    assert card["litert_difference"] <= LITERT_TOLERANCE
    assert card["training"]["finetune"]
    assert not end["promoted"]
    _, validation = load_split()
    read = Classifier(version).predict(inked(validation.x[:300])).probabilities.argmax(axis=1)
    assert np.mean(read == validation.y[:300]) > 0.97


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_networks_were_trained_in_full_and_say_so(kind: str, tmp_path: Path) -> None:
    card = Registry(tmp_path).serving(kind).check()
    assert card["training"]["limit"] is None
    assert card["data"]["mnist"] == 55_000
    assert card["scores"] is not None
    assert card["scores"]["mnist_validation"] >= SHIPPED_LEAST[kind]
