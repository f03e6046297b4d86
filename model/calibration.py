"""Calibration of a network: temperature, confidence threshold, rejection threshold."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.classes import CLASSES

TEMPERATURES = np.geomspace(
    0.25, 4, 161
)  # tried one after the other: a line search in 2.8 % steps
PRECISION = 0.995  # what is answered without a question mark is right this often
UNSURE_MOST = 0.95  # a higher threshold would doubt what is right
ACCEPTED = 0.995  # share of digits that the bound on `is_digit` lets through
Floats = NDArray[np.float32]
Labels = NDArray[np.uint8]


class Prediction(NamedTuple):
    """Scores of n glyphs by one network or by both."""

    probabilities: NDArray[np.float32]  # (n, 10), calibrated, rows sum to 1
    is_digit: NDArray[np.float32]  # (n,), 0 to 1


def calibrated(logits: NDArray[np.float32], temperature: float) -> Prediction:
    """Turn (n, 11) logits into a Prediction; a temperature over 1 makes it less sure.

    Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2.
    """
    scaled = logits[:, :CLASSES] / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    is_digit = 1 / (1 + np.exp(-logits[:, CLASSES]))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return Prediction(probabilities.astype(np.float32), is_digit.astype(np.float32))


def fit_temperature(logits: Floats, y: Labels) -> float:
    """Return the temperature of least log loss for (n, 11) logits and their labels."""

    def log_loss(temperature: float) -> float:
        likely = calibrated(logits, temperature).probabilities[np.arange(len(y)), y]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return float(min(TEMPERATURES, key=log_loss))


def fit_confidence_threshold(prediction: Prediction, y: Labels) -> float:
    """Return the lowest confidence from which on answers are right PRECISION of the time."""
    confidence = prediction.probabilities.max(axis=1)
    right = prediction.probabilities.argmax(axis=1) == y
    order = np.argsort(-confidence)
    precision = np.cumsum(right[order]) / np.arange(1, len(y) + 1)
    good = np.flatnonzero(precision >= PRECISION)
    lowest = confidence[order[good[-1]]] if len(good) else 1.0
    return float(np.clip(lowest, 1 / CLASSES, UNSURE_MOST))


def fit_rejection_threshold(prediction: Prediction) -> float:
    """Return the bound on `is_digit` that ACCEPTED of these n digits reach."""
    return float(np.quantile(prediction.is_digit, 1 - ACCEPTED))
