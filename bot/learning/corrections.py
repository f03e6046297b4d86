"""Corrections in the store -> arrays for a training, and which of them two versions read right."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.store.tables import DAY, CorrectionRow
from model.classes import NOT_A_DIGIT
from model.datasets.corrections import Corrections, Use
from model.serving import Classifier

IS_DIGIT = 0.5  # probability from which on a version takes a glyph for a digit
# Corrections, share of all, and users from which on one change of label is named to an admin.
PATTERN_LEAST, PATTERN_SHARE, PATTERN_USERS = 10, 0.3, 3


@dataclass(frozen=True)
class HeldOut:
    """How many of the corrections that never train two versions read right."""

    before: int
    after: int
    count: int


def from_rows(rows: Sequence[CorrectionRow]) -> Corrections:
    """Return the store's rows as arrays, in their order."""
    pixels = np.frombuffer(b"".join(row.glyph for row in rows), np.uint8)
    return Corrections(
        x=pixels.reshape(-1, 28, 28),
        y=np.array([row.should_be for row in rows], np.uint8),
        user=np.array([row.user_id for row in rows], np.int64),
        day=np.array([row.created // DAY for row in rows], np.int64),
        held_out=np.array([row.held_out for row in rows], np.bool_),
        approved=np.array([row.approved for row in rows], np.bool_),
    )


class Pattern(NamedTuple):
    """One change of label that several users teach: worth a look before it trains."""

    was: int  # what was read
    should_be: int
    corrections: int
    users: int


def one_sided(rows: Sequence[CorrectionRow]) -> Pattern | None:
    """Return the commonest change, where many corrections by several users make just that one.

    Those that an admin approved are not counted.
    """
    rows = [row for row in rows if not row.approved]
    changes = Counter((row.was, row.should_be) for row in rows)
    if not changes:
        return None
    (was, should_be), count = changes.most_common(1)[0]
    users = {row.user_id for row in rows if (row.was, row.should_be) == (was, should_be)}
    if count < max(PATTERN_LEAST, PATTERN_SHARE * len(rows)) or len(users) < PATTERN_USERS:
        return None
    return Pattern(was, should_be, count, len(users))


def read_right(corrections: Corrections, classifier: Classifier) -> NDArray[np.bool_]:
    """Return which of n corrections a version reads as they should be, (n,)."""
    said = classifier.predict(np.float32(1 / 255) * corrections.x.astype(np.float32))
    read = np.where(said.is_digit < IS_DIGIT, NOT_A_DIGIT, said.probabilities.argmax(axis=1))
    return np.asarray(read == corrections.y)


@dataclass(frozen=True)
class Learned:
    """Which corrections the version before and the version after a training read right."""

    corrections: Corrections
    before: NDArray[np.bool_]  # (n,) read as they should be
    after: NDArray[np.bool_]
    use: NDArray[np.uint8]  # (n,) what the training did with each: a Use

    @classmethod
    def of(
        cls,
        corrections: Corrections,
        use: NDArray[np.uint8],
        before: Classifier,
        after: Classifier,
    ) -> "Learned":
        """Read the corrections with both versions."""
        return cls(
            corrections, read_right(corrections, before), read_right(corrections, after), use
        )

    @property
    def trusted(self) -> NDArray[np.bool_]:
        """Which of them are what they say, (n,)."""
        return np.asarray(self.use <= Use.TOO_MANY)

    @property
    def held_out(self) -> HeldOut:
        """Count trusted ones that never train: of users who train nothing, if there are any."""
        measured = self.corrections.held_out & self.trusted
        trains = np.isin(self.corrections.user, self.corrections.user[~self.corrections.held_out])
        if (measured & ~trains).any():
            measured &= ~trains
        before, after = self.before[measured].sum(), self.after[measured].sum()
        return HeldOut(int(before), int(after), int(measured.sum()))

    @property
    def improvement(self) -> int:
        """How many more of the trusted corrections the new version reads right."""
        return int(self.after[self.trusted].sum()) - int(self.before[self.trusted].sum())

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many trained, and how many only measure."""
        return int((self.use == Use.TRAINS).sum()), int((self.use == Use.MEASURES).sum())

    @property
    def gained(self) -> NDArray[np.intp]:
        """Indices of the trusted corrections that only the new version reads right."""
        return np.flatnonzero(self.trusted & ~self.before & self.after)

    @property
    def missed(self) -> NDArray[np.intp]:
        """Indices of the trusted corrections that the new version does not read right."""
        return np.flatnonzero(self.trusted & ~self.after)
