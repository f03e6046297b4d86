"""Tables are brought up to date, also where some of an older program's are missing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from alembic import command
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.damage import Damage, found_in
from bot.store.engine import open_database
from bot.store.jobs import Order
from bot.store.migration import _config
from bot.store.recovery import StoreError
from bot.store.store import Store
from tests.postgresql import Server
from tests.stores import store_in, teach


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bot.db'}"
    server: Server = request.getfixturevalue("postgresql")
    return await server.database()


@pytest.mark.parametrize("revision", ["0002", "head"])
@pytest.mark.parametrize(
    "gone", [("alembic_version",), ("corrections", "alembic_version"), ("corrections", "jobs")]
)
async def test_tables_of_an_older_program_are_missing_and_the_others_are_kept(
    revision: str, gone: tuple[str, ...], url: str
) -> None:
    def damage(session: Session) -> None:
        command.upgrade(_config(session.connection()), revision)
        session.execute(text("INSERT INTO users (id, language) VALUES (7, 'hu')"))
        for table in gone:
            session.execute(text(f"DROP TABLE {table}"))

    database = open_database(url)
    await database.run(damage)
    await database.close()
    store = await Store.open(url)
    made = ", ".join(table for table in gone if table != "alembic_version")
    assert found_in(store) == ([Damage("tables-missing", {"tables": made})] if made else [])
    assert (await store.load_user(7)).language == "hu"
    await teach(store, 1, 7, 1)
    assert await store.jobs.add([Order("clean", 1, 1, 1)])
    await store.forget(1)
    assert await store.corrections.taught() == []
    await store.close()
    again = await Store.open(url)
    assert not found_in(again)
    await again.close()


async def test_tables_of_no_revision_are_refused_and_stay(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection, connection:
        connection.execute("CREATE TABLE users (id INTEGER, shoe_size REAL)")
    with pytest.raises(StoreError, match="no version of this program"):
        async with store_in(tmp_path):
            pass
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("users",)]
