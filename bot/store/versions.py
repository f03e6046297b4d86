"""Trained versions in PostgreSQL, for the processes that share it; their disks hold copies.

With SQLite there is one process, and versions are only in the registry's folder.
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from bot.store.engine import Database, notify
from bot.store.tables import PointerRow, VersionRow
from model.classes import KINDS
from model.registry import CARD, KERAS, TFLITE, Registry, Version

NOTICE = "versions"  # sent by `notify` when a version is added, promoted or deleted
CHANGING = 0x76657273  # key of PostgreSQL's advisory lock of versions: "vers" in ASCII
Result = TypeVar("Result")


class Versions:
    """Reads and writes trained versions; `registry` is the folder of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sync(self, registry: Registry) -> None:
        """Make the folder equal to the tables; raises OSError.

        A version that is in the folder alone was trained here, or before the store was shared: it
        is added to the tables. One that is damaged in the folder is written again.
        """
        if not self._database.shared:
            return
        known, pointers = await self._database.run(_known)
        on_disk = await asyncio.to_thread(_on_disk, registry)
        for key, (version, is_intact) in on_disk.items():
            if key not in known and is_intact:
                await self._add(version)
            elif known.get(key) is False:
                await asyncio.to_thread(shutil.rmtree, version.folder, ignore_errors=True)
        intact = {key for key, (_, is_intact) in on_disk.items() if is_intact}
        for key in {key for key, is_kept in known.items() if is_kept} - intact:
            if files := await self._files(*key):
                await asyncio.to_thread(registry.install, *key, files)
        for kind in KINDS:
            names = registry.pointed(kind)
            if kind not in pointers and names:
                await self.change(registry, kind, lambda: None)
            elif kind in pointers and names != pointers[kind].split():
                await asyncio.to_thread(registry.point, kind, pointers[kind].split())

    async def change(self, registry: Registry, kind: str, work: Callable[[], Result]) -> Result:
        """Call `work`, which promotes or rolls back in the registry, and store the result for all.

        Before it, the registry gets the pointer of the tables. Other processes wait meanwhile.
        """
        if not self._database.shared:
            return await asyncio.to_thread(work)
        return await self._database.run(lambda session: _change(session, registry, kind, work))

    async def delete(self, registry: Registry, kind: str, name: str) -> None:
        """Delete a version in all processes; raises VersionError if the registry refuses."""

        def empty(session: Session) -> None:
            _change(session, registry, kind, lambda: registry.delete(kind, name))
            same = VersionRow.kind == kind, VersionRow.name == name
            nothing = dict.fromkeys(("card", "tflite", "keras"))
            session.execute(update(VersionRow).where(*same).values(nothing))

        if self._database.shared:
            await self._database.run(empty)
        else:
            await asyncio.to_thread(registry.delete, kind, name)

    async def _add(self, version: Version) -> None:
        def add(session: Session) -> None:
            row = {"kind": version.kind, "name": version.name, **files}
            session.execute(postgresql.insert(VersionRow).values(row).on_conflict_do_nothing())
            notify(session, NOTICE)

        files = await asyncio.to_thread(_read, version)
        await self._database.run(add)

    async def _files(self, kind: str, name: str) -> Mapping[str, bytes]:
        row = await self._database.run(lambda session: session.get_one(VersionRow, (kind, name)))
        files = {CARD: row.card, TFLITE: row.tflite, KERAS: row.keras}
        return {file: content for file, content in files.items() if content is not None}


def _change(session: Session, registry: Registry, kind: str, work: Callable[[], Result]) -> Result:
    """Change the registry within a transaction; short, as its files are few and small."""
    session.execute(select(func.pg_advisory_xact_lock(CHANGING)))
    if row := session.get(PointerRow, kind):
        registry.point(kind, row.names.split())
    result = work()
    session.merge(PointerRow(kind=kind, names="\n".join(registry.pointed(kind))))
    notify(session, NOTICE)
    return result


def _known(session: Session) -> tuple[dict[tuple[str, str], bool], dict[str, str]]:
    """Return by (kind, name) whether a version is kept or was deleted; and pointers by kind."""
    versions = select(VersionRow.kind, VersionRow.name, VersionRow.card.is_not(None))
    pointers = select(PointerRow.kind, PointerRow.names)
    return (
        {(kind, name): is_kept for kind, name, is_kept in session.execute(versions)},
        dict(session.execute(pointers).all()),
    )


def _on_disk(registry: Registry) -> dict[tuple[str, str], tuple[Version, bool]]:
    """Return the trained versions in the folder, and whether each is intact."""
    trained = (version for kind in KINDS for version in registry.list(kind) if not version.shipped)
    return {(version.kind, version.name): (version, version.is_intact) for version in trained}


def _read(version: Version) -> dict[str, bytes | None]:
    """Return the contents of a version's files by column of `VersionRow`."""
    files = {"card": CARD, "tflite": TFLITE, "keras": KERAS}
    paths = {column: version.folder / file for column, file in files.items()}
    return {column: path.read_bytes() if path.exists() else None for column, path in paths.items()}
