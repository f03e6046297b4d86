"""Tables are brought up to date, also where some of an older program's are missing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from bot.damage import Damage, found_in
from bot.store.jobs import Order
from bot.store.migration import _config
from bot.store.recovery import StoreError
from tests.stores import store_in, teach


@pytest.mark.parametrize("revision", ["0002", "0005", "head"])
@pytest.mark.parametrize("gone", [("alembic_version",), ("jobs", "alembic_version"), ("jobs",)])
async def test_tables_of_an_older_program_are_missing_and_the_others_are_kept(
    revision: str, gone: tuple[str, ...], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    with create_engine(url).begin() as connection:
        command.upgrade(_config(connection), revision)
        connection.execute(text("INSERT INTO users (id, language) VALUES (7, 'hu')"))
        for table in gone:
            connection.execute(text(f"DROP TABLE {table}"))
    async with store_in(tmp_path) as store:
        told = [Damage("tables-missing", {"tables": "jobs"})] if "jobs" in gone else []
        assert found_in(store) == told
        assert (await store.load_user(7)).language == "hu"
        await teach(store, 1, 7, 1)
        assert await store.jobs.add([Order("clean", 1, 1, 1)])
    async with store_in(tmp_path) as store:
        assert not found_in(store)


async def test_tables_of_no_revision_are_refused_and_stay(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection, connection:
        connection.execute("CREATE TABLE users (id INTEGER, shoe_size REAL)")
    with pytest.raises(StoreError, match="no version of this program"):
        async with store_in(tmp_path):
            pass
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("users",)]
