"""Fit a network, judge it, put it among the versions; tell how it goes while it does."""

import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from model.datasets.corrections import Corrections, training_share, trusted, trusted_file
from model.datasets.splits import Labelled, inked, load_split, make_training
from model.evaluation.evaluate import score
from model.events import End, Event, Progress, Start
from model.registry import KERAS, Registry, Scores, TrainingSettings, VersionError
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

# On two idle cores one takes about 100 seconds.
EPOCHS, FINETUNE_EPOCHS = 32, 3  # of a full training, what an hour holds; of a further one
# Learning rate after the warm-up; a cosine leads down from it to 0.
PEAK_RATE, CHANGE_RATE, FINETUNE_RATE = 2e-3, 1e-3, 2e-4
RECONSTRUCTION_WEIGHT = 2.0  # of the loss of drawing what was written beside that of reading it
WARM_UP = 0.06  # of all steps
WEIGHT_DECAY = 2e-3
PROGRESS_EVERY = 1.0  # s
Report = Callable[[Event], None]


class ProgressCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports about every second how far the training is."""

    def __init__(self, report: Report, epochs: int, steps: int) -> None:
        super().__init__()
        self._report, self._epochs, self._steps = report, epochs, steps
        self._epoch = 0
        self._accuracy: float | None = None
        self._began = self._told = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._epoch = epoch

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._accuracy = round((logs or {})["val_digits_right"], 4)
        self._tell(self._steps, logs or {})

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if time.monotonic() - self._told >= PROGRESS_EVERY:
            self._tell(batch + 1, logs or {})

    def _tell(self, steps: int, logs: dict[str, float]) -> None:
        self._told = time.monotonic()
        done = (self._epoch + steps / self._steps) / self._epochs
        self._report(
            Progress(
                event="progress",
                epoch=self._epoch + 1,
                epochs=self._epochs,
                done=round(done, 4),
                loss=round(logs["loss"], 4),
                accuracy=round(logs["digits_right"], 4),
                val_accuracy=self._accuracy,
                seconds_left=round((self._told - self._began) * (1 / done - 1)),
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

    Which corrections are trusted is written beside their file before `start` is reported.
    Raises ValueError, OSError, VersionError.
    """
    began = time.monotonic()
    taught = Corrections.empty() if corrections is None else Corrections.load(corrections)
    believed = harmless(taught, trusted(taught), settings.kind)
    if corrections is not None:
        np.save(trusted_file(corrections), believed)
    lesson = training_share(taught, believed)
    training = make_training(settings.seed, corrections=lesson, limit=settings.limit)
    _, validation = load_split()
    validation = Labelled(validation.x[: settings.limit], validation.y[: settings.limit])
    network, origin = start_network(settings, registry)
    report(
        Start(
            event="start",
            kind=settings.kind,
            epochs=settings.epochs,
            glyphs=len(training.glyphs.x),
            corrections=len(lesson.x),
            parameters=network.count_params(),
        )
    )
    history = fit(network, settings, training.glyphs, validation, report)
    before = former_scores(settings, registry)
    with registry.add(settings.kind) as version:
        card = write(version, network, settings, training, validation)
        card["history"] = history
        card["training"]["began_from"] = origin
        after = score(Classifier(version), settings.limit)
        card["scores"] = after
        minutes = round((time.monotonic() - began) / 60, 1)
        card["training"]["minutes"] = minutes
        write_card(version, card)
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


def start_network(settings: TrainingSettings, registry: Registry) -> tuple[keras.Model, str]:
    """Return the network to train and the version it goes on from, "" for none.

    Fine-tuning goes on from the serving version of its kind; another kind's may be the origin of
    a full training: `clean` from `noisy` looks at strokes and not at edges, and other hands gain.
    Raises VersionError.
    """
    keras.utils.set_random_seed(settings.seed)
    origin = settings.kind if settings.finetune else settings.origin
    if origin is None:
        return build(settings.seed), ""
    version = registry.serving(origin)
    network = keras.saving.load_model(version.folder / KERAS, compile=False)
    return network, f"{version.kind} {version.name}"


def former_scores(settings: TrainingSettings, registry: Registry) -> Scores | None:
    """Return what the serving version scores today; None where none serves."""
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
) -> dict[str, list[float]]:
    """Train the network and return loss and accuracies, one value an epoch.

    Raises ValueError where there are too few glyphs for that.
    """
    batches = Batches(settings, glyphs)
    steps = settings.epochs * len(batches)
    peak = CHANGE_RATE if settings.origin else PEAK_RATE
    if settings.finetune:
        peak = FINETUNE_RATE
    warm_up = max(1, round(WARM_UP * steps))
    if steps <= warm_up:
        raise ValueError(f"{len(glyphs.x)} glyphs are too few for a training: give it {2 * BATCH}")
    rate = keras.optimizers.schedules.CosineDecay(
        peak / 100, steps - warm_up, warmup_target=peak, warmup_steps=warm_up
    )
    quick = fused(network)
    learner = with_reconstruction_head(quick)
    learner.compile(
        keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        loss={"digits": loss, "written": reconstruction_loss},
        loss_weights={"digits": 1.0, "written": RECONSTRUCTION_WEIGHT},
        # Named as the histories on shipped cards name it.
        metrics={"digits": keras.metrics.MeanMetricWrapper(digit_accuracy, name="right")},
    )
    as_written = inked(validation.x)
    done = learner.fit(
        batches,
        epochs=settings.epochs,
        validation_data=(as_written[..., None], wanted(validation.y, as_written)),
        verbose=0,
        callbacks=[ProgressCallback(report, settings.epochs, len(batches))],
    )
    network.set_weights(quick.get_weights())
    return {name: [round(value, 5) for value in values] for name, values in done.history.items()}
