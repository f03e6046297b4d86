import numpy as np
import pytest

from model import calibration
from model.calibration import Prediction, by_one_network, calibrated
from model.evaluation import metrics

RNG = np.random.default_rng(4)


def answers(confidence: float, right: int, wrong: int) -> tuple[Prediction, np.ndarray]:
    """Predictions of 1 with one confidence; some labels are 1, the others 2."""
    rows = np.full((right + wrong, 10), (1 - confidence) / 9, np.float32)
    rows[:, 1] = confidence
    y = np.array([1] * right + [2] * wrong, np.uint8)
    is_digit = np.ones(len(rows), np.float32)
    return by_one_network(rows, is_digit), y


def test_accuracy_and_calibration_error_by_hand() -> None:
    prediction, y = answers(0.9, right=8, wrong=2)
    assert metrics.accuracy(prediction, y) == pytest.approx(0.8)
    assert metrics.ece(prediction, y) == pytest.approx(0.1)


def test_confidence_that_equals_accuracy_has_no_calibration_error() -> None:
    prediction, y = answers(0.8, right=8, wrong=2)
    assert metrics.ece(prediction, y) == pytest.approx(0, abs=1e-6)


def test_auc_counts_the_pairs_in_order() -> None:
    digits, others = RNG.random(40).astype(np.float32), RNG.random(30).astype(np.float32)
    pairs = np.mean([[(d > o) + (d == o) / 2 for o in others] for d in digits])
    assert metrics.auc(digits, others) == pytest.approx(pairs)
    assert metrics.auc(digits, digits) == pytest.approx(0.5)


def test_the_temperature_undoes_overconfidence() -> None:
    logits = RNG.normal(0, 2, (4000, 11)).astype(np.float32)
    chances = calibrated(logits, 1.0).probabilities
    y = np.array([RNG.choice(10, p=row / row.sum()) for row in chances.astype(float)], np.uint8)
    assert calibration.fit_temperature(3 * logits, y) == pytest.approx(3, rel=0.1)


def test_above_the_confidence_threshold_precision_is_reached() -> None:
    confidence = np.linspace(0.5, 1, 2001).astype(np.float32)
    rows = np.zeros((2001, 10), np.float32)
    rows[:, 1], rows[:, 2] = confidence, 1 - confidence
    y = np.where(RNG.random(2001) < confidence**0.02, 1, 2).astype(np.uint8)
    below = calibration.fit_confidence_threshold(by_one_network(rows, confidence), y)
    kept = confidence >= below
    assert np.mean(y[kept] == 1) >= calibration.PRECISION
    assert np.mean(y == 1) < calibration.PRECISION


def test_a_perfect_network_has_the_lowest_threshold_and_a_wrong_one_the_highest() -> None:
    assert calibration.fit_confidence_threshold(*answers(0.9, right=10, wrong=0)) == pytest.approx(
        0.9
    )
    assert (
        calibration.fit_confidence_threshold(*answers(0.9, right=0, wrong=10))
        == calibration.CONFIDENCE_THRESHOLD_MAX
    )


def test_the_rejection_threshold_accepts_the_given_share() -> None:
    shares = RNG.random(2000).astype(np.float32)
    bound = calibration.fit_rejection_threshold(
        by_one_network(np.zeros((2000, 10), np.float32), shares)
    )
    assert np.mean(shares >= bound) == pytest.approx(calibration.ACCEPTED, abs=1 / 2000)
