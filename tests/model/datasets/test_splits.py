import hashlib

import numpy as np
import pytest

from model.datasets import letters, splits


@pytest.fixture(scope="module")
def seen() -> set[bytes]:
    """All MNIST glyphs of a full training, and a tenth of those that are drawn for it."""
    with pytest.MonkeyPatch.context() as patch:
        for count in ("VARIANTS", "NEGATIVES"):
            patch.setattr(splits, count, getattr(splits, count) // 10)
        return {glyph.tobytes() for glyph in splits.make_training(1).glyphs.x}


def test_the_packed_data_is_mnist() -> None:
    train, validation = splits.load_split()
    test = splits.load_test()
    assert [len(part.x) for part in (train, validation, test)] == [55_000, 5_000, 10_000]
    # The pixels after the 16 bytes of header of t10k-images-idx3-ubyte.
    assert hashlib.sha256(test.x.tobytes()).hexdigest() == TEST_PIXELS
    assert np.bincount(test.y).tolist() == TEST_COUNTS


def test_no_validation_or_test_glyph_trains(seen: set[bytes]) -> None:
    train, validation = splits.load_split()
    assert not seen & {glyph.tobytes() for glyph in validation.x}
    assert not seen & {glyph.tobytes() for glyph in splits.load_test().x}
    assert {glyph.tobytes() for glyph in train.x} <= seen


def test_a_seed_makes_the_same_training_again() -> None:
    one, same, other = (splits.make_training(seed, limit=300) for seed in (1, 1, 2))
    assert one.sha256() == same.sha256()
    assert one.sha256() != other.sha256()


def test_a_limit_shrinks_every_source() -> None:
    sources = splits.make_training(1, limit=550).sources
    assert sources == {
        "mnist": 550,
        "variants": splits.VARIANTS // 100,
        "negatives": splits.NEGATIVES // 100,
    }


def test_corrections_train_too() -> None:
    lesson = splits.Labelled(np.full((3, 28, 28), 7, np.uint8), np.array([1, 2, 10], np.uint8))
    training = splits.make_training(1, corrections=lesson, limit=100)
    taught = (training.glyphs.x == 7).all(axis=(1, 2))
    assert set(training.glyphs.y[taught]) == {1, 2, 10}


def test_letters_that_measure_never_train(seen: set[bytes]) -> None:
    measuring = {glyph.tobytes() for glyph in splits.load_letters()}
    assert len(measuring) > 100
    assert not measuring & seen
    with np.load(letters.PACKED) as packed:  # all that negatives may be made of
        assert not measuring & {glyph.tobytes() for glyph in packed["train"]}


TEST_PIXELS = "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"


TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
