"""Runs `python -m model train` as a child process, one at a time, and hands on what it says."""

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from bot.settings import Settings

log = logging.getLogger(__name__)

LINE_LIMIT = 1 << 20  # bytes of one line of the child's JSON
NICENESS = 10  # photos are answered first

Event: TypeAlias = Mapping[str, Any]
"""One JSON line of the child: its "event" is start, progress, end, failed; or cancelled, by us."""


class Trainer:
    """At most one training; `kind` names the network it trains, None while none runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._task: asyncio.Task[None] | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._cancelled = False
        self.kind: str | None = None

    def start(self, kind: str, follow: Callable[[Event], Awaitable[None]]) -> None:
        """Train in the background; `follow` gets each event, an end of some sort last.

        Raises RuntimeError while another training runs.
        """
        if self.kind:
            raise RuntimeError(f"a training of {self.kind} is running")
        self.kind, self._cancelled = kind, False
        self._task = asyncio.create_task(self._run(kind, follow))

    def cancel(self) -> None:
        """End the child; `follow` gets "cancelled" as its last event."""
        self._cancelled = True
        if self._child:
            self._child.terminate()

    async def close(self) -> None:
        """End the child without a word: the next start of the bot says "interrupted"."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, kind: str, follow: Callable[[Event], Awaitable[None]]) -> None:
        try:
            last = await self._relay(kind, follow)
        except (OSError, ValueError):  # no child, or one that does not speak JSON
            log.exception("the training of %s broke off", kind)
            last = {"event": "failed", "reason": ""}
        finally:
            self.kind = self._child = None
        if self._cancelled:
            last = {"event": "cancelled"}
        elif last["event"] not in ("end", "failed"):
            last = {"event": "failed", "reason": ""}
        await follow(last)

    async def _relay(self, kind: str, follow: Callable[[Event], Awaitable[None]]) -> Event:
        """Return the child's last event; hand on those before it."""
        child = self._child = await asyncio.create_subprocess_exec(
            *self._command(kind),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._environment(),
            limit=LINE_LIMIT,
        )
        event: Event = {"event": "start"}
        try:
            while line := await child.stdout.readline() if child.stdout else b"":
                event = json.loads(line)
                if event["event"] in ("start", "progress"):
                    await follow(event)
            await child.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()
            await child.wait()
        return event

    def _command(self, kind: str) -> list[str]:
        settings = self._settings
        command = ["nice", "-n", str(NICENESS), sys.executable, "-m", "model", "train", kind]
        command += ["--finetune", "--json", "--epochs", str(settings.retrain_epochs)]
        if settings.retrain_limit:
            command += ["--limit", str(settings.retrain_limit)]
        return command

    def _environment(self) -> dict[str, str]:
        secret = {"BOT_TOKEN", "DATABASE_URL"}
        inherited = {key: value for key, value in os.environ.items() if key not in secret}
        return {**inherited, "DATA_DIR": str(self._settings.data_dir)}
