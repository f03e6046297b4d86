"""The training's child process: command line, environment, events, termination."""

import asyncio
import errno
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.trainer import EndEvent, Event, Plan, Trainer, begin, command, end, environment
from model.datasets.corrections import Corrections
from model.events import End, Progress
from tests.versions import SCORES

CHILD_WAIT = "print(flush=True); import time; time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + CHILD_WAIT


def printing(event: Event | EndEvent) -> str:
    """Return Python code that prints an event, as a training does."""
    return f"print({json.dumps(event)!r}, flush=True)"


PROGRESS = printing(
    Progress(
        event="progress",
        epoch=1,
        epochs=2,
        done=0.5,
        loss=0.1,
        accuracy=0.9,
        val_accuracy=None,
        seconds_left=9,
    )
)
END = printing(
    End(
        event="end",
        kind="noisy",
        version="v2",
        minutes=0.1,
        before=None,
        after=SCORES,
        promoted=False,
    )
)
WAIT = "import time; time.sleep(60)"
NOISY = Plan("noisy")


def test_the_command_line_follows_the_plan(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, retrain_epochs=2, retrain_limit=50)
    corrections = tmp_path / "corrections.npz"
    corrections.touch()
    tuning = command(Plan("clean"), settings, corrections)
    full = command(Plan("clean", full=True), settings, corrections)
    assert tuning[3:] == [
        *(sys.executable, "-m", "model", "train", "clean", "--json"),
        *("--finetune", "--epochs", "2"),
        *("--corrections", str(corrections), "--limit", "50"),
    ]
    assert "--finetune" not in full and "--epochs" not in full
    corrections.unlink()
    assert "--corrections" not in command(Plan("clean"), settings, corrections)


def test_the_childs_environment_has_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path)
    fields = Settings.model_fields.items()
    secrets = [name.upper() for name, field in fields if "SecretStr" in str(field.annotation)]
    assert "BOT_TOKEN" in secrets
    for name in secrets:
        monkeypatch.setenv(name, "1:secret")
    around = environment(settings)
    assert "1:secret" not in around.values()
    assert around["DATA_DIR"] == str(tmp_path)


@pytest.mark.parametrize(("code", "by"), [(CHILD_WAIT, signal.SIGTERM), (DEAF, signal.SIGKILL)])
async def test_a_child_gets_sigterm_and_then_sigkill(
    code: str, by: signal.Signals, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.trainer.command", lambda *_: [sys.executable, "-c", code])
    monkeypatch.setattr("bot.trainer.ENDING_TIME", 10 if by is signal.SIGTERM else 0.2)
    started = await begin(Plan("clean"), Settings(data_dir=tmp_path), tmp_path / "none")
    assert started.stdout
    await started.stdout.readline()
    await end(started)
    assert started.returncode == -by
    await end(started)  # once more does nothing


class Training:
    """A trainer whose child runs `code` instead of a training; collects the events."""

    def __init__(self, code: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        monkeypatch.setattr("bot.trainer.command", lambda *_: [sys.executable, "-c", code])
        self.trainer = Trainer(Settings(data_dir=folder))
        self.events: list[str] = []
        self.begun = asyncio.Event()

    async def run(self) -> EndEvent:
        """Train to the end."""
        async with asyncio.timeout(20):
            return await self.trainer.train(NOISY, Corrections.empty(), self._follow)

    async def _follow(self, event: Event) -> None:
        self.events.append(event["event"])
        self.begun.set()


@pytest.mark.parametrize(
    ("code", "events"),
    [
        (f"{PROGRESS};{END}", ["progress", "end"]),
        (PROGRESS, ["progress", "failed"]),
        (f"{PROGRESS};raise SystemExit(1)", ["progress", "failed"]),
        (f"{PROGRESS};import os;os.kill(os.getpid(),9)", ["progress", "killed"]),
        ("print('no json')", ["failed"]),
        ("""print('{"event": "progress"}')""", ["failed"]),
        (f"{PROGRESS};print(b'2'.decode() * (1 << 20))", ["progress", "failed"]),
        ("", ["failed"]),
    ],
)
async def test_every_training_ends_with_one_last_event(
    code: str, events: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    training = Training(code, monkeypatch, tmp_path)
    end = await training.run()
    assert [*training.events, end["event"]] == events
    assert not list(tmp_path.iterdir()), "what it learned from stays on the disk"


async def test_a_cancelled_training_ends_with_the_event_cancelled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    training = Training(f"{PROGRESS};{WAIT}", monkeypatch, tmp_path)
    state = tmp_path / "models" / "noisy" / ".checkpoint-1"
    state.mkdir(parents=True)
    task = asyncio.create_task(training.run())
    await asyncio.wait_for(training.begun.wait(), 10)
    await training.trainer.cancel()
    assert await task == {"event": "cancelled"}
    assert not state.exists(), "it would go on"
    await training.trainer.cancel()  # once more does nothing


async def test_a_training_that_is_cancelled_before_it_starts_ends_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    training = Training(WAIT, monkeypatch, tmp_path)
    await training.trainer.cancel()
    assert await training.run() == {"event": "cancelled"}


async def test_the_child_ends_with_its_task(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = f"{PROGRESS};open('pid', 'w').write(str(__import__('os').getpid()));{WAIT}"
    training = Training(code, monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)
    task = asyncio.create_task(training.run())
    await asyncio.wait_for(training.begun.wait(), 10)
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


async def test_a_full_disk_is_the_reason_of_a_failed_training(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fill(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Corrections, "save", fill)
    training = Training(END, monkeypatch, tmp_path)
    assert await training.run() == {"event": "failed", "reason": "No space left on device"}
    assert not training.events, "a child was started"


def test_nothing_of_a_killed_training_stays(tmp_path: Path) -> None:
    half = tmp_path / "models" / "noisy" / ".new-x1" / "20260101-000000-000"
    half.mkdir(parents=True)
    whole = tmp_path / "models" / "noisy" / "20260101-000000-001"
    whole.mkdir()
    trainer = Trainer(Settings(data_dir=tmp_path))
    left = tmp_path / "corrections.npz", trainer.uses_file
    for file in left:
        file.touch()
    trainer.tidy()
    assert not half.parent.exists() and not any(file.exists() for file in left)
    assert whole.exists()
