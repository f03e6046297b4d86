"""`python -m bot.backup FOLDER`: a copy of the store and of the trained versions."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from bot.settings import Settings, load_settings

USAGE = "usage: python -m bot.backup FOLDER (a new one)"


def back_up(settings: Settings, folder: Path) -> None:
    """Fill a new folder that can take the place of `DATA_DIR`; raises OSError or sqlite3.Error."""
    folder.mkdir(parents=True)
    address = make_url(settings.database)
    if address.get_backend_name() == "sqlite" and address.database:
        source = Path(address.database).resolve().as_uri() + "?mode=ro"
        with closing(sqlite3.connect(source, uri=True)) as store:
            store.execute("VACUUM INTO ?", (str(folder / "bot.db"),))
    if settings.models_dir.is_dir():
        shutil.copytree(settings.models_dir, folder / "models")


def main() -> int:
    """Back up; return 1 if it did not work, 2 for wrong usage."""
    if len(sys.argv) != 2:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        back_up(load_settings(), Path(sys.argv[1]))
    except (OSError, sqlite3.Error) as error:
        print(f"No copy was made: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
