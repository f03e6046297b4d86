"""Backup and restore as the README says, with the running bot."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.backup import back_up, main
from bot.settings import Settings
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words

ROOT = Path(__file__).parents[2]


def commands_of_readme() -> tuple[str, str]:
    """The two lines: one makes a copy, one puts it back."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```\n(.*bot\.backup.*)\n(.*)\n```", readme)
    assert found
    copy, restore = (line.split("#")[0] for line in found.groups())
    return copy.replace(".venv/bin/python", shlex.quote(sys.executable)), restore


def shell(command: str, folder: Path) -> None:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    subprocess.run(["sh", "-ec", command], cwd=folder, env=environment, check=True)  # noqa: S603, S607


async def test_what_the_readme_says_brings_everything_back(
    bot: BotProcess, chat: Chat, tmp_path: Path
) -> None:
    copy, restore = commands_of_readme()
    ann = chat.user(1)
    await ann.says(await ann.text("/model noisy"))
    (bot.data_dir / "models" / "noisy").mkdir(parents=True, exist_ok=True)
    (bot.data_dir / "models" / "noisy" / "kept").write_text("a version")
    shell(copy, tmp_path)
    await ann.says(await ann.text("/model clean"))
    await bot.end()
    shell(restore, tmp_path)
    await bot.start()
    assert words(await ann.says(await ann.text("/model"))).startswith("The noisy network")
    assert (bot.data_dir / "models" / "noisy" / "kept").read_text() == "a version"


def test_an_older_copy_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with pytest.raises(FileExistsError):
        back_up(Settings(data_dir=tmp_path), tmp_path / "backup")


def test_a_copy_that_failed_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "nowhere"))
    monkeypatch.setattr("sys.argv", ["backup", str(tmp_path / "backup")])
    assert main() == 1
    assert "No copy was made" in capsys.readouterr().err
    assert not (tmp_path / "backup").exists()
    monkeypatch.setenv("DATABASE_URL", "no address at all")
    assert main() == 1


def test_a_store_elsewhere_is_not_passed_over_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("sys.argv", ["backup", str(tmp_path / "backup")])
    assert main() == 0
    assert "pg_dump" in capsys.readouterr().out
