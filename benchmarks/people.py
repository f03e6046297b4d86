"""Simulated users who send photos to a running bot through a Bot API server in this process."""

import asyncio
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.photos import drawn, file
from bot.local.call import BOT, Json
from bot.local.files import photo_jpegs
from bot.local.server import LocalChat

PHOTO_SIZE = (1280, 960)  # px: to which Telegram reduces most photos


@dataclass
class Load:
    """The load on one bot: photos sent and not answered, and the times of answers."""

    server: LocalChat
    photo: Json
    sent: dict[tuple[int, int], tuple[float, asyncio.Future[None]]] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)  # ms from each photo to its answer
    calls: int = 0  # of the bot, as far as Telegram limits them: messages and chat actions

    def send(self, user_id: int) -> asyncio.Future[None]:
        """Send a photo as a user; return a future that its answer completes."""
        world = self.server.world
        world.users[user_id] = {"id": user_id, "is_bot": False, "first_name": "A"}
        message = world.post(user_id, user_id, self.photo)
        answered = asyncio.get_running_loop().create_future()
        self.sent[user_id, message["message_id"]] = time.perf_counter(), answered
        return answered

    async def watch(self) -> None:
        """Measure the time of each answer; runs until it is cancelled."""
        with self.server.world.watching(0) as events:
            while True:
                event = json.loads(await events.get())
                message = event.get("message", {})
                self.calls += event["type"] == "action" or message.get("from") == BOT
                quoted = message.get("reply_to_message", {}).get("message_id", 0)
                if found := self.sent.pop((event.get("chat"), quoted), None):
                    begun, answered = found
                    self.waits.append(1000 * (time.perf_counter() - begun))
                    answered.set_result(None)

    async def crowd(self, users: int, photos: int) -> float:
        """Let each user send the next photo after an answer; return the seconds for all photos."""
        numbers = iter(range(photos))

        async def chat(user_id: int) -> None:
            for _ in numbers:
                await self.send(user_id)

        begun = time.perf_counter()
        self.waits.clear()
        self.calls = 0
        await asyncio.gather(*(chat(user) for user in range(1, users + 1)))
        return time.perf_counter() - begun

    async def pace(self, rate: float, photos: int) -> None:
        """Send `photos` photos at `rate` a second without waiting for answers."""
        self.waits.clear()
        begun, users = time.perf_counter(), itertools.cycle(range(1, 201))
        answers = []
        for number in range(photos):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            answers.append(self.send(next(users)))
        await asyncio.gather(*answers)


@asynccontextmanager
async def running(module: str) -> AsyncIterator[tuple[Load, int, float]]:
    """Run a bot in a process; yield its load, process id and seconds to its first answer."""
    jpegs = photo_jpegs(file(drawn(PHOTO_SIZE, "7"), ".jpg"))
    server = await LocalChat.start()
    load = Load(server, server.world.files.keep_photo(jpegs))
    watching = asyncio.create_task(load.watch())
    with tempfile.TemporaryDirectory() as folder:
        settings = {"BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url}
        settings |= {"DATA_DIR": folder, "PHOTOS_PER_MINUTE": "0", "LOG_LEVEL": "WARNING"}
        # An empty working directory, so that neither `.env` nor the data of a real bot is used.
        settings |= {"PYTHONPATH": str(Path.cwd()), "DATABASE_URL": f"sqlite:///{folder}/bot.db"}
        settings |= {"WEBHOOK_URL": ""}
        begun = time.perf_counter()
        first = load.send(1)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module),
            cwd=folder,
            env={**os.environ, **settings},
            stderr=asyncio.subprocess.DEVNULL,
        )
        ended = asyncio.create_task(process.wait())
        try:
            await asyncio.wait((first, ended), return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                raise RuntimeError(f"{module} does not start")
            yield load, process.pid, time.perf_counter() - begun
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            await ended
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    await server.close()


def memory(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def processor(pid: int) -> float:
    """Return the CPU seconds of a process and of this one, with the server and the users."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK") + time.process_time()
