from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from model.calibration import Prediction, by_one_network
from model.datasets.splits import inked, load_split
from model.ensemble import Ensemble
from model.evaluation.corruptions import CORRUPTIONS
from model.evaluation.metrics import accuracy
from model.serving import Classifier
from tests.versions import predicts_once

GLYPHS = inked(load_split()[1].x[:50])


class ConstantNetwork:
    """A network with the same prediction for every glyph."""

    confidence_threshold = rejection_threshold = 0.6

    def __init__(self, seven: float, is_digit: float) -> None:
        self.version = f"v{seven}"
        self._row = np.full(10, (1 - seven) / 9, np.float32)
        self._row[7] = seven
        self._is_digit = is_digit

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        count = len(glyphs)
        row = np.tile(self._row, (count, 1))
        is_digit = np.full(count, self._is_digit, np.float32)
        return by_one_network(row, is_digit)


def both(clean: ConstantNetwork, noisy: ConstantNetwork) -> Prediction:
    return Ensemble(cast(Classifier, clean), cast(Classifier, noisy)).predict(GLYPHS)


def test_the_network_with_the_higher_score_answers_and_is_digit_is_the_mean() -> None:
    for seven in (0.9, 0.3):
        answer = both(
            ConstantNetwork(seven, is_digit=0.8), ConstantNetwork(1.2 - seven, is_digit=0.6)
        )
        assert np.allclose(answer.probabilities[:, 7], 0.9)
        assert np.allclose(answer.probabilities.sum(axis=1), 1)
        assert np.allclose(answer.is_digit, 0.7)
        assert np.allclose(answer.lowest, 0.6)
        assert np.allclose(answer.agreed, 0.6)  # (0.9 + 0.3) / 2


def test_a_network_that_rejects_a_glyph_does_not_answer() -> None:
    assert np.allclose(
        both(ConstantNetwork(0.9, 0.01), ConstantNetwork(0.4, 0.99)).probabilities[:, 7], 0.4
    )
    assert np.allclose(
        both(ConstantNetwork(0.4, 0.99), ConstantNetwork(0.9, 0.01)).probabilities[:, 7], 0.4
    )


def test_glyphs_that_both_reject_still_get_an_answer() -> None:
    answer = both(ConstantNetwork(0.9, 0.0), ConstantNetwork(0.5, 0.0))
    assert np.allclose(answer.probabilities[:, 7], 0.9) and not answer.is_digit.any()


@pytest.mark.parametrize(("family", "level"), [("spots", 4), ("stripes", 0), ("gaussian", 4)])
def test_under_noise_that_one_reads_better_both_read_as_well(
    family: str, level: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    digits = load_split()[1]
    noise = CORRUPTIONS[family]
    corrupted = noise.corrupt(
        inked(digits.x[:1000]), noise.levels[level], np.random.default_rng(1)
    )
    clean, noisy = Classifier.load("clean"), Classifier.load("noisy")
    predictions = [predicts_once(network, corrupted, monkeypatch) for network in (clean, noisy)]
    alone = [accuracy(prediction, digits.y[:1000]) for prediction in predictions]
    together = accuracy(Ensemble(clean, noisy).predict(corrupted), digits.y[:1000])
    assert together >= max(alone) - 0.004  # the worse of the two is .011 to .016 behind
