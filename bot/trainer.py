"""Runs training processes in the background, one at a time, and forwards their events."""

import asyncio
import contextlib
import logging
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, TypedDict

from bot.settings import Settings
from model import events
from model.datasets.corrections import trusted_file

NICENESS = 10  # of the training process: photos are answered first
ENDING_TIME = 10.0  # s from SIGTERM to SIGKILL
log = logging.getLogger(__name__)


class Begin(TypedDict):
    """Before there is a process."""

    event: Literal["begin"]


class Stopped(TypedDict):
    """The process sent no last event: an admin cancelled it, or a signal ended it (no memory)."""

    event: Literal["cancelled", "killed"]


EndEvent: TypeAlias = events.End | events.Failed | Stopped
Event: TypeAlias = Begin | events.Start | events.Progress | EndEvent
FAILED = events.Failed(event="failed", reason="")


@dataclass(frozen=True)
class Plan:
    """What one training does: `full` from nothing, else from the serving version."""

    kind: str
    full: bool = False


class Follower(Protocol):
    """Receives the events of trainings."""

    async def on_event(self, plan: Plan, event: Event) -> None:
        """Take one event: `begin` is first, an `EndEvent` is last."""

    async def tell_end(self, plan: Plan) -> None:
        """Tell the admin how it ended; by now the next training may be started."""


class Trainer:
    """At most one training; `plan` is the one that runs, None while none does."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()
        self._child: asyncio.subprocess.Process | None = None
        self._cancelled = False
        self.plan: Plan | None = None
        self.corrections = settings.data_dir / "corrections.npz"  # exists while a training runs

    def start(self, plans: Sequence[Plan], follower: Follower) -> None:
        """Train in the background, one after the other; raises RuntimeError while another runs."""
        if self.plan:
            raise RuntimeError(f"a training of {self.plan.kind} is running")
        self.plan, self._cancelled = plans[0], False
        self._do(self._run(plans, follower))

    def cancel(self) -> None:
        """End the child and drop the plans after it; the last event is "cancelled"."""
        self._cancelled = True
        if self._child:
            self._do(end(self._child))

    async def close(self) -> None:
        """End the child without a word: the next start of the bot says "interrupted"."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def tidy(self) -> None:
        """Remove a training's input files and, if it was killed, its unlisted half version."""
        self.corrections.unlink(missing_ok=True)
        trusted_file(self.corrections).unlink(missing_ok=True)
        for half in self._settings.models_dir.glob("*/.new-*"):
            shutil.rmtree(half, ignore_errors=True)

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # referred to, or it might be collected
        task.add_done_callback(self._tasks.discard)

    async def _run(self, plans: Sequence[Plan], follower: Follower) -> None:
        for plan, following in zip(plans, (*plans[1:], None), strict=True):
            followed = await _is_followed(self._train(plan, follower))
            goes_on = following if followed and not self._cancelled else None
            self.plan = goes_on
            if followed:
                await _is_followed(follower.tell_end(plan))
            if not goes_on:
                return

    async def _train(self, plan: Plan, follower: Follower) -> None:
        last: EndEvent = FAILED
        try:
            await follower.on_event(plan, Begin(event="begin"))
            last = await self._relay(plan, follower)
        except (OSError, ValueError) as error:  # no disk, no process, a line that is no event
            log.exception("the training of %s broke off", plan.kind)
            last = events.Failed(event="failed", reason=getattr(error, "strerror", None) or "")
        finally:
            self._child = None
            await asyncio.to_thread(self.tidy)
        await follower.on_event(plan, Stopped(event="cancelled") if self._cancelled else last)

    async def _relay(self, plan: Plan, follower: Follower) -> EndEvent:
        """Forward the events of a process and return the last one, ours if it sent none."""
        child = self._child = await begin(plan, self._settings, self.corrections)
        last: events.End | events.Failed | None = None
        try:
            if self._cancelled:  # while it was being started
                self.cancel()
            while line := await child.stdout.readline() if child.stdout else b"":
                event = events.parse(line)
                if event["event"] == "start" or event["event"] == "progress":
                    await follower.on_event(plan, event)
                else:
                    last = event
            await child.wait()
        finally:
            await end(child)
        if last:
            return last
        return Stopped(event="killed") if (child.returncode or 0) < 0 else FAILED


async def begin(plan: Plan, settings: Settings, corrections: Path) -> Process:
    """Start the child; its standard output is JSON lines. Raises OSError if it cannot be."""
    return await asyncio.create_subprocess_exec(
        *command(plan, settings, corrections),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment(settings),
    )


async def end(child: Process) -> None:
    """Ask a child to end; kill it if it does not."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), ENDING_TIME)
        except TimeoutError:
            child.kill()
            await child.wait()


def command(plan: Plan, settings: Settings, corrections: Path) -> list[str]:
    """Return the words of the command line; `corrections` may be a file that does not exist."""
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
    """Return the bot's environment without what is secret; trained versions go to DATA_DIR."""
    secret = {"BOT_TOKEN", "DATABASE_URL", "WEBHOOK_SECRET", "LOCAL_PASSWORD"}
    inherited = {key: value for key, value in os.environ.items() if key not in secret}
    return {**inherited, "DATA_DIR": str(settings.data_dir)}


async def _is_followed(work: Coroutine[None, None, None]) -> bool:
    """Say whether it was done: it is the bot's, whose store may be full, or Telegram away."""
    try:
        await work
    except Exception:
        log.exception("a training was not followed to its end")
        return False
    return True
