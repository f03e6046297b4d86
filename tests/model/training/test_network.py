from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from model.registry import KERAS, Registry
from model.training import network
from model.training.network import build, fused

# Of what one step changes: sums in another order, and a variance of n - 1 places in place of n.
CLOSE = 1e-3
Weights = list[NDArray[np.float32]]


def test_eleven_logits_a_glyph() -> None:
    logits = network.build(1)(np.zeros((3, 28, 28, 1), np.float32))
    assert logits.shape == (3, network.LOGITS)


def test_a_seed_gives_the_same_network_again() -> None:
    first, same, other = (network.build(seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, same, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_a_grey_ground_changes_nothing() -> None:
    glyphs = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    net = network.build(1)
    assert np.allclose(net(glyphs), net(0.5 + 0.3 * glyphs), atol=0.02)


def test_another_size_than_intended_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "BLOCKS", ((8, 8), (8, 8, 8), (8, 8)))
    with pytest.raises(ValueError, match="parameters"):
        network.build(1)


def test_the_reconstruction_is_a_second_output_and_does_not_change_the_first() -> None:
    glyphs = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    net = network.build(1)
    both = network.with_reconstruction_head(net)(glyphs)
    assert np.array_equal(both["digits"], net(glyphs))
    assert both["written"].shape == (4, 28, 28)


def test_the_reconstruction_loss_is_least_for_the_uncorrupted_glyph() -> None:
    glyphs = np.random.default_rng(0).integers(0, 2, (2, 28, 28)).astype(np.float32)
    right, shifted = 20 * glyphs - 10, 20 * np.roll(glyphs, 1, axis=2) - 10
    costs = (
        network.reconstruction_loss(glyphs, right),
        network.reconstruction_loss(glyphs, shifted),
    )
    assert costs[0].shape == (2,)
    assert (costs[0] < 0.01).numpy().all() and (costs[1] > 1).numpy().all()


def test_each_place_of_the_feature_maps_reconstructs_the_same_place_of_the_glyph() -> None:
    net = network.with_reconstruction_head(network.build(1))
    head = net.get_layer(network.RECONSTRUCTION_LAYER)
    kernel, bias = head.get_weights()
    head.set_weights([kernel + 0.1, bias])
    glyph = np.zeros((1, 28, 28, 1), np.float32)
    glyph[0, 4:7, 20:23] = 1
    drawn = np.abs(np.asarray(net(glyph)["written"][0]) - np.asarray(net(0 * glyph)["written"][0]))
    row, column = np.unravel_index(drawn.argmax(), drawn.shape)
    assert abs(row - 5) <= 4 and abs(column - 21) <= 4


def test_a_network_saved_by_another_process_gets_a_reconstruction_head_too(tmp_path: Path) -> None:
    keras.backend.clear_session()  # names begin anew, as in a process that only loads
    saved = Registry(tmp_path).serving("noisy").folder / KERAS
    told = network.with_reconstruction_head(keras.saving.load_model(saved, compile=False))
    assert told.output["written"].shape == (None, 28, 28)


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


def test_the_fused_network_predicts_exactly_the_same(glyphs: NDArray[np.float32]) -> None:
    plain = build(1)
    assert np.array_equal(plain(glyphs), fused(plain)(glyphs))
