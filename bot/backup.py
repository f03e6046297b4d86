"""`python -m bot.backup FOLDER`: a copy of the store and of the trained versions.

Of a store in PostgreSQL none: it brings pg_dump for that.
"""

import argparse
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.settings import Settings, SettingsError, load_settings

ABOUT = "Copies the store and the trained versions, while the bot runs or not."
COPIED = "The store and the trained versions are copied to {folder}."
POSTGRESQL = "Trained versions are copied; the store is in PostgreSQL: copy it with pg_dump."


def back_up(settings: Settings, folder: Path) -> bool:
    """Fill a new folder that can take the place of `DATA_DIR`; say whether the store is in it.

    Raises OSError or sqlite3.Error, and then there is no such folder.
    """
    folder.mkdir(parents=True)
    try:
        return _fill(folder, settings)
    except BaseException:
        shutil.rmtree(folder)
        raise


def _fill(folder: Path, settings: Settings) -> bool:
    address = make_url(settings.database)
    file = address.database if address.get_backend_name() == "sqlite" else None
    if file:
        source = Path(file).resolve().as_uri() + "?mode=ro"
        with closing(sqlite3.connect(source, uri=True)) as store:
            store.execute("VACUUM INTO ?", (str(folder / "bot.db"),))
    if settings.models_dir.is_dir():
        shutil.copytree(settings.models_dir, folder / "models")
    return file is not None


def main() -> int:
    """Back up; return 1 if it did not work."""
    parser = argparse.ArgumentParser(prog="python -m bot.backup", description=ABOUT)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new one, which is made")
    folder = parser.parse_args().folder
    try:
        print(COPIED.format(folder=folder) if back_up(load_settings(), folder) else POSTGRESQL)
    except (OSError, sqlite3.Error, SettingsError, ArgumentError) as error:
        print(f"No copy was made: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
