"""The table of real photos: one of every folder that is there, none without them."""

from pathlib import Path

from benchmarks.real import SUM_MAX, rows
from tests.papers import blank, photo, write


def test_the_photos_of_each_folder_are_measured(tmp_path: Path) -> None:
    folder = tmp_path / "single"
    folder.mkdir()
    (folder / "labels.csv").write_text("file,text,source\n5.png,5,us\n")
    (folder / "5.png").write_bytes(photo(write(blank(), "5", at=(200, 100), height=160)))
    *each, total = rows(tmp_path)
    assert [row.name.split(": ")[1] for row in each][:3] == ["median", "90th percentile", "worst"]
    assert total.ratio_max == SUM_MAX and total.value > 0 < total.reference


def test_without_photos_there_is_no_row(tmp_path: Path) -> None:
    assert not list(rows(tmp_path / "none"))
