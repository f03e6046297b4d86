"""`python -m bot` or `bot.worker`, forked from a process that has imported it and read its texts.

That saves 1.7 s of processor at each start.
"""

import asyncio
import os
import runpy
import signal
import sys
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection

from bot.delivery.aiohttp_request import certificates
from bot.texts import Texts

FORKING = get_context("forkserver")
# What the two import, and not themselves: `runpy` warns of a module that it runs and finds loaded.
MODULES = ["bot.lifecycle", "bot.local.server", "bot.startup", "bot.web.live"]
FORKING.set_forkserver_preload([*MODULES, __name__])

# Read once: the forked processes have what this one has read.
Texts()
certificates()


class PreloadedBot:
    """The running bot, with what the tests use of an asyncio Process; `stderr` ends as it does."""

    def __init__(self, module: str, environment: dict[str, str], prelude: str = "") -> None:
        """Start it; `prelude` is Python that runs before the module."""
        self._stderr, theirs = FORKING.Pipe(duplex=False)
        given = module, environment, prelude, theirs
        # A daemon: what a failed test leaves running ends with the tests.
        self._process = FORKING.Process(target=_run, args=given, daemon=True)
        self._process.start()
        theirs.close()
        self.pid = self._process.pid or 0

    async def open_stderr(self) -> asyncio.StreamReader:
        """Return what it writes to its standard error."""
        reader, loop = asyncio.StreamReader(), asyncio.get_running_loop()
        pipe = os.fdopen(os.dup(self._stderr.fileno()), "rb")
        self._stderr.close()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
        return reader

    @property
    def returncode(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._process.exitcode

    def send_signal(self, sign: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, sign)

    async def wait(self) -> int:
        """Wait until it is gone, and return its exit status."""
        while self._process.exitcode is None:
            await asyncio.sleep(0.01)
        return self._process.exitcode


def _run(module: str, environment: dict[str, str], prelude: str, stderr: Connection) -> None:
    os.dup2(stderr.fileno(), sys.stderr.fileno())
    stderr.close()
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [module]
    exec(prelude, {})  # noqa: S102 - a test's own
    runpy.run_module(module, run_name="__main__", alter_sys=True)
