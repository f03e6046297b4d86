"""Trained versions in a shared store: all processes have them and serve what one promotes."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.services import Services
from bot.settings import Settings
from model.registry import CARD, VersionError
from tests.versions import copy_version, rewrite_card, spoil_network

SOON = 10.0  # s within which a version must serve, on a busy machine
NEVER = 3600.0  # s between comparisons: a change is only found by its notice
NEW, NEWER = "29990101-000000-001", "29990101-000000-002"


@asynccontextmanager
async def process(url: str, folder: Path, sync_every: float = NEVER) -> AsyncIterator[Services]:
    """The services of one process, with its own DATA_DIR and the shared store."""
    services = await Services.open(Settings(data_dir=folder, database_url=SecretStr(url)))
    tasks = [asyncio.create_task(services.follow_versions(sync_every))]
    if sync_every == NEVER:
        tasks.append(asyncio.create_task(services.store.listen()))
        await asyncio.sleep(0.1)  # until it listens
    try:
        yield services
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)  # a transaction in work would keep its connection open
        await services.close()


async def until_it_serves(services: Services, version: str) -> float:
    """Wait until a version of the clean network serves; return the s it took."""
    began = time.monotonic()
    async with asyncio.timeout(SOON):
        while services.serving("clean") != version:
            await asyncio.sleep(0.01)
    return time.monotonic() - began


def names(services: Services) -> list[str]:
    return [version.name for version in services.registry.list("clean") if not version.shipped]


async def test_what_one_process_promotes_and_takes_back_all_serve_within_a_second(
    postgresql_url: str, tmp_path: Path
) -> None:
    async with (
        process(postgresql_url, tmp_path / "a") as a,
        process(postgresql_url, tmp_path / "b") as b,
    ):
        shipped = b.serving("clean")
        copy_version(a.settings.models_dir, "clean", NEW)
        await a.serve("clean", NEW)
        assert a.serving("clean") == NEW
        assert await until_it_serves(b, NEW) < 1
        for file in (tmp_path / "a" / "models" / "clean" / NEW).iterdir():
            copied = tmp_path / "b" / "models" / "clean" / NEW / file.name
            assert copied.read_bytes() == file.read_bytes()
        assert await b.roll_back("clean") == shipped
        assert await until_it_serves(a, shipped) < 1


async def test_a_promotion_whose_notice_was_lost_is_found_by_the_next_comparison(
    postgresql_url: str, tmp_path: Path
) -> None:
    async with (
        process(postgresql_url, tmp_path / "a") as a,
        process(postgresql_url, tmp_path / "b", sync_every=0.2) as b,
    ):
        copy_version(a.settings.models_dir, "clean", NEW)
        await a.serve("clean", NEW)
        await until_it_serves(b, NEW)


async def test_a_version_is_deleted_everywhere_and_no_start_brings_it_back(
    postgresql_url: str, tmp_path: Path
) -> None:
    copy_version(tmp_path / "a" / "models", "clean", NEW)
    async with process(postgresql_url, tmp_path / "b") as b:
        assert not names(b)
        async with process(postgresql_url, tmp_path / "a"):
            pass
        await b.sync_versions()
        assert names(b) == [NEW], "a start adds what its disk alone has"
        await b.serve("clean", NEW)
        with pytest.raises(VersionError, match="serves"):
            await b.delete_version("clean", NEW)
        await b.roll_back("clean")
        await b.delete_version("clean", NEW)
        async with process(postgresql_url, tmp_path / "a") as a:
            assert not names(a)
        await b.sync_versions()
        assert not names(b)


async def test_a_start_takes_over_what_serves_and_deletes_nothing(
    postgresql_url: str, tmp_path: Path
) -> None:
    models = tmp_path / "a" / "models"
    for name in (NEW, NEWER):
        copy_version(models, "clean", name)
    (models / "clean" / "serving").write_text(f"{NEWER}\n{NEW}\n")
    async with process(postgresql_url, tmp_path / "a") as a:  # adds the versions of its disk
        assert a.serving("clean") == NEW
        async with process(postgresql_url, tmp_path / "empty") as b:
            assert (names(b), b.serving("clean")) == ([NEW, NEWER], NEW)
            assert await b.roll_back("clean") == NEWER
        await a.sync_versions()
        assert names(a) == [NEW, NEWER]


async def test_a_damaged_copy_is_written_again_and_spreads_nowhere(
    postgresql_url: str, tmp_path: Path
) -> None:
    folder = copy_version(tmp_path / "a" / "models", "clean", NEW)
    whole = (folder / CARD).read_bytes()
    async with process(postgresql_url, tmp_path / "a") as a:
        spoil_network(folder)
        await a.sync_versions()
        a.registry.find("clean", NEW).check()
        rewrite_card(folder, tflite_sha256="0")
        await a.serve("clean", NEW)
        assert (folder / CARD).read_bytes() == whole
        spoil_network(copy_version(a.settings.models_dir, "clean", NEWER))
        async with process(postgresql_url, tmp_path / "b") as b:
            await a.sync_versions()
            await b.sync_versions()
            assert names(b) == [NEW]


async def test_promotions_at_the_same_moment_leave_all_with_the_same(
    postgresql_url: str, tmp_path: Path
) -> None:
    async with (
        process(postgresql_url, tmp_path / "a") as a,
        process(postgresql_url, tmp_path / "b") as b,
    ):
        for name in (NEW, NEWER):
            copy_version(a.settings.models_dir, "clean", name)
        await a.sync_versions()
        await b.sync_versions()
        await asyncio.gather(a.serve("clean", NEW), b.serve("clean", NEWER))
        last = a.registry
        await a.sync_versions()
        await b.sync_versions()
        assert sorted(last.pointed("clean")) == [NEW, NEWER], "one promotion was lost"
        for services in (a, b):
            await until_it_serves(services, last.pointed("clean")[-1])


async def test_processes_may_share_a_folder(postgresql_url: str, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    async with process(postgresql_url, shared) as a, process(postgresql_url, shared) as b:
        copy_version(tmp_path / "c" / "models", "clean", NEW)
        async with process(postgresql_url, tmp_path / "c") as c:
            await c.serve("clean", NEW)
            for services in (a, b):
                await until_it_serves(services, NEW)
        assert (shared / "models" / "clean" / NEW).is_dir()
        assert not list((shared / "models").glob("*/.*"))
