"""Small versions on disk for tests: copies of the shipped ones, under other names."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model.calibration import Prediction
from model.registry import CARD, TFLITE, Registry, Scores
from model.serving import Classifier

SCORES = Scores(
    mnist_validation=0.99,
    mnist_test=0.99,
    noise={},
    own_noise=0.9,
    ms_per_glyph=0.2,
    unsure_below=0.9,
)


def copy_version(root: Path, kind: str, name: str) -> Path:
    """Put the serving shipped version under another name into a root; returns its folder."""
    shipped = Registry(root / "none").serving(kind)
    folder = root / kind / name
    shutil.copytree(shipped.folder, folder)
    return folder


def predicts_once(
    network: Classifier, glyphs: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> Prediction:
    """Predict glyphs, and let the network answer the same, at no cost, to an Ensemble of it."""
    prediction = network.predict(glyphs)
    monkeypatch.setattr(network, "predict", lambda _: prediction)
    return prediction


def spoil_network(folder: Path) -> None:
    """Cut the network's file, as a full disk would."""
    file = folder / TFLITE
    file.write_bytes(file.read_bytes()[:1000])


def rewrite_card(folder: Path, **changes: object) -> None:
    """Change entries of a card."""
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, **changes}))
