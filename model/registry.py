"""Version folders and the pointer: which trained network serves, and the way back.

A root holds <kind>/<version>/, a version's folder, and <kind>/serving, a file with one version
per line: the last one serves, the one before it is where a roll-back leads.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from dotenv import dotenv_values

from model.version import CARD, SHIPPED, Version, VersionError

KINDS = ("clean", "noisy")
POINTER = "serving"


def default_root() -> Path:
    """Return `DATA_DIR`/models: `DATA_DIR` from the environment, then `.env`, then "data"."""
    folder = os.environ.get("DATA_DIR") or dotenv_values(".env").get("DATA_DIR") or "data"
    return Path(folder) / "models"


class Registry:
    """The versions under one root, and behind them the shipped ones."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = (default_root() if root is None else root).resolve()

    def list(self, kind: str) -> Sequence[Version]:
        """Return all finished versions of a kind, oldest first."""
        found = {
            card.parent.name: Version(kind, card.parent.name, card.parent)
            for root in (SHIPPED, self.root)
            for card in (root / kind).glob(f"[!.]*/{CARD}")
        }
        return [found[name] for name in sorted(found)]

    def find(self, kind: str, name: str) -> Version:
        """Return one version; raises VersionError when there is none of that name."""
        for version in self.list(kind):
            if version.name == name:
                return version
        raise VersionError(f"there is no {kind} version {name}")

    def history(self, kind: str) -> Sequence[Version]:
        """Return what may serve, the best claim last: shipped ones, then those promoted."""
        versions = {version.name: version for version in self.list(kind)}
        roots = [SHIPPED] if self.root == SHIPPED else [SHIPPED, self.root]
        names = [name for root in roots for name in _pointed(root / kind / POINTER)]
        return [versions[name] for name in names if name in versions]

    def serving(self, kind: str) -> Version:
        """Return the newest promoted version that is fit to serve; raises VersionError."""
        for version in reversed(self.history(kind)):
            try:
                version.check()
            except VersionError:
                continue
            return version
        raise VersionError(f"there is no {kind} version that could serve")

    def promote(self, kind: str, name: str) -> Version:
        """Let a version serve from now on; one that is broken is refused with VersionError."""
        version = self.find(kind, name)
        version.check()
        former = [old for old in _pointed(self.root / kind / POINTER) if old != name]
        self._point(kind, [*former, name])
        return version

    def rollback(self, kind: str) -> Version:
        """Take back the last promotion and return what serves then; raises VersionError."""
        former = _pointed(self.root / kind / POINTER)
        if not former or len(self.history(kind)) < 2:
            raise VersionError(f"no {kind} version served before this one")
        self._point(kind, former[:-1])
        return self.serving(kind)

    def delete(self, kind: str, name: str) -> None:
        """Remove a trained version; raises VersionError for a shipped one or the serving one."""
        version = self.find(kind, name)
        if version.shipped:
            raise VersionError(f"{kind} {name} came with the program and stays")
        if version == self.serving(kind):
            raise VersionError(f"{kind} {name} serves; promote another one first")
        shutil.rmtree(version.folder)

    @contextmanager
    def add(self, kind: str) -> Iterator[Version]:
        """Give a version in a hidden folder to write into; it is listed only if all goes well."""
        parent = self.root / kind
        parent.mkdir(parents=True, exist_ok=True)
        name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
        with tempfile.TemporaryDirectory(prefix=".new-", dir=parent) as made:
            folder = Path(made) / name
            folder.mkdir()
            yield Version(kind, name, folder)
            folder.rename(parent / name)

    def _point(self, kind: str, names: Sequence[str]) -> None:
        """Replace the pointer at once, so that no reader ever sees half of it."""
        parent = self.root / kind
        parent.mkdir(parents=True, exist_ok=True)
        new = parent / f".{POINTER}"
        new.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        new.replace(parent / POINTER)


def _pointed(pointer: Path) -> Sequence[str]:
    return pointer.read_text(encoding="utf-8").split() if pointer.exists() else []
