"""The running bot under load, beside a naive one: answers a second, waiting times, memory, start.

Both are processes of their own and talk HTTP to the local Bot API server in this one; a time is
from the moment an update is there to be fetched until the answer has arrived.
"""

import asyncio
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.measure import Row
from benchmarks.photos import drawn, file
from bot.local.call import Json
from bot.local.files import photo_jpegs
from bot.local.server import LocalChat

PHOTO_SIZE = (1280, 960)  # px, what Telegram makes of most photos
# Users who send the next photo when they have the answer, and the photos of all together.
CROWDS = {1: 60, 20: 300, 200: 600}
RATE, RATE_PHOTOS = 10, 200  # photos a second, and how many at that pace
SOON, LONG = 1000, 5000  # photos after which the memory is looked at
P99_MAX = 400.0  # ms, at RATE
PHOTO_MAX = 1000 / 30  # ms; Telegram lets a bot send 30 messages a second
MEMORY_MAX = 250.0  # MB
MEMORY_GROWTH = 1.02
START_MAX = 2.5  # s from start to first answer


@dataclass
class Load:
    """People who send photos to one bot, and when each was sent and answered."""

    server: LocalChat
    photo: Json
    sent: dict[tuple[int, int], float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)  # ms
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def send(self, user_id: int) -> tuple[int, int]:
        """Let a user send a photo."""
        world = self.server.world
        world.users[user_id] = {"id": user_id, "is_bot": False, "first_name": "A"}
        message = world.post(user_id, user_id, self.photo)
        self.sent[user_id, message["message_id"]] = time.perf_counter()
        return user_id, message["message_id"]

    async def watch(self) -> None:
        """Take the time of each answer; runs until it is cancelled."""
        with self.server.world.watching(0) as events:
            while True:
                event = json.loads(await events.get())
                quoted = event.get("message", {}).get("reply_to_message", {})
                begun = self.sent.pop((event.get("chat"), quoted.get("message_id", 0)), None)
                if begun:
                    self.waits.append(1000 * (time.perf_counter() - begun))
                    async with self.news:
                        self.news.notify_all()

    async def answered(self, key: tuple[int, int]) -> None:
        """Wait for the answer to one photo."""
        async with self.news:
            await self.news.wait_for(lambda: key not in self.sent)

    async def crowd(self, users: int, photos: int) -> float:
        """Users send their next photo when they have an answer; return the seconds it took."""
        numbers = iter(range(photos))

        async def chat(user_id: int) -> None:
            for _ in numbers:
                await self.answered(self.send(user_id))

        begun = time.perf_counter()
        self.waits.clear()
        await asyncio.gather(*(chat(user) for user in range(1, users + 1)))
        return time.perf_counter() - begun

    async def pace(self, rate: float, photos: int) -> None:
        """Send photos at a pace, whatever the answers do."""
        self.waits.clear()
        begun, users = time.perf_counter(), itertools.cycle(range(1, 201))
        keys = []
        for number in range(photos):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            keys.append(self.send(next(users)))
        for key in keys:
            await self.answered(key)


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
    async with _running("benchmarks.naive") as (load, pid, start):
        found = Naive(start, 0.0)
        for users, photos in CROWDS.items():
            seconds = await load.crowd(users, photos)
            found.percentiles[users] = _percentiles(load.waits)
        found.photo, found.memory = 1000 * seconds / photos, _memory(pid)
        return found


async def _ours(naive: Naive) -> list[Row]:
    async with _running("bot") as (load, pid, start):
        found = [Row("start to first answer", start, "promised", START_MAX, "s", 1.0)]
        found.append(Row("start to first answer", start, "naive", naive.start, "s", 1.0))
        for users, photos in CROWDS.items():
            seconds = await load.crowd(users, photos)
            both = zip(
                (50, 95, 99), _percentiles(load.waits), naive.percentiles[users], strict=True
            )
            for percent, ours, theirs in both:
                name = f"p{percent} of an answer, {users} users"
                found.append(Row(name, ours, "naive", theirs, "ms", 1.0))
        each = 1000 * seconds / photos
        found.append(Row("a photo in the crowd", each, "naive", naive.photo, "ms", 1.0))
        found.append(
            Row("a photo in the crowd", each, "Telegram's own pace", PHOTO_MAX, "ms", 1.1)
        )
        await load.pace(RATE, RATE_PHOTOS)
        p99 = _percentiles(load.waits)[-1]
        found.append(Row(f"p99, {RATE} photos a second", p99, "promised", P99_MAX, "ms", 1.0))
        done = sum(CROWDS.values()) + RATE_PHOTOS
        await load.crowd(20, max(0, SOON - done))
        soon = _memory(pid)
        await load.crowd(20, LONG - max(SOON, done))
        late = _memory(pid)
    found.append(Row(f"memory after {SOON} photos", soon, "promised", MEMORY_MAX, "MB", 1.0))
    found.append(Row(f"memory after {SOON} photos", soon, "naive", naive.memory, "MB", 1.0))
    found.append(
        Row(f"memory after {LONG} photos", late, f"after {SOON}", soon, "MB", MEMORY_GROWTH)
    )
    return found


@asynccontextmanager
async def _running(module: str) -> AsyncIterator[tuple[Load, int, float]]:
    """A bot as its own process: its load, its process id, seconds from start to first answer."""
    jpegs = photo_jpegs(file(drawn(PHOTO_SIZE, "7"), ".jpg"))
    server = await LocalChat.start()
    load = Load(server, server.world.files.keep_photo(jpegs))
    watching = asyncio.create_task(load.watch())
    with tempfile.TemporaryDirectory() as folder:
        settings = {"BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url}
        settings |= {"DATA_DIR": folder, "PHOTOS_PER_MINUTE": "0", "LOG_LEVEL": "WARNING"}
        begun = time.perf_counter()
        first = load.send(1)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            env={**os.environ, **settings},
            stderr=asyncio.subprocess.DEVNULL,
        )
        await load.answered(first)
        yield load, process.pid, time.perf_counter() - begun
        process.terminate()
        await process.wait()
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    await server.close()


def _percentiles(waits: list[float]) -> list[float]:
    return [float(value) for value in np.percentile(waits, (50, 95, 99))]


def _memory(pid: int) -> float:
    """MB that a process has in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024
