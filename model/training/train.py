"""Train a network, score it, add it as a version, and report progress meanwhile.

A training that was cut off (killed, out of memory, a machine that died) goes on from the end of
its last whole epoch when it is started again with the same settings and the same data.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from model.datasets.corrections import Corrections, training_share, trusted, uses, uses_file
from model.datasets.splits import Labelled, Training, inked, load_split, make_training
from model.evaluation.evaluate import score
from model.events import End, Event, Progress, Start
from model.registry import CHECKPOINT, KERAS, Registry, Scores, TrainingSettings, VersionError
from model.serving import Classifier
from model.training.batches import BATCH, Batches, wanted
from model.training.export import write, write_card
from model.training.influence import harmless
from model.training.network import (
    build,
    digit_accuracy,
    fused,
    loss,
    reconstruction_loss,
    with_reconstruction_head,
)
from preprocessing.glyph import VERSION

EPOCHS = 32  # of a full training: about an hour on two idle cores, 100 s an epoch
FINETUNE_EPOCHS = 3
# Learning rates at the end of the warm-up; from there a cosine schedule leads down to 0.
PEAK_RATE = 2e-3  # of a training from random weights
ORIGIN_RATE = 1e-3  # of a full training that starts with another version's weights
FINETUNE_RATE = 2e-4
RECONSTRUCTION_WEIGHT = 2.0  # of the reconstruction head's loss; that of the classes has 1
WARM_UP = 0.06  # of all steps, in which the learning rate rises linearly
WEIGHT_DECAY = 2e-3
PROGRESS_EVERY = 1.0  # s between two progress events at least
CHECKPOINT_KEPT = 7 * 86_400.0  # s; an older one belongs to a training that nobody started again
HISTORY = "history.jsonl"  # losses and accuracies in a checkpoint, one line an epoch
Report = Callable[[Event], None]


class ProgressCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports a Progress event about every second and at the end of each epoch."""

    def __init__(self, report: Report, epochs: int, steps: int) -> None:
        super().__init__()
        self._report, self._epochs, self._steps = report, epochs, steps
        self._epoch = 0
        self._first: int | None = None  # epoch that this process began with
        self._accuracy: float | None = None
        self._began = self._reported = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch = epoch
        if self._first is None:
            self._first = epoch

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._accuracy = round((logs or {})["val_digits_right"], 4)
        self._progress(self._steps, logs or {})

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if time.monotonic() - self._reported >= PROGRESS_EVERY:
            self._progress(batch + 1, logs or {})

    def _progress(self, steps: int, logs: dict[str, float]) -> None:
        self._reported = time.monotonic()
        passed = self._epoch + steps / self._steps  # epochs
        per_epoch = (self._reported - self._began) / (passed - (self._first or 0))
        self._report(
            Progress(
                event="progress",
                epoch=self._epoch + 1,
                epochs=self._epochs,
                done=round(passed / self._epochs, 4),
                loss=round(logs["loss"], 4),
                accuracy=round(logs["digits_right"], 4),
                val_accuracy=self._accuracy,
                seconds_left=round(per_epoch * (self._epochs - passed)),
            )
        )


def train(
    settings: TrainingSettings,
    registry: Registry,
    report: Report,
    *,
    corrections: Path | None = None,
    promote: bool = False,
) -> str:
    """Train as asked and return the new version's name.

    What is done with each correction is written beside their file before `start` is reported.
    Raises ValueError, OSError, VersionError.
    """
    began = time.monotonic()
    used = usable(corrections, settings)
    training = make_training(settings.seed, corrections=used, limit=settings.limit)
    _, validation = load_split()
    validation = Labelled(validation.x[: settings.limit], validation.y[: settings.limit])
    network, origin = start_network(settings, registry)
    report(
        Start(
            event="start",
            kind=settings.kind,
            epochs=settings.epochs,
            glyphs=len(training.glyphs.x),
            corrections=len(used.x),
            parameters=network.count_params(),
        )
    )
    checkpoint = checkpoint_folder(settings, registry, origin, training)
    weights = network.get_weights()
    history = fit(network, settings, training.glyphs, validation, report, checkpoint)
    own = settings.finetune or settings.origin == settings.kind
    if own and not len(used.x):
        average_weights(network, weights)
    before = former_scores(settings, registry)
    with registry.add(settings.kind) as version:
        card = write(version, network, settings, training, validation)
        after = score(Classifier(version), settings.limit)
        minutes = round((time.monotonic() - began) / 60, 1)
        card |= {"history": history, "scores": after}
        card["training"] |= {"began_from": origin, "minutes": minutes}
        write_card(version, card)
    shutil.rmtree(checkpoint)
    if promote:
        registry.promote(settings.kind, version.name)
    report(
        End(
            event="end",
            kind=settings.kind,
            version=version.name,
            minutes=minutes,
            before=before,
            after=after,
            promoted=promote,
        )
    )
    return version.name


def usable(file: Path | None, settings: TrainingSettings) -> Labelled:
    """Return the corrections of a file that may train; write beside it what each is used for."""
    sent = Corrections.empty() if file is None else Corrections.load(file)
    plausible = trusted(sent)
    use = uses(sent, plausible, harmless(sent, plausible, settings.kind, settings.limit))
    if file is not None:
        np.save(uses_file(file), use)
    return training_share(sent, use)


def checkpoint_folder(
    settings: TrainingSettings, registry: Registry, origin: str, training: Training
) -> Path:
    """Return where a training keeps its state, and remove what others left over a week ago.

    The name is a digest of settings, origin and data: only the same training goes on from it.
    """
    parent = registry.root / settings.kind
    for other in parent.glob(f"{CHECKPOINT}*"):
        if time.time() - other.stat().st_mtime > CHECKPOINT_KEPT:
            shutil.rmtree(other, ignore_errors=True)
    same = json.dumps([asdict(settings), origin, training.sha256(), VERSION])
    folder = parent / (CHECKPOINT + hashlib.sha256(same.encode()).hexdigest()[:16])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def start_network(settings: TrainingSettings, registry: Registry) -> tuple[keras.Model, str]:
    """Return the network to train and the version whose weights it starts with, "" for none.

    Fine-tuning starts with the serving version of its kind. A full training may start with the
    serving version of any kind: `clean` that starts with `noisy` reads digits of other writers
    better than one from random weights (docs/experiments.md). Raises VersionError.
    """
    keras.utils.set_random_seed(settings.seed)
    origin = settings.kind if settings.finetune else settings.origin
    if origin is None:
        return build(settings.seed), ""
    version = registry.serving(origin)
    network = keras.saving.load_model(version.folder / KERAS, compile=False)
    return network, f"{version.kind} {version.name}"


def average_weights(network: keras.Model, others: list[NDArray[np.float32]]) -> None:
    """Set the weights of a network to the mean of its own and others.

    A training that goes on from its own kind ends with the mean of the weights before and after
    it, which reads what it read and most of what it learnt (docs/experiments.md); with corrections
    it keeps all that it learnt. After Wortsman et al., "Robust fine-tuning of zero-shot models",
    2022, section 3.
    """
    both = zip(network.get_weights(), others, strict=True)
    network.set_weights([(own + other) / 2 for own, other in both])


def former_scores(settings: TrainingSettings, registry: Registry) -> Scores | None:
    """Return the scores of the serving version; None where there is none."""
    try:
        return score(Classifier.load(settings.kind, registry.root), settings.limit)
    except VersionError:
        return None


def fit(
    network: keras.Model,
    settings: TrainingSettings,
    glyphs: Labelled,
    validation: Labelled,
    report: Report,
    checkpoint: Path,
) -> dict[str, list[float]]:
    """Train the network and return loss and accuracies, one value an epoch.

    `checkpoint`: a folder for the state after each epoch; what it holds already is gone on from.
    Raises ValueError where there are too few glyphs for that.
    """
    batches = Batches(settings, glyphs)
    rate = learning_rate(settings, settings.epochs * len(batches))
    trained = fused(network)
    with_head = with_reconstruction_head(trained)
    with_head.compile(
        keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        loss={"digits": loss, "written": reconstruction_loss},
        loss_weights={"digits": 1.0, "written": RECONSTRUCTION_WEIGHT},
        # Named as the histories on shipped cards name it.
        metrics={"digits": keras.metrics.MeanMetricWrapper(digit_accuracy, name="right")},
    )
    uncorrupted = inked(validation.x)
    history = checkpoint / HISTORY
    with_head.fit(
        batches,
        epochs=settings.epochs,
        validation_data=(uncorrupted[..., None], wanted(validation.y, uncorrupted)),
        verbose=0,
        callbacks=[
            ProgressCallback(report, settings.epochs, len(batches)),
            keras.callbacks.LambdaCallback(
                on_epoch_begin=lambda epoch, _: batches.begin_epoch(epoch),
                on_epoch_end=lambda epoch, logs: add_to_history(history, epoch, logs),
            ),
            keras.callbacks.BackupAndRestore(
                checkpoint, double_checkpoint=True, delete_checkpoint=False
            ),
        ],
    )
    network.set_weights(trained.get_weights())
    return read_history(history)


def learning_rate(
    settings: TrainingSettings, steps: int
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return the learning rate by step: a linear warm-up, then a cosine down to 0.

    Raises ValueError where there are too few steps for a warm-up.
    """
    peak = ORIGIN_RATE if settings.origin else PEAK_RATE
    if settings.finetune:
        peak = FINETUNE_RATE
    warm_up = max(1, round(WARM_UP * steps))
    if steps <= warm_up:
        raise ValueError(f"these glyphs are too few for a training: give it {2 * BATCH}")
    return keras.optimizers.schedules.CosineDecay(
        peak / 100, steps - warm_up, warmup_target=peak, warmup_steps=warm_up
    )


def add_to_history(path: Path, epoch: int, logs: dict[str, float]) -> None:
    """Append an epoch's losses and accuracies as one line of JSON."""
    row = {"epoch": epoch} | {name: round(float(value), 5) for name, value in logs.items()}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def read_history(path: Path) -> dict[str, list[float]]:
    """Return what `add_to_history` wrote: name -> one value an epoch.

    An epoch that was cut off after its line was written has a second one, which counts.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = {row.pop("epoch"): row for row in map(json.loads, lines)}
    return {name: [row[name] for row in rows.values()] for name in rows[0]}
