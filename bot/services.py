"""What handlers share: settings, store, networks, texts and the thread pool."""

import asyncio
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from telegram import User

from bot.download import Downloads
from bot.rate_limit import PhotoLimits
from bot.settings import Settings
from bot.store.store import Store
from bot.store.versions import NOTICE
from bot.texts import Texts
from bot.update_context import current
from model.classes import KINDS
from model.reader import Reader, Reading
from model.registry import Registry, VersionError
from model.serving import Classifier
from preprocessing import PhotoError, UnreadablePhoto

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
SYNC_EVERY = 30.0  # s between comparisons of the versions with the store's, without a notice


def cores() -> int:
    """Return how many processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class UnexpectedPhotoError(UnreadablePhoto):
    """A photo for which a decoder, OpenCV or our code raised another error, its `__cause__`."""


@dataclass
class Services:
    """Shared by all handlers; `reader` is replaced by a new one when another version serves."""

    settings: Settings
    store: Store
    reader: Reader
    limits: PhotoLimits
    texts: Texts = field(default_factory=Texts)
    errors_reported: dict[str, float] = field(default_factory=dict)  # class -> time.monotonic()
    with_menu: set[int] = field(default_factory=set)  # admins whose menu of commands was set
    readers: int = field(default_factory=cores)  # threads, so photos read at once
    downloads: Downloads = field(default_factory=Downloads)

    def __post_init__(self) -> None:
        """Start the threads; albums together use all but one of several."""
        self._pool = ThreadPoolExecutor(self.readers)
        self._syncing = asyncio.Lock()
        self._albums = asyncio.Semaphore(max(1, self.readers - 1))

    @classmethod
    async def open(cls, settings: Settings) -> "Services":
        """Create `DATA_DIR`, open the store and load both networks."""
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        store = await Store.open(settings.database)
        await store.versions.sync(Registry(settings.models_dir))
        reader = await asyncio.to_thread(Reader.load, settings.models_dir)
        limits = PhotoLimits(store.rates, settings.photos_per_minute)
        return cls(settings, store, reader, limits)

    async def close(self) -> None:
        """Finish the photos that are being read, drop those that wait, and close the store."""
        self._pool.shutdown(cancel_futures=True)
        await self.store.close()

    async def read(self, photo: bytes, model: str, turns: int | None = None) -> Reading:
        """Read one photo in a thread; raises PhotoError."""
        return await self.draw_on(self.reader.read, photo, model, turns)

    async def draw_on(
        self, make: Callable[Concatenate[bytes, P], T], photo: bytes, *args: P.args, **kw: P.kwargs
    ) -> T:
        """Call `make` with a user's photo in a thread; raises PhotoError."""
        return await self.draw(lambda: _of_photo(make, photo, *args, **kw))

    async def draw(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call `make` in a thread; for one album one call at a time."""
        loop, work = asyncio.get_running_loop(), current.get()
        async with AsyncExitStack() as turns:
            for turn in (work.album, self._albums) if work and work.album else ():
                await turns.enter_async_context(turn)
            return await loop.run_in_executor(self._pool, partial(make, *args, **kwargs))

    @property
    def trains(self) -> bool:
        """Whether this process trains where no worker process runs."""
        # With SQLite there can be no worker: without TensorFlow the training fails and says so.
        return not self.store.is_shared or find_spec("tensorflow") is not None

    @property
    def registry(self) -> Registry:
        """The shipped versions, and those trained here."""
        return Registry(self.settings.models_dir)

    async def serve(self, kind: str, version: str) -> None:
        """Promote a version: it reads from the next photo on.

        Raises VersionError if the version does not load; the former one then goes on serving.
        """
        await self.sync_versions()
        await asyncio.to_thread(lambda: Classifier(self.registry.find(kind, version)))
        promote = partial(self.registry.promote, kind, version)
        await self.store.versions.change(self.registry, kind, promote)
        await self._reload()

    async def roll_back(self, kind: str) -> str:
        """Let the former version serve again and return its name; raises VersionError."""
        await self.sync_versions()
        rollback = partial(self.registry.rollback, kind)
        await self.store.versions.change(self.registry, kind, rollback)
        await self._reload()
        return self.serving(kind)

    async def delete_version(self, kind: str, version: str) -> None:
        """Delete a trained version; raises VersionError if it serves or was shipped."""
        await self.sync_versions()
        await self.store.versions.delete(self.registry, kind, version)

    async def sync_versions(self) -> None:
        """Copy versions and promotions of other processes to this one's disk; raises OSError."""
        async with self._syncing:
            await self.store.versions.sync(self.registry)

    async def follow_versions(self, sync_every: float = SYNC_EVERY) -> None:
        """Load the version that another process promoted; never returns if the store is shared.

        `sync_every`: s between comparisons, in case the notice of a change is lost.
        """
        if not self.store.is_shared:
            return
        changed = asyncio.Event()
        self.store.on_notice[NOTICE] = changed.set
        while True:
            try:
                await self.sync_versions()
                promoted = {kind: self.registry.serving(kind).name for kind in KINDS}
                if any(self.serving(kind) != name for kind, name in promoted.items()):
                    await self._reload()
                    log.info("another process promoted or rolled back: %s", promoted)
            except (SQLAlchemyError, OSError, VersionError) as error:
                log.error("the versions are not compared with those of the store: %s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), sync_every)
            changed.clear()

    def serving(self, kind: str) -> str:
        """Return the version of a network that reads the next photo."""
        return self.reader.networks[kind].version

    def is_admin(self, user: User | None) -> bool:
        """Say whether this user is one of `ADMIN_IDS`."""
        return user is not None and user.id in self.settings.admin_ids

    def language(self, user: User | None) -> str:
        """Return the language that the user chose, else the one of the user's Telegram."""
        if user is None:
            return self.texts.language(None)
        return self.store.user(user.id).language or self.texts.language(user.language_code)

    def say(self, user: User | None, key: str, **values: str | float) -> str:
        """Return a sentence in the user's language."""
        return self.texts.say(self.language(user), key, **values)

    async def _reload(self) -> None:
        self.reader = await asyncio.to_thread(Reader.load, self.settings.models_dir)


def _of_photo(
    work: Callable[Concatenate[bytes, P], T], photo: bytes, *args: P.args, **kw: P.kwargs
) -> T:
    """Call `work` with a photo; raises PhotoError.

    Any other exception becomes an UnexpectedPhotoError: a photo that a decoder or OpenCV fails on
    is answered as unreadable, and its sender can send another one.
    """
    try:
        return work(photo, *args, **kw)
    except PhotoError:
        raise
    except Exception as error:
        raise UnexpectedPhotoError from error
