"""A damaged SQLite file is renamed and left unchanged, so that a new one can be created."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError, OperationalError

from bot.store.recovery import put_aside, stop_if_damaged


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [("y" * 200,)] * 100)
    return path


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_a_sound_store_stays(file: Path) -> None:
    assert put_aside(url(file)) is None
    assert file.exists()


@pytest.mark.parametrize("at", [0, 4096])
def test_a_damaged_file_is_renamed_unchanged_with_its_journals(file: Path, at: int) -> None:
    damaged = bytearray(file.read_bytes())
    damaged[at : at + 100] = b"?" * 100
    file.write_bytes(damaged)
    file.with_name("bot.db-wal").write_bytes(b"")
    aside = put_aside(url(file))
    assert aside and aside.read_bytes() == damaged
    assert not file.exists()


def test_two_damaged_files_do_not_overwrite_each_other(file: Path) -> None:
    kept = set()
    for content in (b"first" * 100, b"second" * 100):
        file.write_bytes(content)
        aside = put_aside(url(file))
        assert aside and aside.read_bytes() == content
        kept.add(aside)
    assert len(kept) == 2


def test_a_locked_store_is_not_damaged(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert put_aside(url(file)) is None
    assert file.exists()


@pytest.mark.parametrize("address", ["sqlite://", "postgresql+asyncpg://host/db"])
def test_a_database_that_is_no_file_is_not_renamed(address: str) -> None:
    assert put_aside(address) is None


def test_damage_found_later_stops_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    signals: list[int] = []
    monkeypatch.setattr("signal.raise_signal", signals.append)
    locked = sqlite3.OperationalError("database is locked")
    stop_if_damaged(OperationalError("SELECT", None, locked))
    assert not signals
    malformed = sqlite3.DatabaseError("database disk image is malformed")
    stop_if_damaged(DatabaseError("SELECT", None, malformed))
    assert len(signals) == 1
