"""The queue of trainings over processes: one trains; others wait, cancel it, or report it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError
from telegram import Bot

from bot.learning.training_queue import TrainingQueue
from bot.services import Services
from bot.settings import Settings
from bot.store.corrections import Corrections
from bot.store.jobs import Order
from bot.store.replicas import BEATS
from bot.store.tables import CorrectionRow
from bot.trainer import Trainer
from model.events import End
from tests.stores import teach
from tests.versions import SCORES, copy_version

SOON = 60.0  # s within which a condition must hold, on a busy machine
VERSION = "29990101-000000-001"
END = End(
    event="end",
    kind="clean",
    version=VERSION,
    minutes=0.1,
    before=None,
    after=SCORES,
    promoted=False,
)
TRAINED = f"print({json.dumps(END)!r}, flush=True)"
TRAINS = "import time; time.sleep(60)"
Start: TypeAlias = Callable[[str], "AbstractAsyncContextManager[Process]"]
CLEAN, NOISY = Order("clean", 7, 7, 5, language="de"), Order("noisy", 7, 7, 6)


@dataclass
class Chat:
    """Stub of Telegram's bot: the present text of each message, and the number of edits."""

    texts: dict[int, str] = field(default_factory=dict)
    edits: int = 0

    async def edit_message_text(self, text: str, _: int, message: int, **__: Any) -> None:
        self.texts[message] = text
        self.edits += 1

    async def send_photo(self, *_: object, **__: object) -> None:
        """Drop the sheet of digits."""


class Process:
    """The background tasks of one process that shares the store."""

    def __init__(self, services: Services, chat: Chat) -> None:
        self.services, self.store = services, services.store
        self._works = [
            asyncio.create_task(work)
            for work in (
                services.store.listen(),
                services.follow_versions(),
                TrainingQueue(services, cast(Bot, chat)).work(),
            )
        ]

    async def die(self) -> None:
        """Cancel all tasks without a shutdown, as a kill does."""
        tasks = [
            task
            for task in asyncio.all_tasks() - {asyncio.current_task()}
            if task in self._works or "_train" in repr(task.get_coro())
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def process(url: str, folder: Path, chat: Chat, *, worker: bool) -> AsyncIterator[Process]:
    services = await Services.open(Settings(data_dir=folder, database_url=SecretStr(url)))
    services.store.replicas.trains = worker
    await services.store.replicas.beat()
    process = Process(services, chat)
    try:
        yield process
    finally:
        await process.die()
        await services.close()


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def start(postgresql_url: str, tmp_path: Path, chat: Chat) -> Start:
    """Start a process that shares an empty database, with its own folder: a bot, or "worker"."""
    return lambda name: process(postgresql_url, tmp_path / name, chat, worker=name == "worker")


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Replace the training process by one that runs the given Python code."""

    def run(code: str) -> None:
        monkeypatch.setattr("bot.trainer.command", lambda *_: [sys.executable, "-c", code])

    return run


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(SOON):
        while not condition():
            await asyncio.sleep(0.02)


async def runs(process: Process) -> bool:
    job = await process.store.jobs.open()
    return bool(job and job.state == "running")


async def until_it_runs(process: Process) -> None:
    async with asyncio.timeout(SOON):
        while not await runs(process):
            await asyncio.sleep(0.02)


async def test_a_worker_trains_what_a_bot_ordered_and_all_have_the_version(
    start: Start, chat: Chat, child: Callable[[str], None]
) -> None:
    async with (
        start("worker") as worker,
        start("bot") as bot,
    ):
        await teach(bot.store, 8, 7, 1)
        copy_version(worker.services.settings.models_dir, "clean", VERSION)
        child(TRAINED)
        assert await bot.store.jobs.add([CLEAN])
        await until(lambda: 5 in chat.texts)
        assert "clean" in chat.texts[5] and "wird nicht eingesetzt" in chat.texts[5]
        await until(
            lambda: [v.name for v in bot.services.registry.list("clean")][-1:] == [VERSION]
        )
        assert await bot.store.jobs.trained_by("clean") == {VERSION: 7}
        assert chat.edits == 1, "reported twice"


async def test_one_training_follows_the_other(
    start: Start, chat: Chat, child: Callable[[str], None]
) -> None:
    async with start("bot") as bot:
        child("raise SystemExit(1)")
        assert await bot.store.jobs.add([CLEAN, NOISY])
        await until(lambda: len(chat.texts) == 2)
        assert "gescheitert" in chat.texts[5] and "failed" in chat.texts[6]
        assert await bot.store.jobs.open() is None


async def test_a_training_whose_corrections_cannot_be_read_fails_and_the_next_begins(
    start: Start, chat: Chat, child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    taught = Corrections.taught

    async def fail_once(corrections: Corrections) -> Sequence[CorrectionRow]:
        monkeypatch.setattr(Corrections, "taught", taught)
        raise OperationalError("SELECT", {}, Exception("the connection was lost"))

    monkeypatch.setattr(Corrections, "taught", fail_once)
    monkeypatch.setattr("bot.learning.training_queue.POLL_EVERY", 0.1)
    async with start("bot") as bot:
        child("raise SystemExit(1)")
        assert await bot.store.jobs.add([CLEAN, NOISY])
        await until(lambda: len(chat.texts) == 2)
        assert "gescheitert" in chat.texts[5] and "failed" in chat.texts[6]
        assert chat.edits == 2, "reported twice"


@pytest.mark.parametrize("broken", ["decide", "Retraining.report"])
async def test_an_error_after_a_version_was_kept_is_told_at_once(
    broken: str,
    start: Start,
    chat: Chat,
    child: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("the connection was lost"))

    monkeypatch.setattr(f"bot.learning.retraining.{broken}", fail)
    async with start("bot") as bot:
        copy_version(bot.services.settings.models_dir, "clean", VERSION)
        child(TRAINED)
        assert await bot.store.jobs.add([CLEAN])
        await until(lambda: 5 in chat.texts)
        assert VERSION in chat.texts[5]
        assert chat.edits == 1, "reported twice"


async def test_another_process_cancels_it(
    start: Start, chat: Chat, child: Callable[[str], None]
) -> None:
    async with (
        start("worker"),
        start("bot") as bot,
    ):
        child(TRAINS)
        assert await bot.store.jobs.add([CLEAN, NOISY])
        await until_it_runs(bot)
        assert await bot.store.jobs.cancel(7, 5)
        await until(lambda: len(chat.texts) == 2)
        assert "abgebrochen" in chat.texts[5] and "was cancelled" in chat.texts[6]
        assert chat.edits == 2, "reported twice"


async def test_a_cancellation_between_claim_and_start_counts_for_that_training_alone(
    start: Start, chat: Chat, child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    noticed = asyncio.Event()
    cancel, taught = Trainer.cancel, Corrections.taught

    async def note(trainer: Trainer) -> None:
        await cancel(trainer)
        noticed.set()

    async def read_once_cancelled(corrections: Corrections) -> Sequence[CorrectionRow]:
        await noticed.wait()
        return await taught(corrections)

    monkeypatch.setattr(Trainer, "cancel", note)
    monkeypatch.setattr(Corrections, "taught", read_once_cancelled)
    monkeypatch.setattr("bot.learning.training_queue.POLL_EVERY", 2 * SOON)
    async with start("bot") as bot:
        child(TRAINS)
        assert await bot.store.jobs.add([CLEAN])
        await until_it_runs(bot)
        assert await bot.store.jobs.cancel(7, 5)
        await until(lambda: "abgebrochen" in chat.texts.get(5, ""))
        child("raise SystemExit(1)")
        assert await bot.store.jobs.add([NOISY])
        await until(lambda: "failed" in chat.texts.get(6, ""))


async def test_a_training_of_a_forgotten_admin_ends(
    start: Start, chat: Chat, child: Callable[[str], None]
) -> None:
    async with start("worker") as worker:
        child(TRAINS)
        assert await worker.store.jobs.add([CLEAN])
        await until_it_runs(worker)
        await worker.store.forget(7)
        await until(lambda: "abgebrochen" in chat.texts.get(5, ""))


async def test_a_dead_workers_training_is_reported_as_interrupted_once_after_its_lease(
    start: Start, chat: Chat, child: Callable[[str], None]
) -> None:
    async with (
        start("worker") as worker,
        start("bot") as bot,
        start("other") as other,
    ):
        child(TRAINS)
        assert await bot.store.jobs.add([CLEAN])
        await until_it_runs(bot)
        await worker.die()
        for _ in range(BEATS - 1):
            for one in (bot, other):
                await one.store.replicas.beat()
        assert await runs(bot) and not chat.texts, "the lease has not run out"
        for _ in range(2):
            for one in (bot, other):
                await one.store.replicas.beat()
        await until(lambda: "durch einen Neustart unterbrochen" in chat.texts.get(5, ""))
        await asyncio.sleep(0.2)
        assert chat.edits == 1, "reported twice"


async def test_a_bot_without_tensorflow_leaves_trainings_in_the_queue(
    start: Start, chat: Chat, child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    child("raise SystemExit(1)")
    monkeypatch.setattr("bot.services.find_spec", lambda name: None)
    async with start("bot") as bot:
        assert not bot.services.trains
        assert await bot.store.jobs.add([NOISY])
        await asyncio.sleep(0.2)
        assert not await runs(bot) and not chat.texts
        monkeypatch.undo()
        child("raise SystemExit(1)")
        async with start("worker"):
            await until(lambda: "failed" in chat.texts.get(6, ""))
