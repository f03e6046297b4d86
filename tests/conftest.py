"""The local chat and the real bot, started as its own process, for end-to-end tests."""

import os

# Before NumPy is loaded, here and in all that tests start. Threads of OpenBLAS wait for each other
# in a loop: where processes share the cores, small products took ten times the processor time.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pytest_asyncio
from hypothesis import settings

from bot.local.server import LocalChat
from tests import schema
from tests.end_to_end.chat import Chat
from tests.end_to_end.faults import Faults
from tests.end_to_end.webhook import free_hook, settings_of
from tests.postgresql import Server, programs, running
from tests.preloaded import PreloadedBot

ADMIN = 3
START_TIMEOUT = 60.0  # s; a busy machine is slow to start a process
STOP_TIMEOUT = 30.0  # s
READY = {"bot": b"reading photos", "bot.worker": b"training for"}  # what its log says then
VIOLATIONS = pytest.StashKey[list[str]]()  # of the Bot API's types by the bots' calls
# The same examples at each run: one that fails is met by whoever changes the code.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


@dataclass
class BotProcess:
    """`python -m bot`, or a worker, against a Bot API server, with its own `DATA_DIR`."""

    server: LocalChat
    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    log: bytes = b""
    before: tuple[str, ...] = ()  # a command that starts it
    prelude: str = ""  # Python that its process runs first, to change constants of the bot
    module: str = "bot"
    _process: asyncio.subprocess.Process | PreloadedBot = field(init=False)
    _stderr: asyncio.StreamReader | None = field(init=False)

    async def start(self) -> None:
        """Start it, and wait until it polls."""
        former, ready = len(self.log), READY[self.module]
        environment = {**os.environ, **self._environment()}
        if self.before:
            self._process = await asyncio.create_subprocess_exec(
                *(*self.before, sys.executable, "-m", self.module),
                env=environment,
                stderr=asyncio.subprocess.PIPE,
            )
            self._stderr = self._process.stderr
        else:
            self._process = PreloadedBot(self.module, environment, self.prelude)
            self._stderr = await self._process.open_stderr()
        self._ready = asyncio.Event()
        self._reader = asyncio.create_task(self._read_log())
        await asyncio.wait_for(self._ready.wait(), START_TIMEOUT)
        if ready not in self.log[former:]:  # its output ended, and so it does
            await self._process.wait()
        assert ready in self.log[former:], self.log.decode()

    async def fails_to_start(self, said: str) -> None:
        """Start it; it ends with status 1, having said what fits the pattern and no traceback."""
        with pytest.raises(AssertionError, match=said):
            await self.start()
        assert await self.end() == 1
        assert b"Traceback" not in self.log

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def end(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait until it is gone, and return its exit status."""
        if self._process.returncode is None:
            self._process.send_signal(sign)
        await asyncio.wait_for(self._process.wait(), STOP_TIMEOUT)
        await self._reader
        print(self.log.decode())  # pytest shows it where the test failed
        return self._process.returncode or 0

    def _environment(self) -> dict[str, str]:
        return {
            "BOT_TOKEN": self.server.token,
            "TELEGRAM_API_URL": self.server.url,
            "ADMIN_IDS": str(ADMIN),
            "DATA_DIR": str(self.data_dir),
            # Of its trainings: on shared cores two threads take 6 % more processor time.
            "TF_NUM_INTRAOP_THREADS": "1",
            **self.settings,
        }

    async def _read_log(self) -> None:
        while line := await self._stderr.readline() if self._stderr else b"":
            self.log += line
            if READY[self.module] in line:
                self._ready.set()
        self._ready.set()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put trainings first and the files of short tests last.

    Workers that take files in turn then end together: trainings run at a low priority.
    """
    items.sort(key=lambda item: "preprocessing" in item.path.parts)
    items.sort(key=lambda item: item.path.name != "test_retraining.py")


@pytest.fixture(autouse=True, scope="session")
def no_versions_of_others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Judge what is shipped, whatever whoever runs the tests has trained or promoted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.setenv("PTB_TIMEDELTA", "true")  # as `bot.__main__` does
        yield


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server of the tests' own."""
    if not programs():
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    # Not below pytest's own folder, which the server's user may not enter.
    with TemporaryDirectory() as folder, running(Path(folder)) as server:
        yield server


@pytest_asyncio.fixture
async def postgresql_url(postgresql: Server) -> str:
    """An empty database there."""
    return await postgresql.database()


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_testnodedown(node: object) -> None:
    """Take the calls of the bots of one of several test processes."""
    Faults.seen.update(getattr(node, "workeroutput", {}).get("calls", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hold every call that the tests' bots made against the Bot API's types, once.

    Loading the types takes 4 s of processor: with several test processes, the one that started
    them does it for all.
    """
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["calls"] = sorted(Faults.seen)
    elif Faults.seen and schema.PYTHON.exists() and (found := schema.violations(Faults.seen)):
        session.config.stash[VIOLATIONS] = found
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was wrong with them."""
    for line in terminalreporter.config.stash.get(VIOLATIONS, []):
        terminalreporter.write_line(f"against the Bot API's types: {line}", red=True)


@pytest.fixture
def faults() -> Faults:
    """What goes wrong at `server`: nothing, until a test orders it."""
    return Faults()


@asynccontextmanager
async def serving(faults: Faults) -> AsyncIterator[LocalChat]:
    """A Bot API server on loopback, without a bot."""
    server = await LocalChat.start(middleware=faults.middleware)
    yield server
    await server.close()


@pytest_asyncio.fixture
async def server(faults: Faults) -> AsyncIterator[LocalChat]:
    """A Bot API server on loopback, without a bot."""
    async with serving(faults) as server:
        yield server


@pytest_asyncio.fixture
async def chat(server: LocalChat) -> AsyncIterator[Chat]:
    """People who write to the bot of `server`."""
    async with Chat(server.url) as chat:
        yield chat


@asynccontextmanager
async def running_bot(
    server: LocalChat, folder: Path, test: pytest.Item, **settings: str
) -> AsyncIterator[BotProcess]:
    """The bot, with the `settings` and the `prelude` that a test is marked with."""
    named, prelude = test.get_closest_marker("settings"), test.get_closest_marker("prelude")
    process = BotProcess(server, folder / "data", settings | dict(named.kwargs if named else {}))
    process.prelude = prelude.args[0] if prelude else ""
    try:
        await process.start()
        yield process
        await process.end()
    finally:
        await process.end(signal.SIGKILL)


@pytest_asyncio.fixture
async def bot(
    server: LocalChat, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[BotProcess]:
    """The running bot."""
    async with running_bot(server, tmp_path, request.node) as bot:
        yield bot


@pytest.fixture
def hook() -> str:
    """A webhook's address for it."""
    return free_hook()


@pytest_asyncio.fixture
async def hooked(
    server: LocalChat, tmp_path: Path, hook: str, request: pytest.FixtureRequest
) -> AsyncIterator[BotProcess]:
    """The running bot, with updates brought to its webhook."""
    async with running_bot(server, tmp_path, request.node, **settings_of(hook)) as bot:
        yield bot
