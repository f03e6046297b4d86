"""Calibration of a network: temperature, confidence threshold, rejection threshold."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.classes import CLASSES

TEMPERATURES = np.geomspace(0.25, 4, 161)  # all are tried
PRECISION = 0.995  # share of right answers among those without a question mark
CONFIDENCE_THRESHOLD_MAX = 0.95  # a higher one would put a question mark on right answers
ACCEPTED = 0.995  # share of digits that the bound on `is_digit` accepts
SHOWN_MAX = 0.999  # confidence that is shown at most: no network is certain
Floats = NDArray[np.float32]
Labels = NDArray[np.uint8]


class Prediction(NamedTuple):
    """Scores of n glyphs by one network or by both."""

    probabilities: NDArray[np.float32]  # (n, 10), calibrated, rows sum to 1
    is_digit: NDArray[np.float32]  # (n,), 0 to 1; of both networks the mean
    lowest: NDArray[np.float32]  # (n,), the lower `is_digit` of both networks
    agreed: NDArray[np.float32]  # (n,), the likeliest digit's probability; of both the mean


def calibrated(logits: NDArray[np.float32], temperature: float) -> Prediction:
    """Turn (n, 11) logits into a Prediction; a temperature over 1 makes it less sure.

    Guo et al., "On Calibration of Modern Neural Networks", 2017, section 4.2.
    """
    scaled = logits[:, :CLASSES] / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    is_digit = (1 / (1 + np.exp(-logits[:, CLASSES]))).astype(np.float32)
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return by_one_network(probabilities.astype(np.float32), is_digit)


def by_one_network(probabilities: Floats, is_digit: Floats) -> Prediction:
    """The Prediction of a network that answers alone."""
    return Prediction(probabilities, is_digit, is_digit, probabilities.max(axis=1))


def fit_temperature(logits: Floats, y: Labels) -> float:
    """Return the temperature of least log loss for (n, 11) logits and their labels."""

    def log_loss(temperature: float) -> float:
        likely = calibrated(logits, temperature).probabilities[np.arange(len(y)), y]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return float(min(TEMPERATURES, key=log_loss))


def fit_confidence_threshold(prediction: Prediction, y: Labels) -> float:
    """Return the lowest confidence above which PRECISION of the answers are right."""
    confidence = prediction.probabilities.max(axis=1)
    right = prediction.probabilities.argmax(axis=1) == y
    order = np.argsort(-confidence)
    precision = np.cumsum(right[order]) / np.arange(1, len(y) + 1)
    good = np.flatnonzero(precision >= PRECISION)
    lowest = confidence[order[good[-1]]] if len(good) else 1.0
    return float(np.clip(lowest, 1 / CLASSES, CONFIDENCE_THRESHOLD_MAX))


def fit_rejection_threshold(prediction: Prediction) -> float:
    """Return the bound on `is_digit` that ACCEPTED of these n digits reach."""
    return float(np.quantile(prediction.is_digit, 1 - ACCEPTED))
