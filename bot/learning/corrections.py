"""Users' corrections as arrays for a training, and which of them two versions read right."""

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

IS_DIGIT = 0.5  # probability: a glyph with at least this `is_digit` is read as a digit
# Number of corrections, share of all corrections, and number of users: from all three on, one
# change of label (7 -> 1) is reported to the admin who trains.
PATTERN_COUNT_MIN, PATTERN_SHARE_MIN, PATTERN_USERS_MIN = 10, 0.3, 3


@dataclass(frozen=True)
class HeldOut:
    """How many of `count` held-out corrections two versions read right."""

    before: int
    after: int
    count: int


def from_rows(rows: Sequence[CorrectionRow]) -> Corrections:
    """Return rows of the store as arrays, in the same order."""
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
    """A change of label that many corrections by several users have in common."""

    was: int  # label that was read
    should_be: int
    corrections: int
    users: int


def one_sided(rows: Sequence[CorrectionRow]) -> Pattern | None:
    """Return the most frequent change of label if it reaches PATTERN_*, else None.

    Corrections that an admin approved are not counted.
    """
    rows = [row for row in rows if not row.approved]
    changes = Counter((row.was, row.should_be) for row in rows)
    if not changes:
        return None
    (was, should_be), count = changes.most_common(1)[0]
    users = {row.user_id for row in rows if (row.was, row.should_be) == (was, should_be)}
    if (
        count < max(PATTERN_COUNT_MIN, PATTERN_SHARE_MIN * len(rows))
        or len(users) < PATTERN_USERS_MIN
    ):
        return None
    return Pattern(was, should_be, count, len(users))


def read_right(corrections: Corrections, classifier: Classifier) -> NDArray[np.bool_]:
    """Return for each of n corrections whether a version reads its glyph as `y`, (n,)."""
    said = classifier.predict(np.float32(1 / 255) * corrections.x.astype(np.float32))
    read = np.where(said.is_digit < IS_DIGIT, NOT_A_DIGIT, said.probabilities.argmax(axis=1))
    return np.asarray(read == corrections.y)


@dataclass(frozen=True)
class Learned:
    """For each of n corrections: its use in a training, and whether two versions read it right.

    The two are the version that served before the training and the one that was trained.
    """

    corrections: Corrections
    before: NDArray[np.bool_]  # (n,) read right
    after: NDArray[np.bool_]
    use: NDArray[np.uint8]  # (n,) values of `Use`

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
        """Whether the training's tests accepted the label of each correction, (n,)."""
        return np.asarray(self.use <= Use.TOO_MANY)

    @property
    def held_out(self) -> HeldOut:
        """Count trusted held-out corrections; if possible only of users with no other ones."""
        measured = self.corrections.held_out & self.trusted
        trains = np.isin(self.corrections.user, self.corrections.user[~self.corrections.held_out])
        if (measured & ~trains).any():
            measured &= ~trains
        before, after = self.before[measured].sum(), self.after[measured].sum()
        return HeldOut(int(before), int(after), int(measured.sum()))

    @property
    def improvement(self) -> int:
        """By how many trusted corrections more the new version reads right."""
        return int(self.after[self.trusted].sum()) - int(self.before[self.trusted].sum())

    @property
    def counts(self) -> tuple[int, int]:
        """Return the numbers of corrections that trained and that were held out."""
        return int((self.use == Use.TRAINS).sum()), int((self.use == Use.MEASURES).sum())

    @property
    def gained(self) -> NDArray[np.intp]:
        """Indices of the trusted corrections that only the new version reads right."""
        return np.flatnonzero(self.trusted & ~self.before & self.after)

    @property
    def missed(self) -> NDArray[np.intp]:
        """Indices of the trusted corrections that the new version does not read right."""
        return np.flatnonzero(self.trusted & ~self.after)
