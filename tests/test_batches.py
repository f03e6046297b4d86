import numpy as np

from model.batches import BATCH, DIETS, Batches, add_noise, targets
from model.data import inked, make_training

TRAINING = make_training(1, limit=300).glyphs


def test_targets_name_the_digit_and_that_it_is_one() -> None:
    rows = targets(np.array([3, 10], np.uint8))
    assert rows.tolist() == [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1], [0] * 11]


def test_a_seed_gives_the_same_batches_in_any_order() -> None:
    one, two = (Batches("noisy", TRAINING, seed=5) for _ in range(2))
    late = two[1], two[0]
    assert np.array_equal(one[0][0], late[1][0])
    assert np.array_equal(one[1][0], late[0][0])


def test_every_epoch_shows_all_glyphs_anew() -> None:
    batches = Batches("clean", TRAINING, seed=5)
    first = batches[0][0]
    batches.on_epoch_end()
    assert len(batches) == len(TRAINING.x) // BATCH
    assert first.shape == (BATCH, 28, 28, 1)
    assert not np.array_equal(first, batches[0][0])


def test_a_network_trained_further_sees_more_glyphs_as_they_were_written() -> None:
    written = {glyph.tobytes() for glyph in inked(TRAINING.x)}

    def share(*, finetune: bool) -> float:
        batch, _ = Batches("clean", TRAINING, seed=5, finetune=finetune)[0]
        return float(np.mean([glyph[..., 0].tobytes() in written for glyph in batch]))

    assert share(finetune=False) < 0.2
    assert 0.3 < share(finetune=True) < 0.6


def test_noisy_eats_more_noise_than_clean() -> None:
    glyphs = inked(TRAINING.x)
    spoilt = {
        kind: (add_noise(glyphs, diet, np.random.default_rng(0)) != glyphs).any(axis=(1, 2)).mean()
        for kind, diet in DIETS.items()
    }
    assert 0.1 < spoilt["clean"] < 0.3
    assert 0.6 < spoilt["noisy"] < 0.8
