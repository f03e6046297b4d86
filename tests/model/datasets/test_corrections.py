"""Label sanitization: plain sevens labelled as ones do not train; unusual sevens do."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model.calibration import Prediction
from model.classes import KINDS
from model.datasets.corrections import (
    DAY_MAX,
    USER_MAX,
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

ATTACKER, TEACHER = 666, 7  # user ids; the teacher writes unusual sevens
ATTACKER_SENDS, TEACHER_SENDS = 300, 20  # corrections
MNIST_GLYPHS = 15_000  # of 55,000: the search for neighbours takes a quarter of the time
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
    return np.asarray(test.x[test.y == 7][:ATTACKER_SENDS])


@pytest.fixture(scope="module")
def odd_sevens() -> Glyphs:
    rng = np.random.default_rng(5)
    pages = [read_page(odd_seven(rng)) for _ in range(TEACHER_SENDS)]
    glyphs = np.array([page.glyphs[0] for page in pages])
    return np.asarray(np.rint(255 * glyphs), np.uint8)


def predictions(glyphs: Glyphs) -> list[Prediction]:
    shipped = Registry(SHIPPED)
    networks = [Classifier(shipped.serving(kind)) for kind in KINDS]
    return [one.predict(glyphs.astype(np.float32) / np.float32(255)) for one in networks]


def test_what_an_admin_approved_is_trusted_and_other_corrections_of_its_user_are_not(
    mnist: Labelled, plain_sevens: Glyphs
) -> None:
    taught = corrections(plain_sevens[:20], 1, ATTACKER)
    taught = taught._replace(approved=np.arange(20) < 5)
    assert trusted_mask(taught, predictions(taught.x), mnist).tolist() == [True] * 5 + [False] * 15


def test_no_plain_seven_labelled_as_one_is_trusted_and_most_unusual_sevens_are(
    mnist: Labelled, plain_sevens: Glyphs, odd_sevens: Glyphs
) -> None:
    taught = joined(corrections(plain_sevens, 1, ATTACKER), corrections(odd_sevens, 7, TEACHER))
    is_trusted = trusted_mask(taught, predictions(taught.x), mnist)
    of_attacker = int(is_trusted[taught.user == ATTACKER].sum())
    of_teacher = int(is_trusted[taught.user == TEACHER].sum())
    print(f"trusted: {of_attacker} of {ATTACKER_SENDS}, and {of_teacher} of {TEACHER_SENDS}")
    assert of_attacker == 0
    assert of_teacher >= 0.75 * TEACHER_SENDS
    assert (training_share(taught, uses(taught, is_trusted, is_trusted)).y == 7).all()


@pytest.mark.parametrize("label", [2, 10])
def test_plain_sevens_are_trusted_with_no_other_label(
    mnist: Labelled, plain_sevens: Glyphs, label: int
) -> None:
    taught = corrections(plain_sevens, label, ATTACKER)
    assert not trusted_mask(taught, predictions(taught.x), mnist).any()


def test_right_labels_beside_false_ones_earn_no_trust(
    mnist: Labelled, plain_sevens: Glyphs
) -> None:
    taught = joined(
        corrections(plain_sevens[:200], 7, ATTACKER), corrections(plain_sevens[200:], 1, ATTACKER)
    )
    is_trusted = trusted_mask(taught, predictions(taught.x), mnist)
    assert not is_trusted[taught.y == 1].any()


def test_one_user_trains_at_most_so_much_a_day_and_in_all() -> None:
    glyphs = np.zeros((DAY_MAX + 10, 28, 28), np.uint8)
    days = [corrections(glyphs, day, TEACHER, day=day) for day in range(4)]
    others = corrections(glyphs[:3], 9, 8)
    taught = joined(*days, others)
    all_of_them = np.ones(len(taught.y), np.bool_)
    use = uses(taught, all_of_them, all_of_them)
    trains = training_share(taught, use)
    assert len(trains.y) + (use == Use.TOO_MANY).sum() == len(taught.y)
    labels, counts = np.unique(trains.y, return_counts=True)
    newest = {3: DAY_MAX, 2: USER_MAX - DAY_MAX, 9: 3}
    assert dict(zip(labels.tolist(), counts.tolist(), strict=True)) == newest


def test_what_is_held_out_contradicted_or_harmful_does_not_train() -> None:
    taught = corrections(np.zeros((4, 28, 28), np.uint8), 7, TEACHER)
    taught = taught._replace(y=np.arange(4, dtype=np.uint8))
    taught = taught._replace(held_out=np.array([True, False, True, False]))
    harmless = np.array([True, True, False, False])
    plausible = np.array([True, True, True, False])
    use = uses(taught, plausible, harmless)
    trains = training_share(taught, use)
    assert trains.y.tolist() == [1]
    assert use.tolist() == [Use.MEASURES, Use.TRAINS, Use.HARMFUL, Use.CONTRADICTED]


def test_without_corrections_nothing_trains_and_no_version_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.datasets.corrections.SHIPPED", tmp_path)  # an empty folder
    nothing = Corrections.empty()
    is_trusted = trusted(nothing)
    assert is_trusted.shape == (0,)
    assert training_share(nothing, uses(nothing, is_trusted, is_trusted)).x.shape == (0, 28, 28)


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
