"""Damaged files in `DATA_DIR`: renamed at the start, so that the bot runs, and reported."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import make_url

from bot.settings import Settings
from bot.store.recovery import put_aside
from bot.store.store import Store
from model.classes import KINDS
from model.registry import Registry, VersionError

log = logging.getLogger(__name__)
WATCH_EVERY = 20.0  # s between checks that DATA_DIR and its database exist


class Damage(NamedTuple):
    """A message to the admins: its key in `bot/texts`, and the values in it."""

    key: str
    values: Mapping[str, str | float]


def set_aside(settings: Settings) -> list[Damage]:
    """Rename a damaged database and damaged pointer files of the registry.

    Return these, and versions that should serve and are damaged. To be called before the store
    and the registry are used. Raises OSError.
    """
    found = []
    if store := put_aside(settings.database):
        found.append(Damage("store-damaged", {"file": store.name}))
    registry = Registry(settings.models_dir)
    for kind in KINDS:
        if pointer := registry.put_aside_pointer(kind):
            log.critical("the pointer of %s was damaged: it is kept as %s", kind, pointer)
            values = {"kind": kind, "file": pointer.name, "version": registry.serving(kind).name}
            found.append(Damage("pointer-damaged", values))
        if history := registry.history(kind):
            try:
                history[-1].check()
            except VersionError as error:
                log.critical("%s", error)
                values = {"version": history[-1].name, "serving": registry.serving(kind).name}
                found.append(Damage("version-damaged", {"kind": kind, **values}))
    return found


def found_in(store: Store) -> list[Damage]:
    """Return what the store found when it was opened: missing tables, updates that are no JSON."""
    found = []
    if store.made_anew:
        found.append(Damage("tables-missing", {"tables": ", ".join(store.made_anew)}))
    if store.unreadable:
        found.append(Damage("updates-damaged", {"count": len(store.unreadable)}))
    return found


async def watch_data_dir(
    settings: Settings, store: Store, report: Callable[[Damage], Awaitable[None]]
) -> None:
    """Check every WATCH_EVERY that `DATA_DIR` and its database exist, else restore them.

    Never returns. SQLite goes on with the deleted file, which is still open, so its whole content
    can be copied to a new one. Trained versions are lost; those in memory go on serving.
    """
    address = make_url(settings.database)
    is_file = address.get_backend_name() == "sqlite" and address.database
    database = Path(address.database or "") if is_file else None
    while True:
        await asyncio.sleep(WATCH_EVERY)
        if settings.data_dir.is_dir() and (database is None or database.exists()):
            continue
        log.critical("DATA_DIR or its database was deleted under the running bot")
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            if database:
                database.parent.mkdir(parents=True, exist_ok=True)
                await store.write_back(database)
        except OSError as error:
            log.critical("it cannot be put back: %s", error.strerror)
        await report(Damage("data-deleted", {}))
