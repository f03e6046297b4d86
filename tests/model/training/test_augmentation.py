import numpy as np

from model.datasets.splits import inked, load_split
from model.serving import Classifier
from model.training.augmentation import augment, simulate_capture

DIGIT_GLYPHS = inked(load_split()[1].x[:200])
DIGITS = load_split()[1]
GLYPHS = inked(DIGITS.x[:300])


def test_variants_differ_from_their_glyphs_and_each_other() -> None:
    rng = np.random.default_rng(0)
    one, two = augment(DIGIT_GLYPHS, rng), augment(DIGIT_GLYPHS, rng)
    assert one.shape == DIGIT_GLYPHS.shape
    assert one.dtype == np.float32
    assert not np.array_equal(one, two)
    assert np.abs(one - DIGIT_GLYPHS).mean() > 0.01


def test_ink_stays_between_paper_and_full() -> None:
    changed = augment(DIGIT_GLYPHS, np.random.default_rng(0))
    assert changed.min() >= 0
    assert changed.max() <= 1


def test_a_digit_stays_in_the_field() -> None:
    changed = augment(DIGIT_GLYPHS, np.random.default_rng(0))
    kept = changed.sum(axis=(1, 2)) / DIGIT_GLYPHS.sum(axis=(1, 2))
    assert kept.min() > 0.2
    assert np.median(kept) > 0.7


def test_a_recaptured_digit_fills_the_field_the_mnist_way() -> None:
    again = simulate_capture(GLYPHS, np.random.default_rng(0))
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
    one, two = simulate_capture(GLYPHS, rng), simulate_capture(GLYPHS, rng)
    assert np.abs(one - two).mean() > 0.01
    read = Classifier.load("noisy").predict(one).probabilities.argmax(axis=1)
    assert np.mean(read == DIGITS.y[:300]) > 0.93


def test_a_blank_stays_blank() -> None:
    assert not simulate_capture(np.zeros((2, 28, 28), np.float32), np.random.default_rng(0)).any()
