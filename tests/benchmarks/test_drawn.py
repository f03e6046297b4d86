import pytest

from benchmarks.drawn import main, wrong_boxes
from benchmarks.kinds import draw


def test_the_yardstick_calls_wrong_boxes_wrong() -> None:
    drawn = draw("several", 3)
    assert not wrong_boxes(drawn, drawn.boxes)
    assert wrong_boxes(drawn, drawn.boxes[:-1])
    assert wrong_boxes(drawn, drawn.boxes[::-1])
    assert wrong_boxes(drawn, [(x + w, y, w, h) for x, y, w, h in drawn.boxes])


def test_help_names_the_kinds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["drawn", "--help"])
    with pytest.raises(SystemExit, match="0"):
        main()
    assert "tight -2 %" in " ".join(capsys.readouterr().out.split())
