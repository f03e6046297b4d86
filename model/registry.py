"""Version folders and the pointer: which trained network serves, and the way back.

A root holds <kind>/<version>/, a version's folder, and <kind>/serving, a file with one version
per line: the last one serves, the one before it is where a roll-back leads.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from preprocessing.glyph import EQUAL_VERSIONS, VERSION

# What comes with the project; only `make train` writes there.
SHIPPED = Path(__file__).resolve().parent / "weights"
KERAS, TFLITE, CARD = "model.keras", "model.tflite", "card.json"
LITERT_TOLERANCE = 1e-5  # largest difference of a probability between LiteRT and Keras
POINTER = "serving"
CHECKPOINT = ".checkpoint-"  # begins the name of a cut-off training's folder, in that of the kind


@dataclass(frozen=True)
class TrainingSettings:
    """What a training was asked to do; all of it goes on the card."""

    kind: str
    epochs: int
    seed: int
    finetune: bool
    limit: int | None  # MNIST glyphs at most; None: all of them
    origin: str | None = None  # the kind whose serving version a full training goes on from


Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _is_iso_time(text: str) -> str:
    datetime.fromisoformat(text)
    return text


class Scores(TypedDict):
    """Measurements of a version, to compare it with another; accuracies 0 to 1."""

    mnist_validation: Share
    mnist_test: Share
    noise: dict[str, Share]  # salt and pepper level -> accuracy on the validation glyphs
    own_noise: Share  # accuracy there under the noise that the network is for
    ms_per_glyph: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    unsure_below: Share


class Card(TypedDict):
    """What is known of a version, as `card.json` holds it."""

    kind: str
    created: Annotated[str, AfterValidator(_is_iso_time)]  # UTC, ISO 8601
    parameters: int
    preprocessing: str  # version of the recipe that made the glyphs it was trained with
    training: dict[str, float | int | str | bool | None]
    data: dict[str, int | str]  # glyphs by kind of source, SHA-256 of what trained
    scores: Scores | None  # measured after the training; None until then
    history: dict[str, list[float]]  # losses and accuracies, one value an epoch
    temperature: Positive  # the digit logits are divided by it
    unsure_below: Share  # a confidence under it gets a question mark
    odd_below: Share  # an `is_digit` under it too
    litert_difference: float
    tflite_sha256: str


_CARD = TypeAdapter(Card)


class VersionError(Exception):
    """A version does not exist, is damaged or may not be changed; the text is a sentence."""


@dataclass(frozen=True)
class Version:
    """One trained network on disk; `name` is the time of its creation, and sorts by it."""

    kind: str
    name: str
    folder: Path

    @property
    def shipped(self) -> bool:
        """Whether it came with the program."""
        return self.folder.parent.parent == SHIPPED

    def card(self) -> Card:
        """Read the card; raises VersionError where it is missing, cut or of a wrong type."""
        try:
            return _CARD.validate_json((self.folder / CARD).read_bytes(), strict=True)
        except OSError as error:
            raise VersionError(f"{self.kind} {self.name} has no readable card") from error
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or CARD
            raise VersionError(
                f"the card of {self.kind} {self.name} is damaged: {where}: {first['msg']}"
            ) from error

    def check_files(self) -> Card:
        """Return the card of an undamaged version; raises VersionError for any other."""
        card = self.card()
        try:
            digest = hashlib.sha256((self.folder / TFLITE).read_bytes()).hexdigest()
        except OSError as error:
            raise VersionError(f"{self.kind} {self.name} is incomplete") from error
        if (card["kind"], card["tflite_sha256"]) != (self.kind, digest):
            raise VersionError(f"{self.kind} {self.name} is not the network its card describes")
        return card

    @property
    def is_intact(self) -> bool:
        """Whether its files are all there and belong together."""
        try:
            self.check_files()
        except VersionError:
            return False
        return True

    def check(self) -> Card:
        """Return the card of a version fit to serve; raises VersionError for any other."""
        card = self.check_files()
        if not card["litert_difference"] <= LITERT_TOLERANCE:  # NaN is not either
            raise VersionError(
                f"{self.kind} {self.name} answers otherwise in LiteRT than in Keras"
            )
        if card["preprocessing"] not in EQUAL_VERSIONS:
            raise VersionError(
                f"{self.kind} {self.name} was trained on glyphs made by recipe "
                f"{card['preprocessing']}, but photos become glyphs by recipe {VERSION}"
            )
        return card


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
        """Return the versions that may serve, the preferred last: shipped, then promoted."""
        versions = {version.name: version for version in self.list(kind)}
        shipped = [] if self.root == SHIPPED else _pointed(SHIPPED / kind / POINTER)
        names = [*shipped, *self.pointed(kind)]
        return [versions[name] for name in names if name in versions]

    def put_aside_pointer(self, kind: str) -> Path | None:
        """Rename a pointer that is no text file; return its new path, None if it is sound."""
        pointer = self.root / kind / POINTER
        try:
            pointer.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (IsADirectoryError, UnicodeDecodeError):
            return pointer.rename(pointer.with_name(f"{POINTER}.damaged-{time.time_ns()}"))
        return None

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
        former = [old for old in self.pointed(kind) if old != name]
        self.point(kind, [*former, name])
        return version

    def rollback(self, kind: str) -> Version:
        """Take back the last promotion and return what serves then; raises VersionError."""
        former = self.pointed(kind)
        if not former or len(self.history(kind)) < 2:
            raise VersionError(f"no {kind} version served before this one")
        self.point(kind, former[:-1])
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
        """Yield a version in a hidden folder to write into; it is listed if no error is raised."""
        parent = self.root / kind
        parent.mkdir(parents=True, exist_ok=True)
        name = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
        with tempfile.TemporaryDirectory(prefix=".new-", dir=parent) as made:
            folder = Path(made) / name
            folder.mkdir()
            yield Version(kind, name, folder)
            folder.rename(parent / name)

    def install(self, kind: str, name: str, files: Mapping[str, bytes]) -> None:
        """Write a version that another process trained; it replaces a damaged one."""
        parent = self.root / kind
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=parent) as made:
            folder = Path(made) / name
            folder.mkdir()
            for file, content in files.items():
                (folder / file).write_bytes(content)
            there = Version(kind, name, parent / name)
            try:
                folder.rename(there.folder)
            except OSError:  # not damaged: another process with this folder was faster
                if not there.is_intact:
                    there.folder.rename(Path(made) / "damaged")
                    folder.rename(there.folder)

    def pointed(self, kind: str) -> Sequence[str]:
        """Return the names in this root's pointer file; none where it is missing or damaged."""
        return _pointed(self.root / kind / POINTER)

    def point(self, kind: str, names: Sequence[str]) -> None:
        """Replace the pointer file atomically."""
        parent = self.root / kind
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=parent) as made:
            new = Path(made) / POINTER
            new.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
            new.replace(parent / POINTER)


def default_root() -> Path:
    """Return `DATA_DIR`/models: `DATA_DIR` from the environment, then `.env`, then "data"."""
    folder = os.environ.get("DATA_DIR") or dotenv_values(".env").get("DATA_DIR") or "data"
    return Path(folder) / "models"


def _pointed(pointer: Path) -> Sequence[str]:
    try:
        return pointer.read_text(encoding="utf-8").split()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, UnicodeDecodeError):
        return []
