"""Jobs: each training's end is told once, by this run of the bot or the next."""

from pathlib import Path

import pytest

from bot.store.tables import JobRow
from tests.stores import store_in


async def test_a_training_is_untold_until_it_ended_and_was_told(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        jobs = store.jobs
        row = await jobs.add("clean", user_id=1, chat_id=1, message_id=5)
        running = await jobs.running()
        assert running and running.id == row.id
        assert [job.state for job in await jobs.untold()] == ["running"]
        await jobs.end(row.id, "kept", "v2")
        assert await jobs.running() is None
        assert [(job.state, job.version) for job in await jobs.untold()] == [("kept", "v2")]
        await jobs.tell(row.id)
        assert not await jobs.untold()
        assert await jobs.trained_by("clean") == {"v2": 1}


async def test_the_time_expected_is_that_of_the_latest_like_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000
    monkeypatch.setattr("bot.store.jobs.time.time", lambda: now)

    async def train(kind: str, seconds: int, *, full: bool = False) -> JobRow:
        nonlocal now
        row = await store.jobs.add(kind, 1, 1, 1, full=full)
        now += seconds
        return row

    async with store_in(tmp_path) as store:
        assert await store.jobs.usual_seconds("clean", full=False) is None
        for seconds in (9000, 100, 200, 300):
            row = await train("clean", seconds)
            await store.jobs.end(row.id, "promoted", f"v{seconds}")
        cancelled = await train("clean", 7)
        await store.jobs.end(cancelled.id, "cancelled")
        full = await train("clean", 5000, full=True)
        await store.jobs.end(full.id, "kept", "v9")
        assert await store.jobs.usual_seconds("clean", full=False) == 200
        assert await store.jobs.usual_seconds("clean", full=True) == 5000
        assert await store.jobs.usual_seconds("noisy", full=True) is None
