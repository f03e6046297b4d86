"""Corrections: rows of the store as arrays and as a file; versions compared by what they read."""

from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bot.learning.corrections import (
    HeldOut,
    Learned,
    Pattern,
    from_rows,
    one_sided,
    read_right,
)
from bot.store.tables import CorrectionRow
from model.calibration import Prediction, by_one_network
from model.datasets.corrections import Corrections, Use
from model.serving import Classifier


class Says:
    """Stub of a network that reads every glyph as the same digit."""

    def __init__(self, digit: int, is_digit: float = 1.0) -> None:
        self._digit, self._is_digit = digit, is_digit

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        assert glyphs.dtype == np.float32 and glyphs.max(initial=0) <= 1
        probabilities = np.eye(10, dtype=np.float32)[[self._digit] * len(glyphs)]
        is_digit = np.full(len(glyphs), self._is_digit, np.float32)
        return by_one_network(probabilities, is_digit)


def version(digit: int, is_digit: float = 1.0) -> Classifier:
    return cast(Classifier, Says(digit, is_digit))


def row(should_be: int, *, held_out: bool = False, user: int = 7) -> CorrectionRow:
    glyph = bytes([should_be] * 28 * 28)
    return CorrectionRow(
        user_id=user, glyph=glyph, should_be=should_be, created=2 * 86_400, held_out=held_out
    )


def test_the_file_holds_what_the_training_takes(tmp_path: Path) -> None:
    path = tmp_path / "corrections.npz"
    from_rows([row(3), row(10, held_out=True)]).save(path)
    taught = Corrections.load(path)
    assert taught.x[:, 14, 14].tolist() == [3, 10]
    assert (taught.y.tolist(), taught.held_out.tolist()) == ([3, 10], [False, True])
    assert (taught.user.tolist(), taught.day.tolist()) == ([7, 7], [2, 2])


def test_no_corrections_make_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "corrections.npz"
    from_rows([]).save(path)
    assert Corrections.load(path).x.shape == (0, 28, 28)


def test_a_not_a_digit_label_is_read_right_where_a_version_finds_no_digit() -> None:
    corrections = from_rows([row(7), row(10)])
    assert read_right(corrections, version(7)).tolist() == [True, False]
    assert read_right(corrections, version(7, is_digit=0.2)).tolist() == [False, True]


def test_held_out_corrections_are_counted_and_untrusted_ones_are_not() -> None:
    corrections = from_rows([row(7), row(1), row(7, held_out=True), row(1, held_out=True)])
    use = np.array([Use.TRAINS, Use.TRAINS, Use.MEASURES, Use.HARMFUL], np.uint8)
    learned = Learned.of(corrections, use, version(1), version(7))
    assert learned.counts == (2, 1)
    assert learned.held_out == HeldOut(before=0, after=1, count=1)
    assert learned.gained.tolist() == [0, 2]
    assert learned.missed.tolist() == [1]


def test_held_out_corrections_of_users_who_train_do_not_count_beside_those_of_others() -> None:
    rows = [row(7), row(1, held_out=True), row(7, held_out=True, user=8)]
    trains = np.array([Use.TRAINS, Use.MEASURES, Use.MEASURES], np.uint8)
    learned = Learned.of(from_rows(rows), trains, version(1), version(7))
    assert learned.held_out == HeldOut(before=0, after=1, count=1)
    learned = Learned.of(from_rows(rows[:2]), trains[:2], version(1), version(7))
    assert learned.held_out == HeldOut(before=1, after=0, count=1)


def taught(was: int, should_be: int, users: int, each: int) -> list[CorrectionRow]:
    """Corrections of one change of label, `each` by every user."""
    return [
        CorrectionRow(user_id=user, was=was, should_be=should_be)
        for user in range(users)
        for _ in range(each)
    ]


def test_a_change_of_label_by_several_users_is_a_pattern() -> None:
    mixed = [row for digit in range(9) for row in taught(digit, digit + 1, 1, 1)]
    assert one_sided([*taught(7, 1, 5, 6), *mixed]) == Pattern(7, 1, corrections=30, users=5)


def test_few_corrections_one_teacher_and_many_kinds_of_changes_are_no_pattern() -> None:
    assert one_sided([]) is None
    assert one_sided(taught(7, 1, 3, 3)) is None
    assert one_sided(taught(7, 1, 1, 40)) is None
    assert one_sided([row for digit in range(9) for row in taught(digit, 9, 4, 3)]) is None
