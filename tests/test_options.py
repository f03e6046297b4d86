import pytest

from model.options import parse


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


def test_what_is_wrong_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["train", "clean", "--finetune", "--origin", "noisy"])
    assert "--origin" in capsys.readouterr().err


def test_right_usage_is_taken_as_it_stands() -> None:
    options = parse(["--root", "here", "train", "noisy", "--epochs", "3", "--limit", "500"])
    assert (options.kind, options.epochs, options.limit) == ("noisy", 3, 500)
    assert parse(["read", "--sketch", "one.png", "a.jpg"]).photos
