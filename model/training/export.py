"""A trained Keras network -> the files of a version: Keras, LiteRT, and the card of both."""

import contextlib
import io
import json
import logging
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.calibration import (
    calibrated,
    fit_confidence_threshold,
    fit_rejection_threshold,
    fit_temperature,
)
from model.datasets.splits import Labelled, Training, inked
from model.quantization import quantized
from model.registry import CARD, KERAS, TFLITE, Card, TrainingSettings, Version
from model.serving import Network
from model.training.augmentation import augment
from preprocessing.glyph import VERSION

COMPARED = 1_000  # validation glyphs on which LiteRT and Keras are compared


def write(
    version: Version,
    network: keras.Model,
    settings: TrainingSettings,
    training: Training,
    by: Labelled,
) -> Card:
    """Write the Keras and the LiteRT file and the card.

    `by`: validation glyphs; temperature and thresholds are fitted to what is served of them.
    """
    glyphs = inked(by.x)
    litert = to_litert(network)
    # A new model of the same layers: no optimizer state, which is twice as large as the weights.
    keras.Model(network.input, network.output).save(version.folder / KERAS)
    (version.folder / TFLITE).write_bytes(litert)
    served = Network(quantized(litert))
    logits = served.logits(glyphs)
    temperature = fit_temperature(logits, by.y)
    augmented = served.logits(augment(glyphs, np.random.default_rng(settings.seed)))
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
        unsure_below=fit_confidence_threshold(calibrated(augmented, temperature), by.y),
        odd_below=fit_rejection_threshold(calibrated(logits, temperature)),
        litert_difference=difference(network, litert, glyphs[:COMPARED]),
        tflite_sha256=sha256(litert).hexdigest(),
    )
    write_card(version, card)
    return card


def write_card(version: Version, card: Card) -> None:
    """Write card.json, indented for people to read."""
    (version.folder / CARD).write_text(json.dumps(card, indent=1), encoding="utf-8")


def to_litert(network: keras.Model) -> bytes:
    """Convert the network to the content of a .tflite file, in float32."""
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    with contextlib.redirect_stdout(io.StringIO()):  # the converter prints the signature
        content: bytes = tf.lite.TFLiteConverter.from_keras_model(network).convert()
    return content


def difference(network: keras.Model, litert: bytes, glyphs: NDArray[np.float32]) -> float:
    """Return the largest difference between a probability by Keras and by LiteRT.

    Over float32 (n, 28, 28) glyphs, ink 1 on 0.
    """
    keras_form = calibrated(network.predict(glyphs[..., np.newaxis], verbose=0), 1.0)
    litert_form = calibrated(Network(litert).logits(glyphs), 1.0)
    both = zip(keras_form, litert_form, strict=True)
    return float(max(np.abs(a - b).max() for a, b in both))
