import numpy as np
import pytest

from model.classes import KINDS
from model.datasets.splits import inked, load_split
from model.evaluation.corruptions import CORRUPTIONS
from model.evaluation.metrics import accuracy
from model.evaluation.mnist_c import MNIST_C
from model.serving import Classifier

DIGITS = load_split()[1]
GLYPHS = inked(DIGITS.x[:60])


def corrupted(name: str, glyphs: np.ndarray = GLYPHS) -> np.ndarray:
    return MNIST_C[name](glyphs, np.random.default_rng(1))


@pytest.mark.parametrize("name", MNIST_C)
def test_every_kind_changes_glyphs_within_their_range_and_is_reproducible(name: str) -> None:
    before = GLYPHS.copy()
    first = corrupted(name)
    assert first.shape == GLYPHS.shape and first.dtype == np.float32
    assert first.min() >= 0 and first.max() <= 1
    assert np.abs(first - GLYPHS).mean() > 0.01
    assert np.array_equal(first, corrupted(name))
    assert np.array_equal(before, GLYPHS), "the input was changed"


def test_none_is_a_family_that_trains() -> None:
    assert len(MNIST_C) == 15
    functions = {corrupt for corrupt, _ in CORRUPTIONS.values()}
    assert not functions & set(MNIST_C.values())


def test_a_stripe_inverts_seven_columns_on_either_side() -> None:
    changed = corrupted("stripe")
    assert np.allclose(changed[:, :, :7], 1 - GLYPHS[:, :, :7])
    assert np.allclose(changed[:, :, -7:], 1 - GLYPHS[:, :, -7:])
    assert np.array_equal(changed[:, :, 7:-7], GLYPHS[:, :, 7:-7])


def test_edges_are_thin_lines_around_strokes() -> None:
    bar = np.zeros((1, 28, 28), np.float32)
    bar[0, 4:24, 11:17] = 1
    edges = corrupted("canny_edges", bar)[0]
    assert set(np.unique(edges)) == {0.0, 1.0}
    assert (edges[10:18].sum(axis=1) == 2).all(), "not one px on either side of the bar"


def test_blurs_keep_the_mean_ink() -> None:
    for name in ("glass_blur", "motion_blur"):
        assert corrupted(name).mean() == pytest.approx(GLYPHS.mean(), rel=0.15)


@pytest.mark.parametrize("kind", KINDS)
def test_shipped_networks_read_what_only_moves_or_dims(kind: str) -> None:
    glyphs, labels = inked(DIGITS.x[:300]), DIGITS.y[:300]
    for name in ("scale", "rotate", "brightness", "translate", "impulse_noise"):
        assert accuracy(Classifier.load(kind).predict(corrupted(name, glyphs)), labels) > 0.96
