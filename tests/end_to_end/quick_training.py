"""A training's process without Keras, for tests of what the bot does around a training.

It reports and writes what `python -m model train` does; each epoch takes half a second, and the
new version is a copy of the shipped one under another name. What trains for real in a running bot
is tested in test_retraining.py.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from model.datasets.corrections import Corrections, Use, uses_file
from model.events import End, Event, Progress, Start
from model.registry import Registry
from tests.versions import copy_version

EPOCH = 0.5  # s
VERSION = "20990101-000000-000"
# Python for a test's `prelude`: the bot starts this in the place of a training.
PRELUDE = f"""
import sys
from bot import trainer
trainer.command = lambda plan, settings, corrections: [
    *(sys.executable, "-m", "{__name__}", plan.kind),
    *(str(settings.models_dir), str(settings.retrain_epochs), str(corrections)),
]
"""


def report(event: Event) -> None:
    """Print an event, as a training does."""
    print(json.dumps(event), flush=True)


def main(kind: str, root: str, epochs: str, file: str) -> None:
    """Train with every correction."""
    taught = Corrections.load(Path(file))
    np.save(uses_file(Path(file)), np.full(len(taught.y), Use.TRAINS, np.uint8))
    report(
        Start(
            event="start",
            kind=kind,
            epochs=int(epochs),
            glyphs=len(taught.y),
            corrections=len(taught.y),
            parameters=1,
        )
    )
    for epoch in range(1, int(epochs) + 1):
        time.sleep(EPOCH)
        report(
            Progress(
                event="progress",
                epoch=epoch,
                epochs=int(epochs),
                done=epoch / int(epochs),
                loss=0.1,
                accuracy=0.9,
                val_accuracy=0.9,
                seconds_left=0,
            )
        )
    copy_version(Path(root), kind, VERSION)
    scores = Registry(Path(root)).find(kind, VERSION).check()["scores"]
    assert scores
    report(
        End(
            event="end",
            kind=kind,
            version=VERSION,
            minutes=0.0,
            before=scores,
            after=scores,
            promoted=False,
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
