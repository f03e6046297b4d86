"""Runs trainings in the background, one at a time, and hands on what they say."""

import asyncio
import json
import logging
import shutil
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from bot.learning.child import Plan, begin, end
from bot.settings import Settings

log = logging.getLogger(__name__)

Event: TypeAlias = Mapping[str, Any]
"""One JSON line of the child: its "event" is start, progress, end or failed. Others are ours:
begin, before there is a child, and the ends cancelled and killed (for want of memory, say)."""

FAILED: Event = {"event": "failed", "reason": ""}


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


async def _is_followed(work: Coroutine[None, None, None]) -> bool:
    """Say whether it was done: it is the bot's, whose store may be full, or Telegram away."""
    try:
        await work
    except Exception:
        log.exception("a training was not followed to its end")
        return False
    return True
