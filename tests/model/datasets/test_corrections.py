"""Vetting: who calls plain sevens ones is found out; whose own sevens are odd is believed."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model.calibration import Prediction
from model.classes import KINDS
from model.datasets.corrections import (
    DAY_CAP,
    USER_CAP,
    Corrections,
    Use,
    training_share,
    trusted,
    trusted_mask,
    uses,
)
from model.datasets.splits import Labelled, load_split, load_test
from model.registry import SHIPPED, Registry
from model.serving import Classifier
from preprocessing import read_page
from tests.odd_seven import odd_seven

ATTACKER, TEACHER = 666, 7
WORDS = 300  # of the attacker
LESSONS = 20  # of the teacher
MNIST_GLYPHS = 15_000  # neighbours enough, and in a quarter of the time
Glyphs = NDArray[np.uint8]


def corrections(x: Glyphs, y: int, user: int, *, day: int = 0) -> Corrections:
    """One user's corrections of a day, all to the same digit."""
    count = len(x)
    return Corrections(
        x,
        np.full(count, y, np.uint8),
        np.full(count, user),
        np.full(count, day),
        np.zeros(count, np.bool_),
        np.zeros(count, np.bool_),
    )


def joined(*parts: Corrections) -> Corrections:
    return Corrections(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


@pytest.fixture(scope="module")
def mnist() -> Labelled:
    train, _ = load_split()
    return Labelled(train.x[:MNIST_GLYPHS], train.y[:MNIST_GLYPHS])


@pytest.fixture(scope="module")
def plain_sevens() -> Glyphs:
    test = load_test()
    return np.asarray(test.x[test.y == 7][:WORDS])


@pytest.fixture(scope="module")
def odd_sevens() -> Glyphs:
    rng = np.random.default_rng(5)
    pages = [read_page(odd_seven(rng)) for _ in range(LESSONS)]
    glyphs = np.array([page.glyphs[0] for page in pages])
    return np.asarray(np.rint(255 * glyphs), np.uint8)


def opinions(glyphs: Glyphs) -> list[Prediction]:
    shipped = Registry(SHIPPED)
    asked = [Classifier(shipped.serving(kind)) for kind in KINDS]
    return [one.predict(glyphs.astype(np.float32) / np.float32(255)) for one in asked]


def test_what_an_admin_approved_is_believed_and_its_users_other_words_are_not(
    mnist: Labelled, plain_sevens: Glyphs
) -> None:
    taught = corrections(plain_sevens[:20], 1, ATTACKER)
    taught = taught._replace(approved=np.arange(20) < 5)
    assert trusted_mask(taught, opinions(taught.x), mnist).tolist() == [True] * 5 + [False] * 15


def test_the_attack_fails_and_the_honest_teacher_gets_through(
    mnist: Labelled, plain_sevens: Glyphs, odd_sevens: Glyphs
) -> None:
    taught = joined(corrections(plain_sevens, 1, ATTACKER), corrections(odd_sevens, 7, TEACHER))
    believed = trusted_mask(taught, opinions(taught.x), mnist)
    of_attacker = int(believed[taught.user == ATTACKER].sum())
    of_teacher = int(believed[taught.user == TEACHER].sum())
    print(f"believed: {of_attacker} of {WORDS} of the attacker, {of_teacher} of {LESSONS}")
    assert of_attacker == 0
    assert of_teacher >= 0.75 * LESSONS
    assert (training_share(taught, uses(taught, believed, believed)).y == 7).all()


@pytest.mark.parametrize("label", [2, 10])
def test_the_attack_fails_whatever_sevens_are_called(
    mnist: Labelled, plain_sevens: Glyphs, label: int
) -> None:
    taught = corrections(plain_sevens, label, ATTACKER)
    assert not trusted_mask(taught, opinions(taught.x), mnist).any()


def test_saying_the_obvious_beside_buys_no_belief(mnist: Labelled, plain_sevens: Glyphs) -> None:
    taught = joined(
        corrections(plain_sevens[:200], 7, ATTACKER), corrections(plain_sevens[200:], 1, ATTACKER)
    )
    believed = trusted_mask(taught, opinions(taught.x), mnist)
    assert not believed[taught.y == 1].any()


def test_one_user_trains_at_most_so_much_a_day_and_in_all() -> None:
    glyphs = np.zeros((DAY_CAP + 10, 28, 28), np.uint8)
    days = [corrections(glyphs, day, TEACHER, day=day) for day in range(4)]
    others = corrections(glyphs[:3], 9, 8)
    taught = joined(*days, others)
    all_of_them = np.ones(len(taught.y), np.bool_)
    use = uses(taught, all_of_them, all_of_them)
    lesson = training_share(taught, use)
    assert len(lesson.y) + (use == Use.TOO_MANY).sum() == len(taught.y)
    labels, counts = np.unique(lesson.y, return_counts=True)
    newest = {3: DAY_CAP, 2: USER_CAP - DAY_CAP, 9: 3}
    assert dict(zip(labels.tolist(), counts.tolist(), strict=True)) == newest


def test_what_is_held_out_or_not_believed_never_trains() -> None:
    taught = corrections(np.zeros((4, 28, 28), np.uint8), 7, TEACHER)
    taught = taught._replace(y=np.arange(4, dtype=np.uint8))
    taught = taught._replace(held_out=np.array([True, False, True, False]))
    believed = np.array([True, True, False, False])
    plausible = np.array([True, True, True, False])
    use = uses(taught, plausible, believed)
    lesson = training_share(taught, use)
    assert lesson.y.tolist() == [1]
    assert use.tolist() == [Use.MEASURES, Use.TRAINS, Use.HARMFUL, Use.CONTRADICTED]


def test_without_corrections_nothing_is_taught_and_no_version_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "model.datasets.corrections.SHIPPED", tmp_path
    )  # none there: all is made from nothing
    nothing = Corrections.empty()
    believed = trusted(nothing)
    assert believed.shape == (0,)
    assert training_share(nothing, uses(nothing, believed, believed)).x.shape == (0, 28, 28)


def test_the_file_of_the_bot_is_read_back(tmp_path: Path, odd_sevens: Glyphs) -> None:
    taught, path = corrections(odd_sevens, 7, TEACHER), tmp_path / "corrections.npz"
    taught.save(path)
    read = Corrections.load(path)
    for name, array in taught._asdict().items():
        assert np.array_equal(array, getattr(read, name))


@pytest.mark.parametrize(
    "wrong",
    [
        {"y": np.zeros(3, np.uint8)},
        {"y": np.full(2, 11, np.uint8)},
        {"x": np.zeros((2, 20, 28), np.uint8)},
    ],
)
def test_a_file_of_another_shape_is_refused(
    tmp_path: Path, wrong: dict[str, NDArray[np.uint8]]
) -> None:
    taught, path = corrections(np.zeros((2, 28, 28), np.uint8), 7, 1), tmp_path / "wrong.npz"
    np.savez_compressed(path, **(taught._asdict() | wrong))
    with pytest.raises(ValueError, match=r"wrong\.npz"):
        Corrections.load(path)


def test_a_file_that_lacks_something_is_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "few.npz", x=np.zeros((2, 28, 28), np.uint8))
    with pytest.raises(ValueError, match=r"few\.npz"):
        Corrections.load(tmp_path / "few.npz")


@pytest.mark.parametrize("kept", [0, 200])
def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "cut.npz"
    np.savez_compressed(path, **corrections(np.zeros((2, 28, 28), np.uint8), 7, 1)._asdict())
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ValueError, match=r"cut\.npz is cut short"):
        Corrections.load(path)
