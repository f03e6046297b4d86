"""Predictions and labels -> accuracy, expected calibration error, area under the ROC."""

import numpy as np
from numpy.typing import NDArray

from model.calibration import Floats, Labels, Prediction

BINS = 15  # of confidence, as in Guo et al. 2017


def accuracy(prediction: Prediction, y: Labels) -> float:
    """Return the share of n glyphs whose most probable digit is the label."""
    return float(np.mean(prediction.probabilities.argmax(axis=1) == y))


def ece(prediction: Prediction, y: Labels) -> float:
    """Return the expected calibration error of n answers."""
    right = prediction.probabilities.argmax(axis=1) == y
    return calibration_error(prediction.probabilities.max(axis=1), right)


def calibration_error(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """Return the mean gap between confidence and accuracy over BINS, weighted by their answers."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(place, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / max(1, len(right)))


def auc(digits: Floats, others: Floats) -> float:
    """Return the area under the ROC: how often a digit (n,) scores over a non-digit (m,)."""
    ranked = np.sort(others)
    below = np.searchsorted(ranked, digits, "left") + np.searchsorted(ranked, digits, "right")
    return float(below.mean() / 2 / len(others))
