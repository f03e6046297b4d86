"""Backup and restore with the command lines of the README, while the bot runs."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Column, Row, insert, select
from sqlalchemy.orm import Session

from bot.backup import BackupError, back_up, main, move
from bot.settings import Settings
from bot.store.inbox import Arrival
from bot.store.outbox import Send
from bot.store.store import Store
from bot.store.tables import Base, JobRow
from model.registry import Registry
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.postgresql import Server, programs
from tests.stores import add, store_in, teach, train
from tests.versions import copy_version

ROOT = Path(__file__).parents[2]


def commands_of_readme() -> tuple[str, str]:
    """Return the README's lines for a backup and for a restore."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```\n(.*bot\.backup.*)\n(.*)\n```", readme)
    assert found
    copy, restore = (line.split("#")[0] for line in found.groups())
    return copy.replace(".venv/bin/python", shlex.quote(sys.executable)), restore


def shell(command: str, folder: Path) -> None:
    path = f"{programs()}:/usr/bin:/bin"  # pg_dump as new as the server
    environment = {"PYTHONPATH": str(ROOT), "PATH": path}
    subprocess.run(["sh", "-ec", command], cwd=folder, env=environment, check=True)  # noqa: S603, S607


async def test_what_the_readme_says_brings_everything_back(
    bot: BotProcess, chat: Chat, tmp_path: Path
) -> None:
    copy, restore = commands_of_readme()
    ann = chat.user(1)
    await ann.says(await ann.text("/model noisy"))
    (bot.data_dir / "models" / "noisy").mkdir(parents=True, exist_ok=True)
    (bot.data_dir / "models" / "noisy" / "kept").write_text("a version")
    shell(copy, tmp_path)
    await ann.says(await ann.text("/model clean"))
    await bot.end()
    shell(restore, tmp_path)
    await bot.start()
    assert words(await ann.says(await ann.text("/model"))).startswith("The noisy network")
    assert (bot.data_dir / "models" / "noisy" / "kept").read_text() == "a version"


def test_an_older_copy_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with pytest.raises(FileExistsError):
        back_up(Settings(data_dir=tmp_path), tmp_path / "backup")


def test_a_copy_that_failed_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setattr("sys.argv", ["backup", str(tmp_path / "backup")])
    assert main() == 1
    assert "No copy was made" in capsys.readouterr().err
    assert not (tmp_path / "backup").exists()
    monkeypatch.setenv("DATABASE_URL", "no address at all")
    assert main() == 1


def test_a_backup_of_postgresql_is_refused_and_names_pg_dump(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("sys.argv", ["backup", str(tmp_path / "backup")])
    assert main() == 1
    assert "pg_dump" in capsys.readouterr().err
    assert not (tmp_path / "backup").exists()


async def filled(folder: Path) -> dict[str, list[Row[Any]]]:
    """Put rows into each table of a store in SQLite; return them by table."""
    async with store_in(folder) as store:
        await store.replicas.beat()
        await store.choose(7, model="noisy")
        await store.updates.keep([Arrival(1, json.dumps({"text": "\0 ☃"}), 7, 7, 5)])
        await store.sends.begin(Send(1, 1, 7, after=5, markup=None))
        for _ in range(3):
            await teach(store, 7, 7, 1)
        await train(store)
        await store._database.run(fill_the_rest)
        return await store._database.run(all_rows)


def fill_the_rest(session: Session) -> None:
    """Insert a row into each table that has none."""
    for table in Base.metadata.sorted_tables:
        if not session.execute(select(table)).first():
            values = {column.name: made_up(column) for column in table.columns}
            session.execute(insert(table).values(values))


def made_up(column: Column[Any]) -> object:
    kind = column.type.python_type
    return {int: 1, float: 1.5, bool: True, str: "x", bytes: b"\0x"}[kind]


def all_rows(session: Session) -> dict[str, list[Row[Any]]]:
    tables = (table for table in Base.metadata.sorted_tables if table.name != "replicas")
    return {table.name: sorted(session.execute(select(table)).all(), key=repr) for table in tables}


async def test_a_move_to_postgresql_copies_all_rows_and_sets_the_sequences(
    postgresql_url: str, tmp_path: Path
) -> None:
    before = await filled(tmp_path)
    assert all(before.values()), "a table is not tried"
    copy_version(tmp_path / "models", "clean", "29990101-a")
    settings = Settings(data_dir=tmp_path, database_url=SecretStr(postgresql_url))
    moved = await move(settings)
    assert moved == {name: len(rows) for name, rows in before.items()}
    with pytest.raises(BackupError, match="is not empty"):
        await move(settings)
    store = await Store.open(postgresql_url)
    after = await store._database.run(all_rows)
    versions = after.pop("versions")
    assert {row.name for row in versions} == {"x", "29990101-a"}
    before.pop("versions")
    assert after == before
    ids = [(await add(store, 9, 4)).id for _ in range(2)]
    assert min(ids) > max(row.id for row in before["readings"])
    await store.jobs.end(await train_another(store), "failed")
    await store.close()


async def train_another(store: Store) -> JobRow:
    """End the training that ran when the store was moved, and order and claim another."""
    await store.replicas.beat()
    return await train(store)


async def test_the_readmes_lines_for_postgresql_bring_everything_back(
    postgresql: Server, tmp_path: Path
) -> None:
    url = await postgresql.database()
    store = await Store.open(url)
    await store.choose(7, model="noisy")
    await teach(store, 7, 7, 1)
    copy_version(tmp_path / "models", "clean", "29990101-a")
    await store.versions.sync(Registry(tmp_path / "models"))
    before = await store._database.run(all_rows)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```\n(pg_dump .*)\n(pg_restore .*)\n```", readme)
    assert found
    copy, restore = (
        line.split("#")[0].replace("$DATABASE", url.replace("+asyncpg", ""))
        for line in found.groups()
    )
    shell(copy, tmp_path)
    await store.forget(7)
    await store.close()
    shell(restore, tmp_path)
    again = await Store.open(url)
    assert await again._database.run(all_rows) == before
    await again.close()
