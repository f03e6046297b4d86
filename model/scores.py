"""Logits and labels -> the numbers a network is judged by: accuracy, calibration, doubt."""

import numpy as np
from numpy.typing import NDArray

from model.serving import CLASSES, Prediction, calibrated

BINS = 15  # of confidence, as in Guo et al. 2017
TEMPERATURES = np.geomspace(
    0.25, 4, 161
)  # tried one after the other: a line search in 2.8 % steps
PRECISION = 0.995  # what is answered without a question mark is right this often
UNSURE_MOST = 0.95  # a higher threshold would doubt what is right
ACCEPTED = 0.995  # share of digits that the bound on `is_digit` lets through

Floats = NDArray[np.float32]
Labels = NDArray[np.uint8]


def accuracy(prediction: Prediction, y: Labels) -> float:
    """Return the share of n glyphs whose likeliest digit is the right one."""
    return float(np.mean(prediction.probabilities.argmax(axis=1) == y))


def ece(prediction: Prediction, y: Labels) -> float:
    """Return the expected calibration error of n answers."""
    right = prediction.probabilities.argmax(axis=1) == y
    return calibration_error(prediction.probabilities.max(axis=1), right)


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Return the gap between confidence and accuracy, bin by bin, as mean over all n answers."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(place, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / max(1, len(right)))


def auc(digits: Floats, others: Floats) -> float:
    """Return the area under the ROC: how often a digit (n,) scores over a non-digit (m,)."""
    ranked = np.sort(others)
    below = np.searchsorted(ranked, digits, "left") + np.searchsorted(ranked, digits, "right")
    return float(below.mean() / 2 / len(others))


def fit_temperature(logits: Floats, y: Labels) -> float:
    """Return the temperature that makes (n, 11) logits say the right labels most likely."""

    def surprise(temperature: float) -> float:
        likely = calibrated(logits, temperature).probabilities[np.arange(len(y)), y]
        return float(-np.log(np.maximum(likely, 1e-12)).mean())

    return float(min(TEMPERATURES, key=surprise))


def choose_doubt(prediction: Prediction, y: Labels) -> float:
    """Return the lowest confidence from which on answers are right PRECISION of the time."""
    confidence = prediction.probabilities.max(axis=1)
    right = prediction.probabilities.argmax(axis=1) == y
    order = np.argsort(-confidence)
    precision = np.cumsum(right[order]) / np.arange(1, len(y) + 1)
    good = np.flatnonzero(precision >= PRECISION)
    lowest = confidence[order[good[-1]]] if len(good) else 1.0
    return float(np.clip(lowest, 1 / CLASSES, UNSURE_MOST))


def choose_odd(prediction: Prediction) -> float:
    """Return the bound on `is_digit` that ACCEPTED of these n digits reach."""
    return float(np.quantile(prediction.is_digit, 1 - ACCEPTED))
