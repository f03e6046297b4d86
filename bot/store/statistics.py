"""Counts of photos and users, and the share of digits that users corrected."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from bot.store.engine import Database
from bot.store.tables import DAY, CorrectionRow, DigitRow, ReadingRow

PERIODS = (1, 7, 30)  # days


@dataclass(frozen=True)
class Share:
    """Numbers of digits read, and of those that a user corrected."""

    read: int = 0
    wrong: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.read + other.read, self.wrong + other.wrong)

    @property
    def part(self) -> float:
        """The fraction that was corrected, 0 to 1."""
        return self.wrong / self.read if self.read else 0.0


@dataclass(frozen=True)
class Figures:
    """The counts of the latest `days`; the keys of `by_version` are "<network> <version>"."""

    days: int
    photos: int
    users: int
    by_digit: Mapping[int, Share]
    by_version: Mapping[str, Share]

    @property
    def total(self) -> Share:
        """All digits together."""
        return sum(self.by_digit.values(), Share())


class Statistics:
    """The queries of `/stats`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, days: int) -> Figures:
        """Count the readings of the latest `days`."""
        recent = ReadingRow.created >= int(time.time()) - days * DAY
        counted = select(func.count(), func.count(ReadingRow.user_id.distinct())).where(recent)
        corrected = and_(
            CorrectionRow.reading_id == DigitRow.reading_id,
            CorrectionRow.position == DigitRow.position,
            CorrectionRow.should_be != CorrectionRow.was,
        )
        digits = (
            select(
                DigitRow.digit,
                ReadingRow.model,
                ReadingRow.version,
                func.count(),
                func.count(CorrectionRow.id),
            )
            .join(ReadingRow, ReadingRow.id == DigitRow.reading_id)
            .outerjoin(CorrectionRow, corrected)
            .where(recent)
            .group_by(DigitRow.digit, ReadingRow.model, ReadingRow.version)
        )
        (photos, users), rows = await self._database.run(
            lambda session: (session.execute(counted).one(), session.execute(digits).all())
        )
        by_digit: dict[int, Share] = {}
        by_version: dict[str, Share] = {}
        for digit, model, version, read, wrong in rows:
            share, name = Share(read, wrong), f"{model} {version}"
            by_digit[digit] = by_digit.get(digit, Share()) + share
            by_version[name] = by_version.get(name, Share()) + share
        return Figures(days, photos, users, by_digit, by_version)
