"""A PostgreSQL server of the tests' own, and empty databases in it."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg

USER = "postgres"  # owns the server; initdb refuses to run as root
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # a test loses no power


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, which Debian keeps out of PATH; None if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@dataclass
class Server:
    """It listens on a free port of this machine and trusts whoever comes from there."""

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
