"""Runs `python -m model train` as a child process and passes on its events (JSON lines)."""

import asyncio
import contextlib
import logging
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, TypedDict

from bot.settings import Settings
from model import events
from model.datasets.corrections import Corrections, uses_file
from model.registry import CHECKPOINT

NICENESS = 10  # of the training process: photos are answered first
ENDING_TIME = 10.0  # s from SIGTERM to SIGKILL
log = logging.getLogger(__name__)


class Stopped(TypedDict):
    """The process sent no last event: cancelled by an admin, or killed, as if out of memory."""

    event: Literal["cancelled", "killed"]


EndEvent: TypeAlias = events.End | events.Failed | Stopped
Event: TypeAlias = events.Start | events.Progress
FAILED = events.Failed(event="failed", reason="")


@dataclass(frozen=True)
class Plan:
    """One training: `full` starts from random weights, else it fine-tunes the serving version."""

    kind: str
    full: bool = False


class Trainer:
    """Runs one training; `cancel` may come before it, while it starts, or later."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: Process | None = None
        self._cancelled = False
        self._corrections = settings.data_dir / "corrections.npz"  # exists while a training runs

    @property
    def uses_file(self) -> Path:
        """The file where a training writes its use of each correction before its first event."""
        return uses_file(self._corrections)

    async def train(
        self, plan: Plan, corrections: Corrections, on_event: Callable[[Event], Awaitable[None]]
    ) -> EndEvent:
        """Train and return the last event; if this task is cancelled, the process is ended too.

        OSError and ValueError are returned as a failed end. Raises what else `on_event` raises.
        """
        try:
            await asyncio.to_thread(corrections.save, self._corrections)
            last = await self._relay(plan, on_event)
        except (OSError, ValueError) as error:  # ValueError: no event in a line
            log.exception("the training of %s broke off", plan.kind)
            last = events.Failed(event="failed", reason=getattr(error, "strerror", None) or "")
        finally:
            self._child = None
            await asyncio.to_thread(self.tidy)
        if not self._cancelled:
            return last
        await asyncio.to_thread(self._remove, f"{CHECKPOINT}*")  # it is not resumed
        return Stopped(event="cancelled")

    async def cancel(self) -> None:
        """End the process; the training then ends as "cancelled"."""
        self._cancelled = True
        if self._child:
            await end(self._child)

    def tidy(self) -> None:
        """Remove a training's input files and, if it was killed, its unfinished version."""
        self._corrections.unlink(missing_ok=True)
        self.uses_file.unlink(missing_ok=True)
        self._remove(".new-*")

    def _remove(self, folders: str) -> None:
        """Remove the folders that match a pattern, among the versions of both kinds."""
        for folder in self._settings.models_dir.glob(f"*/{folders}"):
            shutil.rmtree(folder, ignore_errors=True)

    async def _relay(self, plan: Plan, on_event: Callable[[Event], Awaitable[None]]) -> EndEvent:
        """Pass on the events of a process and return its last one.

        If it sent none: `Stopped` after a signal, else FAILED.
        """
        child = self._child = await begin(plan, self._settings, self._corrections)
        last: events.End | events.Failed | None = None
        try:
            if self._cancelled:  # `cancel` was called before the process had started
                await end(child)
            while line := await child.stdout.readline() if child.stdout else b"":
                event = events.parse(line)
                if event["event"] == "start" or event["event"] == "progress":
                    await on_event(event)
                else:
                    last = event
            await child.wait()
        finally:
            await end(child)
        if last:
            return last
        return Stopped(event="killed") if (child.returncode or 0) < 0 else FAILED


async def begin(plan: Plan, settings: Settings, corrections: Path) -> Process:
    """Start the process; its standard output is JSON lines. Raises OSError."""
    return await asyncio.create_subprocess_exec(
        *command(plan, settings, corrections),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment(settings),
    )


async def end(child: Process) -> None:
    """Send SIGTERM and, if the process still runs after ENDING_TIME, SIGKILL."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), ENDING_TIME)
        except TimeoutError:
            child.kill()
            await child.wait()


def command(plan: Plan, settings: Settings, corrections: Path) -> list[str]:
    """Return the arguments of the process; `corrections` may be a file that does not exist."""
    words = ["nice", "-n", str(NICENESS), sys.executable, "-m", "model", "train", plan.kind]
    words += ["--json"]
    if not plan.full:
        words += ["--finetune", "--epochs", str(settings.retrain_epochs)]
    if corrections.exists():
        words += ["--corrections", str(corrections)]
    if settings.retrain_limit:
        words += ["--limit", str(settings.retrain_limit)]
    return words


def environment(settings: Settings) -> dict[str, str]:
    """Return the bot's environment without secrets, with the DATA_DIR that versions go to."""
    secret = {"BOT_TOKEN", "DATABASE_URL", "WEBHOOK_SECRET", "LOCAL_PASSWORD"}
    inherited = {key: value for key, value in os.environ.items() if key not in secret}
    return {**inherited, "DATA_DIR": str(settings.data_dir)}
