import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from model.network import build
from model.normalizing import fused

# Of what one step changes: sums in another order, and a variance of n - 1 places in place of n.
CLOSE = 1e-3

Weights = list[NDArray[np.float32]]


@pytest.fixture(scope="module")
def glyphs() -> NDArray[np.float32]:
    return np.random.default_rng(0).random((32, 28, 28, 1), np.float32)


def taught(network: keras.Model, glyphs: NDArray[np.float32]) -> tuple[tf.Tensor, Weights]:
    """Return the logits in training and all weights after one step towards zero logits."""
    layers = [layer for layer in network.layers if isinstance(layer, keras.layers.Dropout)]
    for layer in layers:
        layer.rate = 0.0  # chance aside
    with tf.GradientTape() as tape:
        logits = network(glyphs, training=True)
        loss = tf.reduce_mean(logits**2)
    gradients = tape.gradient(loss, network.trainable_variables)
    keras.optimizers.SGD(0.1).apply(gradients, network.trainable_variables)
    return logits, network.get_weights()


def test_the_fused_network_trains_as_the_plain_one(glyphs: NDArray[np.float32]) -> None:
    plain = build(1)
    began = plain.get_weights()
    quick = fused(plain)
    logits, weights = taught(plain, glyphs)
    quick_logits, quick_weights = taught(quick, glyphs)
    np.testing.assert_allclose(quick_logits, logits, atol=1e-4)
    moved = [np.abs(a - b).max() for a, b in zip(began, weights, strict=True)]
    apart = [np.abs(a - b).max() for a, b in zip(quick_weights, weights, strict=True)]
    assert min(moved) > 0, "each weight learns, and so do the moving means and variances"
    assert np.divide(apart, moved).max() < CLOSE


def test_the_fused_network_answers_to_the_bit(glyphs: NDArray[np.float32]) -> None:
    plain = build(1)
    assert np.array_equal(plain(glyphs), fused(plain)(glyphs))
