"""Corrections -> the file that a training takes, and what a version makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answers.buttons import NOT_A_DIGIT
from bot.store.tables import CorrectionRow
from model.serving import Classifier

DAY = 86_400  # s
IS_DIGIT = 0.5  # from here on a version takes a glyph for a digit


@dataclass(frozen=True)
class HeldOut:
    """How many of the corrections that never train two versions read right."""

    before: int
    after: int
    count: int


@dataclass(frozen=True)
class TeacherCorrections:
    """Corrections as arrays of one length."""

    glyphs: NDArray[np.uint8]  # (n, 28, 28), ink 255 on 0
    should_be: NDArray[np.int64]  # 0 to 9, NOT_A_DIGIT
    users: NDArray[np.int64]
    days: NDArray[np.int64]  # since 1970, UTC
    held_out: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Sequence[CorrectionRow]) -> "TeacherCorrections":
        """Take the store's rows, in their order."""
        pixels = np.frombuffer(b"".join(row.glyph for row in rows), np.uint8)
        return cls(
            pixels.reshape(-1, 28, 28),
            np.array([row.should_be for row in rows], np.int64),
            np.array([row.user_id for row in rows], np.int64),
            np.array([row.created // DAY for row in rows], np.int64),
            np.array([row.held_out for row in rows], np.bool_),
        )

    def save(self, path: Path) -> None:
        """Write the file for `python -m model train --corrections`; raises OSError."""
        np.savez_compressed(
            path,
            x=self.glyphs,
            y=self.should_be,
            user=self.users,
            day=self.days,
            held_out=self.held_out,
        )

    def read_right(self, classifier: Classifier) -> NDArray[np.bool_]:
        """Say which of the corrections a version reads as they should be."""
        said = classifier.predict(np.float32(1 / 255) * self.glyphs.astype(np.float32))
        read = np.where(said.is_digit < IS_DIGIT, NOT_A_DIGIT, said.probabilities.argmax(axis=1))
        return np.asarray(read == self.should_be)


@dataclass(frozen=True)
class Learned:
    """What two versions make of the corrections that a training found credible."""

    lessons: TeacherCorrections
    before: NDArray[np.bool_]  # (n,) read as they should be
    after: NDArray[np.bool_]
    credible: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        lessons: TeacherCorrections,
        credible: NDArray[np.bool_],
        before: Classifier,
        after: Classifier,
    ) -> "Learned":
        """Ask both versions."""
        return cls(lessons, lessons.read_right(before), lessons.read_right(after), credible)

    @property
    def held_out(self) -> HeldOut:
        """The counts of those that never train: of users who train nothing, if there are any."""
        measured = self.lessons.held_out & self.credible
        trains = np.isin(self.lessons.users, self.lessons.users[~self.lessons.held_out])
        if (measured & ~trains).any():
            measured &= ~trains
        before, after = self.before[measured].sum(), self.after[measured].sum()
        return HeldOut(int(before), int(after), int(measured.sum()))

    @property
    def gained(self) -> NDArray[np.intp]:
        """Places of the corrections that only the new version reads right."""
        return np.flatnonzero(self.credible & ~self.before & self.after)

    @property
    def missed(self) -> NDArray[np.intp]:
        """Places of the corrections that the new version does not read right."""
        return np.flatnonzero(self.credible & ~self.after)
