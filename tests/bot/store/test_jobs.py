"""Trainings: one at a time over all processes, cancelled by any, each result reported once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.store.jobs import Order
from bot.store.replicas import BEATS
from bot.store.store import Store
from bot.store.tables import JobRow
from tests.stores import store_in, train

CLEAN, NOISY = Order("clean", 7, 7, 5), Order("noisy", 7, 7, 6)


@asynccontextmanager
async def processes(url: str, count: int) -> AsyncIterator[list[Store]]:
    """Open one store as `count` live processes do."""
    async with AsyncExitStack() as opened:
        stores = [await Store.open(url) for _ in range(count)]
        for store in stores:
            opened.push_async_callback(store.close)
            await store.replicas.beat()
        yield stores


async def claim(store: Store, *, for_worker: bool = False) -> JobRow | None:
    return await store.jobs.claim(store.replicas.me, for_worker=for_worker)


async def unreported(store: Store) -> list[tuple[str, str]]:
    """What this process claims to report: network and state."""
    rows = await store.jobs.claim_unreported(store.replicas.me)
    return [(row.kind, row.state) for row in rows]


async def test_a_training_that_its_process_did_not_report_is_claimed_by_the_next(
    tmp_path: Path,
) -> None:
    async with store_in(tmp_path) as store:
        await store.replicas.beat()
        row = await train(store)
        running = await store.jobs.open()
        assert running and running.id == row.id
        assert not await unreported(store), "it runs"
        assert await store.jobs.end(row, "kept", "v2")
        assert await store.jobs.open() is None
        assert not await unreported(store), "its own process reports it"
        assert await store.jobs.trained_by("clean") == {"v2": 7}
    async with store_in(tmp_path) as store:
        await store.replicas.beat()
        assert await unreported(store) == [("clean", "kept")]
        await store.jobs.mark_reported(row.id)
    async with store_in(tmp_path) as store:
        await store.replicas.beat()
        assert not await unreported(store)


async def test_the_expected_time_is_the_mean_of_the_latest_trainings_of_the_same_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000
    monkeypatch.setattr("bot.store.jobs.time.time", lambda: now)

    async def trained(seconds: int, state: str, version: str | None, *, full: bool) -> None:
        nonlocal now
        await store.jobs.add([CLEAN._replace(full=full)])
        now += 77  # s in the queue: not part of the duration
        row = await claim(store)
        assert row
        now += seconds
        await store.jobs.end(row, state, version)

    async with store_in(tmp_path) as store:
        await store.replicas.beat()
        assert await store.jobs.usual_seconds("clean", full=False) is None
        for seconds in (9000, 100, 200, 300):
            await trained(seconds, "promoted", f"v{seconds}", full=False)
        await trained(7, "cancelled", None, full=False)
        await trained(5000, "kept", "v9", full=True)
        assert await store.jobs.usual_seconds("clean", full=False) == 200
        assert await store.jobs.usual_seconds("clean", full=True) == 5000
        assert await store.jobs.usual_seconds("noisy", full=True) is None


async def test_one_trains_at_a_time_over_all_processes(postgresql_url: str) -> None:
    async with processes(postgresql_url, 3) as stores:
        ordered = await asyncio.gather(
            *(store.jobs.add([CLEAN._replace(message_id=n)]) for n, store in enumerate(stores))
        )
        assert sorted(ordered) == [False, False, True], "two admins at the same moment"
        claimed = [job for job in await asyncio.gather(*map(claim, stores)) if job]
        assert len(claimed) == 1
        assert not await stores[0].jobs.add([NOISY])
        await stores[0].jobs.end(claimed[0], "failed")
        assert await stores[1].jobs.add([CLEAN, NOISY])
        assert await stores[2].jobs.add([CLEAN, NOISY]), "handled again, it is ordered already"
        first = await claim(stores[0])
        assert first and first.kind == "clean" and not await claim(stores[1])
        await stores[0].jobs.end(first, "failed")
        second = await claim(stores[1])
        assert second and second.kind == "noisy" and not await claim(stores[2])


async def test_any_process_cancels_and_what_is_queued_after_it_is_dropped(
    postgresql_url: str,
) -> None:
    async with processes(postgresql_url, 2) as (a, b):
        await a.jobs.add([CLEAN, NOISY])
        job = await claim(a)
        assert job and not await b.jobs.cancel(7, 99), "another message"
        assert await b.jobs.cancel(7, 5)
        seen = await a.jobs.current(job.id)
        assert seen and seen.cancelled and seen.state == "running"
        assert await unreported(b) == [("noisy", "cancelled")]
        assert not await unreported(a), "reported twice"
        await a.jobs.end(job, "cancelled")
        assert not await b.jobs.cancel(7, 5), "it is over"
        await a.jobs.add([CLEAN, NOISY])
        assert await claim(a)
        assert await b.jobs.cancel(7, 6), "the second alone"
        seen = await a.jobs.open()
        assert seen and not seen.cancelled


async def test_bots_leave_trainings_to_a_worker_while_it_lives(postgresql_url: str) -> None:
    async with processes(postgresql_url, 2) as (bot, worker):
        assert not await bot.jobs.has_worker()
        await worker.replicas.leave()
        worker.replicas.trains = True
        await worker.replicas.beat()
        assert await bot.jobs.has_worker()
        await bot.jobs.add([CLEAN])
        assert not await claim(bot, for_worker=True)
        await worker.replicas.leave()
        assert await claim(bot, for_worker=True)


async def test_only_a_dead_process_is_interrupted_and_one_other_reports_it(
    postgresql_url: str,
) -> None:
    async with processes(postgresql_url, 3) as (dead, *others):
        job = await train(dead)
        for _ in range(2 * BEATS):  # it lives, and so does its training
            for store in (dead, *others):
                await store.replicas.beat()
        seen = await others[0].jobs.current(job.id)
        assert seen and seen.state == "running"
        for _ in range(BEATS + 1):
            for store in others:
                await store.replicas.beat()
        reported = [await unreported(store) for store in others]
        assert sorted(reported) == [[], [("clean", "interrupted")]]
        assert not await dead.jobs.end(job, "kept", "v2"), "it was taken over, and must not serve"


async def test_a_folder_is_tidied_only_while_no_training_runs(tmp_path: Path) -> None:
    tidied: list[int] = []
    async with store_in(tmp_path) as store:
        row = await train(store)
        assert not await store.jobs.if_none_runs(lambda: tidied.append(1))
        await store.jobs.end(row, "failed")
        assert await store.jobs.if_none_runs(lambda: tidied.append(2))
    assert tidied == [2]


async def test_an_end_that_could_not_be_stored_blocks_no_other_training(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        await store.replicas.beat()
        first = await train(store)
        assert await claim(store) is None, "nothing is queued"
        seen = await store.jobs.current(first.id)
        assert seen and seen.state == "failed"
        await train(store)
