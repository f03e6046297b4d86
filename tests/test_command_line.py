import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from model.__main__ import main
from model.data import load_split
from model.registry import Registry
from tests.versions import copy_version


def photo_of(digit: int, path: Path) -> Path:
    """Save a photo of a validation digit, dark on light paper."""
    _, validation = load_split()
    glyph = validation.x[validation.y == digit][0]
    page = np.full((400, 400), 230, np.uint8)
    page[60:340, 60:340] -= cv2.resize(glyph, (280, 280), interpolation=cv2.INTER_CUBIC) // 4 * 3
    cv2.imwrite(str(path), page)
    return path


def test_read_prints_one_object_a_photo_and_goes_on_after_a_bad_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    good = [photo_of(digit, tmp_path / f"{digit}.png") for digit in (3, 7)]
    status = main(
        ["--root", str(tmp_path), "read", "--json", str(good[0]), str(bad), str(good[1])]
    )
    three, error, seven = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert status == 1
    assert error == {"file": str(bad), "error": "UnreadablePhoto", "message": error["message"]}
    assert (three["file"], three["text"], seven["text"]) == (str(good[0]), "3", "7")
    (digit,) = seven["digits"]
    assert digit["digit"] == digit["top"][0][0] == 7
    assert len(digit["box"]) == 4
    assert {"unsure", "model", "version", "ms"} < seven.keys()


def test_read_tells_a_person_the_digit_and_how_sure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = photo_of(3, tmp_path / "a.png")
    assert main(["--root", str(tmp_path), "read", "--model", "noisy", str(photo)]) == 0
    line = capsys.readouterr().out
    assert line.startswith(f"{photo}: 3")
    assert " %" in line
    assert "noisy" in line


def test_read_of_a_missing_file_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(tmp_path), "read", "--json", str(tmp_path / "none.jpg")]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "FileNotFoundError"


def test_versions_promote_and_rollback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy_version(tmp_path, "clean", "30000101-a")
    root = ["--root", str(tmp_path)]
    assert main([*root, "promote", "clean", "30000101-a"]) == 0
    assert main([*root, "versions"]) == 0
    assert "* clean 30000101-a" in capsys.readouterr().out
    assert main([*root, "rollback", "clean"]) == 0
    assert Registry(tmp_path).serving("clean").name in capsys.readouterr().out
    assert main([*root, "rollback", "clean"]) == 1
    assert "no clean version served before" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["train", "blurry"], ["read"], ["promote", "clean"]])
def test_wrong_usage_ends_with_status_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2


def test_a_training_that_cannot_start_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lessons = tmp_path / "lessons.npz"
    np.savez(lessons, a=np.zeros(3))
    words = ["--root", str(tmp_path), "train", "clean", "--json", "--limit", "300"]
    assert main([*words, "--corrections", str(lessons)]) == 1
    event = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert event["event"] == "failed"
    assert "lessons.npz" in event["reason"]


def test_reading_starts_without_tensorflow(tmp_path: Path) -> None:
    photo = photo_of(3, tmp_path / "a.png")
    code = (
        "import sys; from model.__main__ import main; "
        f"main(['--root', {str(tmp_path)!r}, 'read', {str(photo)!r}]); "
        "sys.exit('tensorflow' in sys.modules or 'matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_fine_tuning_goes_on_from_its_own_kind_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "clean", "--finetune", "--origin", "noisy"]
    assert main(["--root", str(tmp_path), *command]) == 1
    assert "--origin" in capsys.readouterr().err
