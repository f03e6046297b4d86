"""`python -m bot.backup FOLDER`: a copy of the store and of the trained versions.

`python -m bot.backup --move` copies both from SQLite and `DATA_DIR` into the PostgreSQL database
of `DATABASE_URL`. That database itself is backed up with pg_dump.
"""

import argparse
import asyncio
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, create_engine, exists, func, insert, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.settings import Settings, SettingsError, load_settings
from bot.store.engine import open_database
from bot.store.migration import migrate
from bot.store.recovery import StoreError, reason
from bot.store.tables import Base, ReplicaRow
from bot.store.versions import Versions
from model.registry import Registry

ABOUT = "Copies the store and the trained versions, while the bot runs or not."
MOVE = "copy them from DATA_DIR into DATABASE_URL, an empty PostgreSQL; end the bot before"
COPIED = "The store and the trained versions are copied to {folder}."
MOVED = "Moved to PostgreSQL: {tables}. The bot may start; DATA_DIR keeps what it had."
BATCH = 500  # rows of a table that are read and written together
NOT_COPIED = {ReplicaRow.__tablename__}  # tables: the processes of the old store


class BackupError(Exception):
    """The copy cannot be made; the message says why."""


def back_up(settings: Settings, folder: Path) -> None:
    """Create a folder with a copy of `DATA_DIR`.

    Raises BackupError, OSError or sqlite3.Error; the folder is then not created.
    """
    file = _sqlite_file(settings.database)
    if not file:
        raise BackupError("the store and the versions are in PostgreSQL: copy it with pg_dump")
    folder.mkdir(parents=True)
    try:
        source = file.resolve().as_uri() + "?mode=ro"
        with closing(sqlite3.connect(source, uri=True)) as store:
            store.execute("VACUUM INTO ?", (str(folder / "bot.db"),))
        if settings.models_dir.is_dir():
            shutil.copytree(settings.models_dir, folder / "models")
    except BaseException:
        shutil.rmtree(folder)
        raise


async def move(settings: Settings) -> dict[str, int]:
    """Copy `DATA_DIR`'s store and versions into an empty PostgreSQL database.

    Return the number of rows by table. All is copied in one transaction. Raises BackupError,
    StoreError, OSError and SQLAlchemyError.
    """
    file = settings.data_dir / "bot.db"
    if _sqlite_file(settings.database):
        raise BackupError("DATABASE_URL is not set to the PostgreSQL database to move to")
    if not file.is_file():
        raise BackupError(f"there is no {file} to move")
    source = create_engine(f"sqlite:///{file}")
    with Session(source) as session, session.begin():
        migrate(session)
    database = open_database(settings.database)
    try:
        await database.run(migrate)
        with source.connect() as connection:
            moved = await database.run(lambda session: _copy(connection, session))
        await Versions(database).sync(Registry(settings.models_dir))
    finally:
        await database.close()
        source.dispose()
    return moved


def _copy(source: Connection, target: Session) -> dict[str, int]:
    """Copy all rows and set PostgreSQL's sequences to the last ids; return the rows by table."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in NOT_COPIED]
    filled = [table.name for table in tables if target.scalar(select(exists().select_from(table)))]
    if filled:
        raise BackupError(f"the PostgreSQL database is not empty: {', '.join(filled)}")
    counts = {}
    for table in tables:
        counts[table.name] = 0
        for rows in source.execute(select(table)).mappings().partitions(BATCH):
            target.execute(insert(table), [dict(row) for row in rows])
            counts[table.name] += len(rows)
        number = table.autoincrement_column
        if number is not None and counts[table.name]:
            sequence = func.pg_get_serial_sequence(table.name, number.name)
            target.execute(
                select(func.setval(sequence, select(func.max(number)).scalar_subquery()))
            )
    return {name: count for name, count in counts.items() if count}


def _sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite URL, None for another database."""
    address = make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    return Path(address.database) if is_sqlite and address.database else None


def main() -> int:
    """Back up or move; return the exit status, 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m bot.backup", description=ABOUT)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "folder", type=Path, nargs="?", metavar="FOLDER", help="a new one, which is made"
    )
    what.add_argument("--move", action="store_true", help=MOVE)
    folder: Path | None = parser.parse_args().folder
    try:
        if folder:
            back_up(load_settings(), folder)
            print(COPIED.format(folder=folder))
        else:
            moved = asyncio.run(move(load_settings()))
            print(MOVED.format(tables=", ".join(f"{n} {name}" for name, n in moved.items())))
    except (SQLAlchemyError, ImportError) as error:
        print(f"No copy was made: {reason(error)}", file=sys.stderr)
        return 1
    except (OSError, sqlite3.Error, SettingsError, StoreError, BackupError) as error:
        print(f"No copy was made: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
