"""Fit a network, judge it, put it among the versions; tell how it goes while it does."""

import time
from pathlib import Path

import keras

from model.batches import Batches, targets
from model.card import Scores, Settings
from model.data import Labelled, inked, load_split, make_training
from model.evaluate import score
from model.export import write, write_card
from model.network import build, deepen, digits_right, loss
from model.progress import Progress, Report
from model.registry import KERAS, Registry, VersionError
from model.serving import Classifier
from model.vetting import believe, lessons, load_corrections, no_corrections

EPOCHS = {"clean": 22, "noisy": 36}  # from nothing; on two idle cores a minute each
FINETUNE_EPOCHS = 3
PEAK_RATE = 2e-3  # learning rate after the warm-up; a cosine leads down from it to 0
FINETUNE_RATE = 2e-4
CHANGE_RATE = 1e-3  # where layers are new, or the network was another kind
WARM_UP = 0.06  # of all steps
WEIGHT_DECAY = 2e-3


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
    network, origin = start_network(settings, registry)
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
        card["training"]["began_from"] = origin
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


def start_network(settings: Settings, registry: Registry) -> tuple[keras.Model, str]:
    """Return the network to train and the version it goes on from, "" for none.

    Fine-tuning goes on from the serving version, of its kind or of another. `noisy` trained in
    full goes on from `clean`, which knows the digits already and has the noise left to learn.
    Raises VersionError, and ValueError where a deep network is to be deepened.
    """
    keras.utils.set_random_seed(settings.seed)
    if settings.kind == "clean" and not settings.finetune:
        return build(settings.seed), ""
    own = settings.kind if settings.finetune else "clean"
    origin = registry.serving(settings.origin or own)
    network = keras.saving.load_model(origin.folder / KERAS, compile=False)
    if settings.deepen:
        network = deepen(network, settings.seed)
    return network, f"{origin.kind} {origin.name}"


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
    batches = Batches(settings.kind, glyphs, seed=settings.seed, finetune=settings.finetune)
    steps = settings.epochs * len(batches)
    peak = FINETUNE_RATE if settings.finetune else PEAK_RATE
    if settings.deepen or settings.origin:
        peak = CHANGE_RATE
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
