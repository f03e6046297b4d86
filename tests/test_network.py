from pathlib import Path

import keras
import numpy as np
import pytest

from model import network
from model.registry import Registry
from model.version import KERAS


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


def test_the_glyph_as_written_is_a_second_answer_and_changes_not_the_first() -> None:
    glyphs = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    net = network.build(1)
    both = network.with_written(net)(glyphs)
    assert np.array_equal(both["digits"], net(glyphs))
    assert both["written"].shape == (4, 28, 28)


def test_drawing_the_glyph_that_was_written_costs_least() -> None:
    glyphs = np.random.default_rng(0).integers(0, 2, (2, 28, 28)).astype(np.float32)
    right, shifted = 20 * glyphs - 10, 20 * np.roll(glyphs, 1, axis=2) - 10
    costs = network.written_loss(glyphs, right), network.written_loss(glyphs, shifted)
    assert costs[0].shape == (2,)
    assert (costs[0] < 0.01).numpy().all() and (costs[1] > 1).numpy().all()


def test_each_place_of_the_maps_draws_the_same_place_of_the_glyph() -> None:
    net = network.with_written(network.build(1))
    telling = net.get_layer(network.TELLING)
    kernel, bias = telling.get_weights()
    telling.set_weights([kernel + 0.1, bias])
    glyph = np.zeros((1, 28, 28, 1), np.float32)
    glyph[0, 4:7, 20:23] = 1
    drawn = np.abs(np.asarray(net(glyph)["written"][0]) - np.asarray(net(0 * glyph)["written"][0]))
    row, column = np.unravel_index(drawn.argmax(), drawn.shape)
    assert abs(row - 5) <= 4 and abs(column - 21) <= 4


def test_a_network_that_another_process_saved_is_told_what_was_written_too(tmp_path: Path) -> None:
    keras.backend.clear_session()  # names begin anew, as in a process that only loads
    saved = Registry(tmp_path).serving("noisy").folder / KERAS
    told = network.with_written(keras.saving.load_model(saved, compile=False))
    assert told.output["written"].shape == (None, 28, 28)
