import numpy as np

from model.data import inked, load_split
from model.recapture import recapture
from model.serving import Classifier

DIGITS = load_split()[1]
GLYPHS = inked(DIGITS.x[:300])


def test_a_recaptured_digit_fills_the_field_the_mnist_way() -> None:
    again = recapture(GLYPHS, np.random.default_rng(0))
    assert again.shape == GLYPHS.shape
    assert again.dtype == np.float32
    assert again.min() >= 0
    assert again.max() == 1
    rows, columns = (again.max(axis=axis) > 0.05 for axis in (2, 1))
    longer = np.maximum(rows.sum(axis=1), columns.sum(axis=1))
    assert np.quantile(longer, 0.05) >= 18
    assert longer.max() <= 20


def test_it_differs_each_time_and_stays_the_digit_it_is() -> None:
    rng = np.random.default_rng(0)
    one, two = recapture(GLYPHS, rng), recapture(GLYPHS, rng)
    assert np.abs(one - two).mean() > 0.01
    read = Classifier.load("noisy").predict(one).probabilities.argmax(axis=1)
    assert np.mean(read == DIGITS.y[:300]) > 0.93


def test_a_blank_stays_blank() -> None:
    assert not recapture(np.zeros((2, 28, 28), np.float32), np.random.default_rng(0)).any()
