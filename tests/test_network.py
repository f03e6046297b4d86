import numpy as np
import pytest

from model import network


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
    monkeypatch.setattr(network, "BLOCKS", ((8,), (8, 8), (8, 8)))
    with pytest.raises(ValueError, match="parameters"):
        network.build(1)


def test_a_deepened_network_answers_as_before_and_is_larger() -> None:
    glyphs = np.random.default_rng(0).random((4, 28, 28, 1), np.float32)
    before = network.build(1)
    after = network.deepen(before, 2)
    assert np.array_equal(before(glyphs), after(glyphs))
    assert after.count_params() > before.count_params()


def test_a_deep_network_is_not_deepened() -> None:
    deep = network.build(1, deep=True)
    with pytest.raises(ValueError, match="deep already"):
        network.deepen(deep, 1)
