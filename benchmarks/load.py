"""The bot under load and the naive one: throughput, latency, memory, time to start.

Each runs in its own process and calls the Bot API server in this one over HTTP. The latency is
measured from when an update can be fetched until its answer has arrived.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import numpy as np

from benchmarks.measure import Row
from benchmarks.people import Load, memory, processor, running

# Numbers of users who send the next photo after an answer -> number of all photos.
CROWDS = {1: 60, 20: 300, 200: 600}
CROWD, CROWD_PHOTOS = 200, 1000  # users and photos of the longest run
PHOTO_MAX = 1000 / 30  # ms a photo at Telegram's 30 messages a second
CALLS_MAX = 1.05  # calls a photo: chat actions count among the 30 a second and delay answers
CORES = 2  # for bot, server and users together
RATE, RATE_PHOTOS = 10, 200  # photos a second; number of photos at that rate
EARLY, LATE = 1000, 5000  # photos after which the memory is measured
SAMPLES, BETWEEN = 5, 100  # measurements of the memory; photos between two
P99_MAX = 400.0  # ms of latency at RATE
MEMORY_MAX = 250.0  # MB after EARLY photos
MEMORY_GROWTH = 1.02  # ratio of the memory after LATE to that after EARLY photos
START_MAX = 2.5  # s from start to first answer


def rows() -> Iterator[Row]:
    """Measure both bots; LATE photos at Telegram's rate take about three minutes."""
    naive = asyncio.run(_naive())
    yield from asyncio.run(_ours(naive))


@dataclass
class Naive:
    """The measurements of the naive bot."""

    start: float  # s to the first answer
    memory: float  # MB
    percentiles: dict[int, list[float]] = field(default_factory=dict)  # ms by number of users
    photo: float = 0.0  # ms a photo with most users


async def _naive() -> Naive:
    async with running("benchmarks.naive") as (load, pid, start):
        found = Naive(start, 0.0)
        for users, photos in CROWDS.items():
            seconds = await load.crowd(users, photos)
            found.percentiles[users] = _percentiles(load.waits)
        found.photo, found.memory = 1000 * seconds / photos, memory(pid)
        return found


async def _ours(naive: Naive) -> list[Row]:
    async with running("bot") as (load, pid, start):
        found = [Row("start to first answer", start, "promised", START_MAX, "s", 1.0)]
        found.append(Row("start to first answer", start, "naive", naive.start, "s", 1.0))
        found += [row async for row in _waits(load, naive)]
        await load.crowd(20, EARLY - sum(CROWDS.values()))
        early = await _least_memory(load, pid)
        found += [row async for row in _crowd(load, pid, naive)]
        await load.pace(RATE, RATE_PHOTOS)
        p99 = _percentiles(load.waits)[-1]
        found.append(Row(f"p99, {RATE} photos a second", p99, "promised", P99_MAX, "ms", 1.0))
        await load.crowd(20, LATE - EARLY - SAMPLES * BETWEEN - CROWD_PHOTOS - RATE_PHOTOS)
        late = await _least_memory(load, pid)
    found.append(Row(f"memory after {EARLY} photos", early, "promised", MEMORY_MAX, "MB", 1.0))
    found.append(Row(f"memory after {EARLY} photos", early, "naive", naive.memory, "MB", 1.0))
    found.append(
        Row(f"memory after {LATE} photos", late, f"after {EARLY}", early, "MB", MEMORY_GROWTH)
    )
    return found


async def _waits(load: Load, naive: Naive) -> AsyncIterator[Row]:
    for users, photos in CROWDS.items():
        await load.crowd(users, photos)
        both = zip((50, 95, 99), _percentiles(load.waits), naive.percentiles[users], strict=True)
        for percent, ours, theirs in both:
            yield Row(f"p{percent} of an answer, {users} users", ours, "naive", theirs, "ms", 1.0)


async def _crowd(load: Load, pid: int, naive: Naive) -> AsyncIterator[Row]:
    """Measure the time and the CPU time of a photo while others wait."""
    before = processor(pid)
    each = 1000 * await load.crowd(CROWD, CROWD_PHOTOS) / CROWD_PHOTOS
    work = 1000 * (processor(pid) - before) / CROWD_PHOTOS
    yield Row("a photo in the crowd", each, "naive", naive.photo, "ms", 1.0)
    yield Row("a photo in the crowd", each, "Telegram's limit", PHOTO_MAX, "ms", 1.1)
    calls = load.calls / CROWD_PHOTOS
    yield Row("limited calls for a photo", calls, "its answer", 1, "", CALLS_MAX)
    yield Row(
        "CPU time of a photo",
        work,
        f"of {CORES} cores at that limit",
        CORES * PHOTO_MAX,
        "ms",
        1.0,
    )


async def _least_memory(load: Load, pid: int) -> float:
    """Return the minimum of several measurements: uncollected garbage adds up to 6 MB."""
    measured = []
    for _ in range(SAMPLES):
        await load.crowd(20, BETWEEN)
        measured.append(memory(pid))
    return min(measured)


def _percentiles(waits: list[float]) -> list[float]:
    return [float(value) for value in np.percentile(waits, (50, 95, 99))]
