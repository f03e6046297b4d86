"""The child process of a training, `python -m model train`: begin it, end it."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings

LINE_LIMIT = 1 << 20  # bytes of one line of the child's JSON
NICENESS = 10  # photos are answered first
ENDING_TIME = 10.0  # s the child has to tidy up before it is killed


@dataclass(frozen=True)
class Plan:
    """What one training does: `full` from nothing, else from the serving version."""

    kind: str
    full: bool = False


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
