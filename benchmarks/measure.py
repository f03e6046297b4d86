"""Measurements of time, and rows that compare a measurement with a reference."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import cv2

ROUNDS = 15  # calls of each job, of which the median is taken


class Row(NamedTuple):
    """One row of the table; `value` and `reference` are in `unit`."""

    name: str
    value: float
    against: str
    reference: float
    unit: str
    ratio_max: float  # limit of the ratio that the project keeps; infinite: none

    @property
    def ratio(self) -> float:
        """The value over the reference."""
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
    """Let OpenCV use one thread, the one whose CPU time is measured."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)


def milliseconds(*jobs: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Return the median CPU time of each job in this thread, in ms.

    The jobs are called in turns, so that other load on the machine slows all of them.
    """
    times: list[list[float]] = [[] for _ in jobs]
    for number in range(rounds + 1):
        for job, taken in zip(jobs, times, strict=True):
            start = time.thread_time()
            job()
            if number:  # the first call warms up
                taken.append((time.thread_time() - start) * 1000)
    return [sorted(taken)[len(taken) // 2] for taken in times]
