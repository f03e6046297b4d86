"""A trained Keras network -> its LiteRT file, and how far the two answer apart."""

import contextlib
import io
import logging

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from model.serving import Network, calibrated


def to_litert(network: keras.Model) -> bytes:
    """Return the network as the content of a .tflite file, in float32."""
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    with contextlib.redirect_stdout(io.StringIO()):  # the converter prints the signature
        content: bytes = tf.lite.TFLiteConverter.from_keras_model(network).convert()
    return content


def difference(network: keras.Model, litert: bytes, glyphs: NDArray[np.float32]) -> float:
    """Return the largest difference of any probability over (n, 28, 28) glyphs."""
    kept = calibrated(network.predict(glyphs[..., np.newaxis], verbose=0), 1.0)
    served = calibrated(Network(litert).logits(glyphs), 1.0)
    apart = [np.abs(a - b).max() for a, b in zip(kept, served, strict=True)]
    return float(max(apart))
