"""Fit a network, judge it, put it among the versions; tell how it goes while it does."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model.augment import augment
from model.batches import Batches, targets
from model.data import Labelled, Training, inked, load_split, make_training
from model.evaluate import score
from model.export import difference, to_litert
from model.network import build
from model.registry import CARD, KERAS, TFLITE, Card, Registry, Scores, Version, VersionError
from model.scores import choose_doubt, fit_temperature
from model.serving import Classifier, Network, calibrated
from model.vetting import believe, lessons, load_corrections, no_corrections
from preprocessing import VERSION

EPOCHS = {"clean": 26, "noisy": 24}  # from nothing; on two idle cores 40 s each
FINETUNE_EPOCHS = 3
PEAK_RATE = 2e-3  # learning rate after the warm-up; a cosine leads down from it to 0
FINETUNE_RATE = 2e-4
WARM_UP = 0.06  # of all steps
WEIGHT_DECAY = 2e-3
DIGIT_WEIGHT = 0.5  # of the loss of "is it a digit" beside that of "which one"
EQUAL_ON = 1_000  # glyphs that LiteRT and Keras must answer alike
PROGRESS_EVERY = 1.0  # s

Event = dict[str, object]
Report = Callable[[Event], None]


@dataclass(frozen=True)
class Settings:
    """What a training was asked to do; all of it goes on the card."""

    kind: str
    epochs: int
    seed: int
    finetune: bool
    limit: int | None  # MNIST glyphs at most; None: all of them


def train(
    settings: Settings,
    registry: Registry,
    report: Report,
    *,
    corrections: Path | None = None,
    promote: bool = False,
) -> str:
    """Train as asked and return the new version's name; raises ValueError, VersionError."""
    began = time.monotonic()
    taught = no_corrections() if corrections is None else load_corrections(corrections)
    believed = believe(taught)
    lesson = lessons(taught, believed)
    training = make_training(settings.seed, corrections=lesson, limit=settings.limit)
    _, validation = load_split()
    validation = Labelled(validation.x[: settings.limit], validation.y[: settings.limit])
    network = start_network(settings, registry)
    report(
        {
            "event": "start",
            "kind": settings.kind,
            "epochs": settings.epochs,
            "glyphs": len(training.glyphs.x),
            "corrections": len(lesson.x),
            "believed": believed.tolist(),
            "parameters": network.count_params(),
        }
    )
    history = fit(network, settings, training.glyphs, validation, report)
    before = former_scores(settings, registry)
    with registry.add(settings.kind) as version:
        card = write(version, network, settings, training, validation)
        card["history"] = history
        after = score(Classifier(version), settings.limit)
        card["scores"] = after
        minutes = round((time.monotonic() - began) / 60, 1)
        card["training"]["minutes"] = minutes
        write_card(version, card)
    if promote:
        registry.promote(settings.kind, version.name)
    report(
        {
            "event": "end",
            "kind": settings.kind,
            "version": version.name,
            "minutes": minutes,
            "before": before,
            "after": after,
            "promoted": promote,
        }
    )
    return version.name


def start_network(settings: Settings, registry: Registry) -> keras.Model:
    """Return a fresh network, or for fine-tuning the serving one; raises VersionError."""
    keras.utils.set_random_seed(settings.seed)
    if not settings.finetune:
        return build(settings.seed)
    serving = registry.serving(settings.kind)
    return keras.saving.load_model(serving.folder / KERAS, compile=False)


def former_scores(settings: Settings, registry: Registry) -> Scores | None:
    """Return what the serving version scores today; None where none serves."""
    try:
        return score(Classifier.load(settings.kind, registry.root), settings.limit)
    except VersionError:
        return None


def fit(
    network: keras.Model,
    settings: Settings,
    glyphs: Labelled,
    validation: Labelled,
    report: Report,
) -> dict[str, list[float]]:
    """Train the network and return loss and accuracies, one value an epoch."""
    batches = Batches(settings.kind, glyphs, seed=settings.seed)
    steps = settings.epochs * len(batches)
    peak = FINETUNE_RATE if settings.finetune else PEAK_RATE
    warm_up = max(1, round(WARM_UP * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        peak / 100, steps - warm_up, warmup_target=peak, warmup_steps=warm_up
    )
    network.compile(
        keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY), loss=loss, metrics=[digits_right]
    )
    done = network.fit(
        batches,
        epochs=settings.epochs,
        validation_data=(inked(validation.x)[..., None], targets(validation.y)),
        verbose=0,
        callbacks=[Progress(report, settings.epochs, len(batches))],
    )
    return {name: [round(value, 5) for value in values] for name, values in done.history.items()}


def loss(wanted: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the cross-entropy of the digit, none for a non-digit, plus that of "is a digit"."""
    which = -keras.ops.sum(wanted[:, :-1] * keras.ops.log_softmax(logits[:, :-1]), axis=-1)
    whether = keras.ops.binary_crossentropy(wanted[:, -1], logits[:, -1], from_logits=True)
    return which + DIGIT_WEIGHT * whether


def digits_right(wanted: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the share of right answers among the digits of a batch."""
    digits = wanted[:, -1]
    same = keras.ops.argmax(wanted[:, :-1], axis=-1) == keras.ops.argmax(logits[:, :-1], axis=-1)
    return keras.ops.sum(keras.ops.cast(same, "float32") * digits) / keras.ops.sum(digits)


def write(
    version: Version, network: keras.Model, settings: Settings, training: Training, by: Labelled
) -> Card:
    """Write both forms of the network and its card; temperature and doubt come from `by`."""
    glyphs = inked(by.x)
    litert = to_litert(network)
    # A model made anew of the same layers knows no optimizer, whose state is twice the network.
    keras.Model(network.input, network.output).save(version.folder / KERAS)
    (version.folder / TFLITE).write_bytes(litert)
    logits = Network(litert).logits(glyphs)
    temperature = fit_temperature(logits, by.y)
    hard = Network(litert).logits(augment(glyphs, np.random.default_rng(settings.seed)))
    card = Card(
        kind=settings.kind,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        parameters=network.count_params(),
        preprocessing=VERSION,
        training=asdict(settings),
        data={**training.sources, "sha256": training.sha256()},
        scores=None,
        history={},
        temperature=temperature,
        unsure_below=choose_doubt(calibrated(hard, temperature), by.y),
        litert_difference=difference(network, litert, glyphs[:EQUAL_ON]),
        tflite_sha256=sha256(litert).hexdigest(),
    )
    write_card(version, card)
    return card


def write_card(version: Version, card: Card) -> None:
    """Write card.json, readable for people too."""
    (version.folder / CARD).write_text(json.dumps(card, indent=1), encoding="utf-8")


class Progress(keras.callbacks.Callback):  # type: ignore[misc]
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
            {
                "event": "progress",
                "epoch": self._epoch + 1,
                "epochs": self._epochs,
                "done": round(done, 4),
                "loss": round(logs["loss"], 4),
                "accuracy": round(logs["digits_right"], 4),
                "val_accuracy": self._accuracy,
                "seconds_left": round((self._told - self._began) * (1 / done - 1)),
            }
        )
