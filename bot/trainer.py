"""Runs trainings in the background, one at a time, and hands on what they say."""

import asyncio
import contextlib
import json
import logging
import os
import shutil
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from bot.settings import Settings

LINE_LIMIT = 1 << 20  # bytes of one line of the child's JSON
NICENESS = 10  # photos are answered first
ENDING_TIME = 10.0  # s the child has to tidy up before it is killed
log = logging.getLogger(__name__)
Event: TypeAlias = Mapping[str, Any]
"""One JSON line of the child: its "event" is start, progress, end or failed. Others are ours:
begin, before there is a child, and the ends cancelled and killed (for want of memory, say)."""
FAILED: Event = {"event": "failed", "reason": ""}


@dataclass(frozen=True)
class Plan:
    """What one training does: `full` from nothing, else from the serving version."""

    kind: str
    full: bool = False


class Follower(Protocol):
    """Whoever had a training started."""

    async def hear(self, plan: Plan, event: Event) -> None:
        """Take what happens: begin is first, an end of some sort is last."""

    async def tell_end(self, plan: Plan) -> None:
        """Say how it ended: whoever hears that may ask for the next training at once."""


class Trainer:
    """At most one training; `plan` is the one that runs, None while none does."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()
        self._child: asyncio.subprocess.Process | None = None
        self._cancelled = False
        self.plan: Plan | None = None
        self.lessons = settings.data_dir / "corrections.npz"  # there while a training runs

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
        """Remove what a training leaves: its lessons and, if killed, an unlisted half version."""
        self.lessons.unlink(missing_ok=True)
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
        last = FAILED
        try:
            await follower.hear(plan, {"event": "begin"})
            last = await self._relay(plan, follower)
        except (OSError, ValueError) as error:  # no disk, no child, or one that speaks no JSON
            log.exception("the training of %s broke off", plan.kind)
            last = {**FAILED, "reason": getattr(error, "strerror", None) or ""}
        finally:
            self._child = None
            await asyncio.to_thread(self.tidy)
        await follower.hear(plan, {"event": "cancelled"} if self._cancelled else last)

    async def _relay(self, plan: Plan, follower: Follower) -> Event:
        """Return the last event, made up if the child did not get to it; hand on those before."""
        child = self._child = await begin(plan, self._settings, self.lessons)
        event: Event = {"event": "start"}
        try:
            if self._cancelled:  # while it was being started
                self.cancel()
            while line := await child.stdout.readline() if child.stdout else b"":
                event = json.loads(line)
                if event["event"] in ("start", "progress"):
                    await follower.hear(plan, event)
            await child.wait()
        finally:
            await end(child)
        if event["event"] in ("end", "failed"):
            return event
        return {"event": "killed"} if (child.returncode or 0) < 0 else FAILED


async def begin(plan: Plan, settings: Settings, lessons: Path) -> Process:
    """Start the child; its standard output is JSON lines. Raises OSError if it cannot be."""
    return await asyncio.create_subprocess_exec(
        *command(plan, settings, lessons),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment(settings),
        limit=LINE_LIMIT,
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


def command(plan: Plan, settings: Settings, lessons: Path) -> list[str]:
    """Return the words of the command line; users' corrections, if any, are the file `lessons`."""
    words = ["nice", "-n", str(NICENESS), sys.executable, "-m", "model", "train", plan.kind]
    words += ["--json"]
    if not plan.full:
        words += ["--finetune", "--epochs", str(settings.retrain_epochs)]
    if lessons.exists():
        words += ["--corrections", str(lessons)]
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
