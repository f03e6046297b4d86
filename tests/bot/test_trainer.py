"""The training's child process: its command line, its environment, its events, its end."""

import asyncio
import errno
import json
import signal
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.trainer import Event, Plan, Trainer, begin, command, end, environment
from model.datasets.corrections import trusted_file
from model.events import End, Progress
from model.registry import Scores

CHILD_WAIT = "print(flush=True); import time; time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + CHILD_WAIT
SCORES = Scores(
    mnist_validation=0.99,
    mnist_test=0.99,
    noise={},
    own_noise=0.9,
    ms_per_glyph=0.2,
    unsure_below=0.9,
)


def printing(event: Event) -> str:
    """Python that prints an event as a training does."""
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
CLEAN, NOISY = Plan("clean"), Plan("noisy")


def test_the_command_says_what_the_plan_does(tmp_path: Path) -> None:
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


def test_the_child_sees_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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
async def test_a_child_is_asked_to_end_and_killed_if_it_will_not(
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


class Following:
    """Collects events; `begun` is set at the first progress, `ended` when an end is told."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.told: list[Plan] = []
        self.ended = asyncio.Event()
        self.begun = asyncio.Event()

    async def on_event(self, plan: Plan, event: Event) -> None:
        self.events.append(event["event"])
        if event["event"] == "progress":
            self.begun.set()

    async def tell_end(self, plan: Plan) -> None:
        self.told.append(plan)
        self.ended.set()


async def idle(trainer: Trainer) -> None:
    """Until the trainer may be asked for another training."""
    while trainer.plan:
        await asyncio.sleep(0.01)


def trainer_running(code: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Trainer:
    """A trainer whose child runs `code` instead of a training."""
    monkeypatch.setattr("bot.trainer.command", lambda *_: [sys.executable, "-c", code])
    return Trainer(Settings(data_dir=folder))


@pytest.mark.parametrize(
    ("code", "events"),
    [
        (f"{PROGRESS};{END}", ["begin", "progress", "end"]),
        (PROGRESS, ["begin", "progress", "failed"]),
        (f"{PROGRESS};raise SystemExit(1)", ["begin", "progress", "failed"]),
        (f"{PROGRESS};import os;os.kill(os.getpid(),9)", ["begin", "progress", "killed"]),
        ("print('no json')", ["begin", "failed"]),
        ("""print('{"event": "progress"}')""", ["begin", "failed"]),
        (f"{PROGRESS};print(b'2'.decode() * (1 << 20))", ["begin", "progress", "failed"]),
        ("", ["begin", "failed"]),
    ],
)
async def test_every_training_ends_with_one_last_event(
    code: str, events: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer, following = trainer_running(code, monkeypatch, tmp_path), Following()
    trainer.start([NOISY], following)
    assert trainer.plan == NOISY
    await asyncio.wait_for(following.ended.wait(), 10)
    assert following.events == events
    await asyncio.wait_for(idle(trainer), 10)


async def test_a_second_training_has_to_wait(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer = trainer_running(WAIT, monkeypatch, tmp_path)
    trainer.start([NOISY], Following())
    with pytest.raises(RuntimeError, match="noisy"):
        trainer.start([CLEAN], Following())
    await trainer.close()


async def test_a_cancelled_training_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer = trainer_running(f"{PROGRESS};{WAIT}", monkeypatch, tmp_path)
    following = Following()
    trainer.start([NOISY, CLEAN], following)
    await asyncio.wait_for(following.begun.wait(), 10)
    trainer.cancel()
    await asyncio.wait_for(following.ended.wait(), 10)
    await asyncio.wait_for(idle(trainer), 10)
    assert following.events == ["begin", "progress", "cancelled"], "the second one went on"


async def test_closing_ends_the_child_without_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer = trainer_running(f"{PROGRESS};{WAIT}", monkeypatch, tmp_path)
    following = Following()
    trainer.start([NOISY, CLEAN], following)
    await asyncio.wait_for(following.begun.wait(), 10)
    await asyncio.wait_for(trainer.close(), 10)
    assert following.events == ["begin", "progress"]


async def test_two_networks_are_trained_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trainer, following = trainer_running(END, monkeypatch, tmp_path), Following()
    trainer.start([CLEAN, NOISY], following)
    await asyncio.wait_for(idle(trainer), 20)
    assert following.events == ["begin", "end", "begin", "end"]
    assert following.told == [CLEAN, NOISY]


async def test_whoever_hears_of_an_end_may_start_the_next_training(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Eager(Following):
        async def tell_end(self, plan: Plan) -> None:
            if plan == NOISY:
                trainer.start([CLEAN], self)
            await super().tell_end(plan)

    trainer, following = trainer_running(END, monkeypatch, tmp_path), Eager()
    trainer.start([NOISY], following)
    async with asyncio.timeout(20):
        while following.told != [NOISY, CLEAN]:
            await asyncio.sleep(0.01)
    assert following.events == ["begin", "end", "begin", "end"]
    assert trainer.plan is None


async def test_a_follower_that_fails_does_not_block_the_next_training(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(Following):
        async def on_event(self, plan: Plan, event: Event) -> None:
            raise KeyError("the store is full")

    trainer, following = trainer_running(END, monkeypatch, tmp_path), Following()
    failing = Failing()
    trainer.start([NOISY, CLEAN], failing)
    await asyncio.wait_for(idle(trainer), 10)
    assert "not followed to its end" in caplog.text
    assert not failing.told, "there is nothing to tell"
    trainer.start([NOISY], following)
    await asyncio.wait_for(following.ended.wait(), 10)


async def test_a_full_disk_is_the_reason_that_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Full(Following):
        last: Event

        async def on_event(self, plan: Plan, event: Event) -> None:
            await super().on_event(plan, event)
            self.last = event
            if event["event"] == "begin":
                raise OSError(errno.ENOSPC, "No space left on device")

    trainer, following = trainer_running(END, monkeypatch, tmp_path), Full()
    trainer.start([NOISY], following)
    await asyncio.wait_for(following.ended.wait(), 10)
    assert following.last == {"event": "failed", "reason": "No space left on device"}
    assert following.events == ["begin", "failed"], "a child was started"


async def test_nothing_of_a_killed_training_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    half = tmp_path / "models" / "noisy" / ".new-x1" / "20260101-000000-000"
    half.mkdir(parents=True)
    whole = tmp_path / "models" / "noisy" / "20260101-000000-001"
    whole.mkdir()
    trainer, following = trainer_running(END, monkeypatch, tmp_path), Following()
    left = trainer.corrections, trusted_file(trainer.corrections)
    for file in left:
        file.touch()
    trainer.start([NOISY], following)
    await asyncio.wait_for(following.ended.wait(), 10)
    assert not half.parent.exists() and not any(file.exists() for file in left)
    assert whole.exists()
