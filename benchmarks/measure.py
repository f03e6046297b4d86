"""How long and how much: a measured thing beside the named reference it is compared with."""

import time
from collections.abc import Callable
from typing import NamedTuple

ROUNDS = 15  # calls of each; the middle one counts


class Row(NamedTuple):
    """One line of the table: `value` and `reference` in the same unit."""

    name: str
    value: float
    against: str
    reference: float
    unit: str
    ratio_max: float  # what the project promises

    @property
    def ratio(self) -> float:
        """How many times the reference."""
        return self.value / self.reference

    def __str__(self) -> str:
        verdict = "ok" if self.ratio <= self.ratio_max else "MISSED"
        return (
            f"{self.name:40} {self.value:8.2f} {self.unit:3} | {self.against:30}"
            f" {self.reference:8.2f} | {self.ratio:5.2f}, at most {self.ratio_max:4.2f} {verdict}"
        )


def milliseconds(*jobs: Callable[[], object]) -> list[float]:
    """The middle time on this thread's own clock, so that a busy machine does not count.

    The jobs are called in turns, so that what slows one slows all.
    """
    times: list[list[float]] = [[] for _ in jobs]
    for number in range(ROUNDS + 1):
        for job, taken in zip(jobs, times, strict=True):
            start = time.thread_time()
            job()
            if number:  # the first call warms up
                taken.append((time.thread_time() - start) * 1000)
    return [sorted(taken)[len(taken) // 2] for taken in times]
