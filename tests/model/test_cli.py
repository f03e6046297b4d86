"""The command line: reading, versions, training, and the end of a training with its parent."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from model.cli import main, parse, picture_in
from model.datasets.splits import load_split
from model.registry import CARD, Registry
from preprocessing import UnreadablePhoto
from tests.versions import copy_version

CHILD = """
import time
from model.cli import STDOUT, exit_with_parent
exit_with_parent(STDOUT)
print("heard", flush=True)
time.sleep(60)
"""


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


def test_read_prints_the_digit_and_its_confidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = photo_of(3, tmp_path / "a.png")
    assert main(["--root", str(tmp_path), "read", "--model", "noisy", str(photo)]) == 0
    line = capsys.readouterr().out
    assert line.startswith(f"{photo}: 3")
    assert " %" in line
    assert "noisy" in line


def test_read_of_a_missing_file_names_it(
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


def test_a_training_that_cannot_start_reports_the_reason(
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
        "import sys; from model.cli import main; "
        f"main(['--root', {str(tmp_path)!r}, 'read', {str(photo)!r}]); "
        "sys.exit('tensorflow' in sys.modules or 'matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_a_sketch_of_what_was_found_is_a_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo, sketch = photo_of(3, tmp_path / "a.png"), tmp_path / "sketch"
    root = ["--root", str(tmp_path)]
    assert main([*root, "read", "--sketch", str(sketch), str(photo)]) == 0
    assert cv2.imread(str(sketch)) is not None
    nowhere = tmp_path / "none" / "a.png"
    assert main([*root, "read", "--sketch", str(nowhere), str(photo)]) == 1
    said = capsys.readouterr()
    assert said.out.count(f"{photo}: 3") == 2, "the reading is lost with its sketch"
    assert str(nowhere) in said.err


def test_a_broken_version_is_listed_as_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy_version(tmp_path, "clean", "30000101-a") / CARD).write_text("{")
    assert main(["--root", str(tmp_path), "versions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "30000101-a" in line and "cannot serve" in line]
    assert [line.split()[1] for line in lines if line.startswith("*")] == ["clean", "noisy"]


def test_evaluating_on_a_folder_without_photos_says_so_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(tmp_path), "evaluate", "--photos", str(tmp_path / "typo")]) == 1
    said = capsys.readouterr()
    assert not said.out
    assert "typo holds no labelled photos" in said.err


def test_a_training_of_too_few_glyphs_says_how_many_it_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--root", str(tmp_path), "train", "clean", "--json", "--limit", "20"]
    assert main(words) == 1
    event = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert event["event"] == "failed"
    assert "too few" in event["reason"]


@pytest.fixture
def child() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE)  # noqa: S603


def test_a_child_ends_when_its_pipe_has_no_reader(child: subprocess.Popen[bytes]) -> None:
    with child:
        assert child.stdout and child.stdout.readline() == b"heard\n"
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.3)
        child.stdout.close()
        assert child.wait(10) != 0


@pytest.mark.parametrize(
    "line",
    [
        "",
        "train blurry",
        "read",
        "promote clean",
        "train clean --epochs 0",
        "train clean --limit -1",
        "train clean --finetune --origin noisy",
        "read --sketch both.png a.jpg b.jpg",
    ],
)
def test_wrong_usage_ends_with_status_2(line: str) -> None:
    with pytest.raises(SystemExit) as stop:
        parse(line.split())
    assert stop.value.code == 2


def test_wrong_usage_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["train", "clean", "--finetune", "--origin", "noisy"])
    assert "--origin" in capsys.readouterr().err


def test_right_usage_is_parsed() -> None:
    options = parse(["--root", "here", "train", "noisy", "--epochs", "3", "--limit", "500"])
    assert (options.kind, options.epochs, options.limit) == ("noisy", 3, 500)
    assert parse(["read", "--sketch", "one.png", "a.jpg"]).photos


def test_read_takes_folders_and_shows_no_confidence_of_100_percent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    photo_of(3, tmp_path / "in" / "b.png")
    photo_of(7, tmp_path / "a.png")
    (tmp_path / "in" / ".hidden").write_bytes(b"no picture")
    words = ["read", str(tmp_path / "in"), str(tmp_path / "a.png")]
    assert main(["--root", str(tmp_path), *words]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{tmp_path / 'in' / 'b.png'}: 3")
    assert second.startswith(f"{tmp_path / 'a.png'}: 7")
    assert "100.0 %" not in first + second


def test_a_pdf_is_read_as_its_first_page(tmp_path: Path) -> None:
    pdf = tmp_path / "a.pdf"
    Image.open(photo_of(3, tmp_path / "a.png")).save(pdf)
    assert picture_in(pdf).startswith(b"\x89PNG")
    pdf.write_bytes(b"%PDF-1.7 broken")
    with pytest.raises(UnreadablePhoto):
        picture_in(pdf)
