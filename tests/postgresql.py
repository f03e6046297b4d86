"""A PostgreSQL server for tests, empty databases in it, and connections that can be broken."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

USER = "postgres"  # owns the server; initdb refuses to run as root
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # a test loses no power


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, which Debian keeps out of PATH; None if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@dataclass
class Server:
    """The server: it listens on a free local port and asks for no password."""

    port: int
    _names: Iterator[int] = field(default_factory=count)

    async def database(self) -> str:
        """Make an empty database; return SQLAlchemy's URL of it."""
        name = f"test{next(self._names)}"
        connection = await asyncpg.connect(self._url("postgres"))
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return self._url(name).replace("postgresql:", "postgresql+asyncpg:")

    def _url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a server with its data in an empty folder that its user can reach."""
    found = programs()
    assert found, "is PostgreSQL installed?"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    as_user = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, USER)
    data = str(folder / "data")

    def call(*command: str) -> None:
        done = subprocess.run(  # noqa: S603
            [*as_user, *command], cwd=folder, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr

    call(str(found / "initdb"), "-D", data, "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8")
    settings = " ".join(f"-c {one}" for one in (*FAST, f"port={port}", "max_connections=200"))
    where = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {settings}"
    control = str(found / "pg_ctl"), "-D", data, "-l", str(folder / "log"), "-w"
    call(*control, "-o", where, "start")
    try:
        yield Server(port)
    finally:
        call(*control, "-m", "immediate", "stop")


class Cable:
    """A TCP proxy between a bot and the database, which can be stopped and started."""

    def __init__(self, url: str) -> None:
        self._ends: list[asyncio.StreamWriter] = []
        self._address = address = make_url(url)
        self._host, self._port = address.host or "127.0.0.1", address.port or 5432

    async def plug_in(self, port: int = 0) -> str:
        """Return the URL by which the database is reached."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        by_cable = self._address.set(host="127.0.0.1", port=self.port)
        return by_cable.render_as_string(hide_password=False)

    def pull(self) -> None:
        self._server.close()
        for end in self._ends:
            end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        self._ends += [writer, back]
        await asyncio.gather(_copy(reader, back), _copy(there, writer))


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(1 << 16):
            target.write(data)
    target.close()
