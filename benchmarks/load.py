"""The running bot under load, beside a naive one: answers a second, waiting times, memory, start.

Both are processes of their own and talk HTTP to the local Bot API server in this one; a time is
from the moment an update is there to be fetched until the answer has arrived.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import numpy as np

from benchmarks.measure import Row
from benchmarks.people import Load, memory, processor, running

# Users who send the next photo when they have the answer, and the photos of all together.
CROWDS = {1: 60, 20: 300, 200: 600}
CROWD, CROWD_PHOTOS = 200, 1000  # the largest goes on
PHOTO_MAX = 1000 / 30  # ms
CALLS_MAX = 1.05  # signs of life must not take the answers' places among 30 a second
CORES = 2  # for bot, server and people together
RATE, RATE_PHOTOS = 10, 200  # photos a second, and how many at that pace
SOON, LONG = 1000, 5000  # photos after which the memory is looked at
LOOKS, BETWEEN = 5, 100  # times, photos from one to the next
P99_MAX = 400.0  # ms, at RATE
MEMORY_MAX = 250.0  # MB
MEMORY_GROWTH = 1.02
START_MAX = 2.5  # s from start to first answer


def rows() -> Iterator[Row]:
    """Measure both bots; LONG photos at Telegram's pace take about three minutes."""
    naive = asyncio.run(_naive())
    yield from asyncio.run(_ours(naive))


@dataclass
class Naive:
    """What the naive bot needs."""

    start: float  # s
    memory: float  # MB
    percentiles: dict[int, list[float]] = field(default_factory=dict)  # ms, by crowd
    photo: float = 0.0  # ms of a photo in the largest crowd


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
        await load.crowd(20, SOON - sum(CROWDS.values()))
        soon = await _least_memory(load, pid)
        found += [row async for row in _crowd(load, pid, naive)]
        await load.pace(RATE, RATE_PHOTOS)
        p99 = _percentiles(load.waits)[-1]
        found.append(Row(f"p99, {RATE} photos a second", p99, "promised", P99_MAX, "ms", 1.0))
        await load.crowd(20, LONG - SOON - LOOKS * BETWEEN - CROWD_PHOTOS - RATE_PHOTOS)
        late = await _least_memory(load, pid)
    found.append(Row(f"memory after {SOON} photos", soon, "promised", MEMORY_MAX, "MB", 1.0))
    found.append(Row(f"memory after {SOON} photos", soon, "naive", naive.memory, "MB", 1.0))
    found.append(
        Row(f"memory after {LONG} photos", late, f"after {SOON}", soon, "MB", MEMORY_GROWTH)
    )
    return found


async def _waits(load: Load, naive: Naive) -> AsyncIterator[Row]:
    for users, photos in CROWDS.items():
        await load.crowd(users, photos)
        both = zip((50, 95, 99), _percentiles(load.waits), naive.percentiles[users], strict=True)
        for percent, ours, theirs in both:
            yield Row(f"p{percent} of an answer, {users} users", ours, "naive", theirs, "ms", 1.0)


async def _crowd(load: Load, pid: int, naive: Naive) -> AsyncIterator[Row]:
    """How long a photo takes when there are always others, and what of it is work."""
    before = processor(pid)
    each = 1000 * await load.crowd(CROWD, CROWD_PHOTOS) / CROWD_PHOTOS
    work = 1000 * (processor(pid) - before) / CROWD_PHOTOS
    yield Row("a photo in the crowd", each, "naive", naive.photo, "ms", 1.0)
    yield Row("a photo in the crowd", each, "Telegram's own pace", PHOTO_MAX, "ms", 1.1)
    calls = load.calls / CROWD_PHOTOS
    yield Row("calls of Telegram's pace for a photo", calls, "its answer", 1, "", CALLS_MAX)
    yield Row(
        "work for a photo", work, f"of {CORES} cores at that pace", CORES * PHOTO_MAX, "ms", 1.0
    )


async def _least_memory(load: Load, pid: int) -> float:
    """The least of several looks: what is about to be collected goes up and down by 6 MB."""
    looks = []
    for _ in range(LOOKS):
        await load.crowd(20, BETWEEN)
        looks.append(memory(pid))
    return min(looks)


def _percentiles(waits: list[float]) -> list[float]:
    return [float(value) for value in np.percentile(waits, (50, 95, 99))]
