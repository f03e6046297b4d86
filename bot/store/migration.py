"""Migrations with Alembic, also of databases in which tables, even Alembic's own, are missing."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, create_engine, func, inspect, select, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateSchema

from bot.store.engine import is_shared
from bot.store.recovery import StoreError
from bot.store.tables import Base

log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).parent / "migrations"
REVISIONS = "alembic_version"  # Alembic's table, which holds the revision of the others
EXAMPLE = "digit_bot_example"  # PostgreSQL's schema for empty tables of a former revision
MIGRATING = 0x64696769  # key of PostgreSQL's advisory lock of migrations: "digi" in ASCII
Columns = dict[str, set[str]]  # names of columns and indices by table


def migrate(session: Session) -> list[str]:
    """Upgrade the tables to the newest revision; return those that were missing, now empty.

    Raises StoreError if their revision is newer than this program, or if they match none.
    """
    if is_shared(session):
        session.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
    connection = session.connection()
    missing = _restore(connection)
    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise StoreError(
            "A newer version of this program wrote the database: start that version, or restore "
            f"an older backup ({error})"
        ) from error
    missing |= set(Base.metadata.tables) - set(inspect(connection).get_table_names())
    if missing:
        log.critical("tables were missing and are made anew: %s", ", ".join(sorted(missing)))
        Base.metadata.create_all(connection)
    return sorted(missing)


def _restore(connection: Connection) -> set[str]:
    """Create missing tables as of the present revision, so that the upgrade finds all of them.

    Return their names. If Alembic's table is missing, the revision is found by the columns of the
    others.
    """
    tables = _columns(connection)
    if not tables:
        return set()
    scripts = ScriptDirectory.from_config(_config(connection))
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        revision = _revision_like(tables, scripts)
        log.critical("the table %s was missing: the others are those of %s", REVISIONS, revision)
        command.stamp(_config(connection), revision)
    known = {script.revision for script in scripts.walk_revisions()}
    if revision == scripts.get_current_head() or revision not in known:
        return set()
    complete = _tables_of(revision, connection)
    gone = complete.tables.keys() - tables - {REVISIONS}
    complete.create_all(connection, [complete.tables[name] for name in gone])
    return gone


def _revision_like(tables: Columns, scripts: ScriptDirectory) -> str:
    """Return the revision with exactly these columns in each of these tables.

    Of several, the one with the fewest further tables. Raises StoreError if there is none.
    """
    found = None
    with create_engine("sqlite://").connect() as example:
        for script in reversed(list(scripts.walk_revisions())):  # the oldest first
            command.upgrade(_config(example), script.revision)
            known = _columns(example)
            if all(known.get(table) == columns for table, columns in tables.items()):
                found = min(found or (len(known), script.revision), (len(known), script.revision))
    if found is None:
        raise StoreError(
            "The tables of the database are those of no version of this program: restore a "
            "backup, or set DATABASE_URL to another database"
        )
    return found[1]


def _tables_of(revision: str, like: Connection) -> MetaData:
    """Return the tables of a revision as the kind of database of `like` declares them.

    They are created empty, reflected and dropped: for SQLite in a database in memory, for
    PostgreSQL in a schema of the present transaction, which is rolled back to a savepoint.
    """
    tables = MetaData()
    if like.dialect.name == "sqlite":
        with create_engine("sqlite://").connect() as example:
            command.upgrade(_config(example), revision)
            tables.reflect(example)
        return tables
    with like.begin_nested() as savepoint:
        like.execute(CreateSchema(EXAMPLE))
        like.execute(text(f"SET LOCAL search_path TO {EXAMPLE}"))
        command.upgrade(_config(like), revision)
        tables.reflect(like)
        savepoint.rollback()
    return tables


def _columns(connection: Connection) -> Columns:
    """Return the names of columns and indices, without the indices that constraints create."""
    reflection = inspect(connection)
    names = {
        table: {column["name"] for column in columns}
        for (_, table), columns in reflection.get_multi_columns().items()
        if table != REVISIONS
    }
    for (_, table), indices in reflection.get_multi_indexes().items():
        if table in names:
            own = [index for index in indices if "duplicates_constraint" not in index]
            names[table] |= {str(index["name"]) for index in own}
    return names


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
