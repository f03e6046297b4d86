import numpy as np

from model.datasets.splits import inked, make_training
from model.registry import TrainingSettings
from model.training.batches import BATCH, NOISE_MIX, Batches, add_noise, targets

TRAINING = make_training(1, limit=300).glyphs


def batches_of(kind: str, *, epochs: int = 4, finetune: bool = False) -> Batches:
    return Batches(TrainingSettings(kind, epochs, 5, finetune, None), TRAINING)


def test_targets_name_the_digit_and_that_it_is_one() -> None:
    rows = targets(np.array([3, 10], np.uint8))
    assert rows.tolist() == [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1], [0] * 11]


def test_a_seed_gives_the_same_batches_in_any_order() -> None:
    one, two = (batches_of("noisy") for _ in range(2))
    late = two[1], two[0]
    assert np.array_equal(one[0][0], late[1][0])
    assert np.array_equal(one[1][0], late[0][0])


def test_every_epoch_shows_the_glyphs_anew() -> None:
    batches = batches_of("clean")
    first = batches[0][0]
    batches.begin_epoch(1)
    assert first.shape == (BATCH, 28, 28, 1)
    assert not np.array_equal(first, batches[0][0])


def test_an_epoch_shows_every_glyph_once_but_for_what_fills_no_batch() -> None:
    """Counted by label: the glyphs that fill no batch are missing."""
    batches = batches_of("clean")
    shown = np.concatenate([batches[i][1]["digits"] for i in range(len(batches))])
    there = targets(TRAINING.y)
    assert len(shown) == len(there) // BATCH * BATCH
    missing = there.sum(axis=0) - shown.sum(axis=0)
    assert (missing >= 0).all()
    assert missing[:10].sum() <= len(there) - len(shown)


def test_more_glyphs_are_unaugmented_in_later_epochs() -> None:
    written = {glyph.tobytes() for glyph in inked(TRAINING.x)}

    def share(batches: Batches) -> float:
        batch, _ = batches[0]
        return float(np.mean([glyph[..., 0].tobytes() in written for glyph in batch]))

    full, further = batches_of("clean"), batches_of("clean", finetune=True)
    assert share(full) < 0.2
    assert 0.3 < share(further) < 0.6
    full.begin_epoch(3)
    assert 0.2 < share(full) < 0.5


def test_the_target_of_the_reconstruction_is_the_glyph_without_noise() -> None:
    batch, wanted = batches_of("noisy")[0]
    corrupted = np.abs(batch[..., 0] - wanted["written"]).max(axis=(1, 2)) > 0.1
    assert 0.6 < corrupted.mean() < 0.97
    assert wanted["digits"].shape == (BATCH, 11)


def test_noisy_trains_with_more_noise_than_clean() -> None:
    glyphs = inked(TRAINING.x)
    corrupted = {
        kind: (add_noise(glyphs, diet, np.random.default_rng(0)) != glyphs).any(axis=(1, 2)).mean()
        for kind, diet in NOISE_MIX.items()
    }
    assert 0.1 < corrupted["clean"] < 0.3
    assert 0.65 < corrupted["noisy"] < 0.8
