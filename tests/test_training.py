"""The trainer: events in order, one training at a time, an end of some sort each time."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.training import Event, Trainer

PROGRESS = """print('{"event": "progress", "done": 0.5}', flush=True)"""
END = """print('{"event": "end", "version": "v2"}', flush=True)"""
WAIT = "import time; time.sleep(60)"


class Following:
    """Collects events; `ended` is set at the first that is neither start nor progress."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.ended = asyncio.Event()
        self.begun = asyncio.Event()

    async def __call__(self, event: Event) -> None:
        self.events.append(event["event"])
        (self.begun if event["event"] in ("start", "progress") else self.ended).set()


def trainer_running(code: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Trainer:
    """A trainer whose child runs `code` instead of a training."""
    monkeypatch.setattr(Trainer, "_command", lambda *_: [sys.executable, "-c", code])
    return Trainer(Settings(data_dir=folder))


@pytest.mark.parametrize(
    ("code", "events"),
    [
        (f"{PROGRESS};{END}", ["progress", "end"]),
        (PROGRESS, ["progress", "failed"]),
        (f"{PROGRESS};raise SystemExit(1)", ["progress", "failed"]),
        (f"{PROGRESS};import os;os.kill(os.getpid(),9)", ["progress", "failed"]),
        ("print('no json')", ["failed"]),
        ("", ["failed"]),
    ],
)
async def test_every_training_ends_with_one_last_event(
    code: str, events: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer, following = trainer_running(code, monkeypatch, tmp_path), Following()
    trainer.start("noisy", following)
    assert trainer.kind == "noisy"
    await asyncio.wait_for(following.ended.wait(), 10)
    assert following.events == events
    assert trainer.kind is None


async def test_a_second_training_has_to_wait(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer = trainer_running(WAIT, monkeypatch, tmp_path)
    trainer.start("noisy", Following())
    with pytest.raises(RuntimeError, match="noisy"):
        trainer.start("clean", Following())
    await trainer.close()


async def test_a_cancelled_training_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer = trainer_running(f"{PROGRESS};{WAIT}", monkeypatch, tmp_path)
    following = Following()
    trainer.start("noisy", following)
    await asyncio.wait_for(following.begun.wait(), 10)
    trainer.cancel()
    await asyncio.wait_for(following.ended.wait(), 10)
    assert following.events[-1] == "cancelled"


async def test_closing_ends_the_child_without_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer = trainer_running(f"{PROGRESS};{WAIT}", monkeypatch, tmp_path)
    following = Following()
    trainer.start("noisy", following)
    await asyncio.wait_for(following.begun.wait(), 10)
    await asyncio.wait_for(trainer.close(), 10)
    assert following.events == ["progress"]


def test_the_child_never_sees_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "1:secret")
    environment = Trainer(Settings(data_dir=tmp_path))._environment()
    assert "1:secret" not in environment.values()
    assert environment["DATA_DIR"] == str(tmp_path)
