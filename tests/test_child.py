"""The training's child process: what it is told, what is kept from it, how it is ended."""

import signal
import sys
from pathlib import Path

import pytest

from bot.learning import child
from bot.learning.child import Plan, begin, command, end, environment
from bot.settings import Settings

WAIT = "print(flush=True); import time; time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + WAIT


def test_the_command_says_what_the_plan_does(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, retrain_epochs=2, retrain_limit=50)
    lessons = tmp_path / "corrections.npz"
    lessons.touch()
    tuning = command(Plan("clean"), settings, lessons)
    full = command(Plan("clean", full=True), settings, lessons)
    assert tuning[3:] == [
        *(sys.executable, "-m", "model", "train", "clean", "--json"),
        *("--finetune", "--epochs", "2"),
        *("--corrections", str(lessons), "--limit", "50"),
    ]
    assert "--finetune" not in full and "--epochs" not in full
    lessons.unlink()
    assert "--corrections" not in command(Plan("clean"), settings, lessons)


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


@pytest.mark.parametrize(("code", "by"), [(WAIT, signal.SIGTERM), (DEAF, signal.SIGKILL)])
async def test_a_child_is_asked_to_end_and_killed_if_it_will_not(
    code: str, by: signal.Signals, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(child, "command", lambda *_: [sys.executable, "-c", code])
    monkeypatch.setattr(child, "ENDING_TIME", 10 if by is signal.SIGTERM else 0.2)
    started = await begin(Plan("clean"), Settings(data_dir=tmp_path), tmp_path / "none")
    assert started.stdout
    await started.stdout.readline()
    await end(started)
    assert started.returncode == -by
    await end(started)  # once more does nothing
