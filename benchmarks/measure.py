"""How long and how much: a measured thing beside the named reference it is compared with."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import cv2

ROUNDS = 15  # calls of each; the middle one counts


class Row(NamedTuple):
    """One line of the table: `value` and `reference` in the same unit."""

    name: str
    value: float
    against: str
    reference: float
    unit: str
    ratio_max: float  # what the project promises; infinite: nothing

    @property
    def ratio(self) -> float:
        """How many times the reference."""
        return self.value / self.reference

    def __str__(self) -> str:
        verdict = "ok" if self.ratio <= self.ratio_max else "MISSED"
        bound = f", at most {self.ratio_max:4.2f} {verdict}" if self.ratio_max < math.inf else ""
        return (
            f"{self.name:40} {self.value:8.2f} {self.unit:3} | {self.against:30}"
            f" {self.reference:8.2f} | {self.ratio:5.2f}{bound}"
        )


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep OpenCV to the thread that calls it, on whose clock times are taken."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)


def milliseconds(*jobs: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The middle time on this thread's own clock, so that a busy machine does not count.

    The jobs are called in turns, so that what slows one slows all.
    """
    times: list[list[float]] = [[] for _ in jobs]
    for number in range(rounds + 1):
        for job, taken in zip(jobs, times, strict=True):
            start = time.thread_time()
            job()
            if number:  # the first call warms up
                taken.append((time.thread_time() - start) * 1000)
    return [sorted(taken)[len(taken) // 2] for taken in times]
