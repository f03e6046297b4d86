"""Small versions on disk for tests: copies of the shipped ones, under other names."""

import json
import shutil
from pathlib import Path

from model.registry import CARD, TFLITE, Registry, Scores

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


def spoil_network(folder: Path) -> None:
    """Cut the network's file, as a full disk would."""
    file = folder / TFLITE
    file.write_bytes(file.read_bytes()[:1000])


def rewrite_card(folder: Path, **changes: object) -> None:
    """Change entries of a card."""
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps({**card, **changes}))
