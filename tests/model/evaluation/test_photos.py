from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from model.datasets.splits import load_split
from model.evaluation.metrics import calibration_error
from model.evaluation.photos import find_examples, read_photos
from model.reader import Reader
from model.serving import Classifier
from preprocessing import NoDigitsFound


@dataclass
class FakeDigit:
    confidence: float
    is_digit: float


@dataclass
class FakeReading:
    text: str
    digits: tuple[FakeDigit, ...]
    unsure: bool


class FakeReader(Reader):
    """Returns the photo's bytes as its text; "-" is a photo without digits, "?" an unsure one."""

    def __init__(self) -> None:
        pass

    def read(self, photo: bytes, model: str = "auto") -> FakeReading:  # type: ignore[override]
        text = photo.decode()
        if text == "-":
            raise NoDigitsFound
        said = text.rstrip("?")
        sure = 0.3 if said != text else 0.9
        return FakeReading(said, tuple(FakeDigit(0.8, sure) for _ in said), said != text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        ("a.jpg", "7", "7", "pens"),
        ("b.jpg", "4", "9", "pens"),
        ("c.jpg", "", "-", "none"),
        ("d.jpg", "", "1", "none"),
        ("e.jpg", "12", "12", "pens"),
        ("f.jpg", "", "1?", "none"),
        ("g.jpg", "5", "6?", "pens"),
    ]
    (tmp_path / "deeper").mkdir()
    for name, _, read, _ in rows:
        (tmp_path / "deeper" / name).write_text(read)
    lines = ["file,text,source", *(f"{name},{text},{source}" for name, text, _, source in rows)]
    (tmp_path / "deeper" / "labels.csv").write_text("\n".join(lines))
    return tmp_path


def test_counts_what_is_exactly_right_by_source(folder: Path) -> None:
    found = read_photos(folder, FakeReader(), "auto")
    assert (found["files"], found["exact"], found["rate"]) == (7, 4, 4 / 7)
    assert found["by_source"] == {"pens": (2, 1, 4), "none": (2, 1, 3)}
    assert found["surely_wrong"] == 2
    assert found["missed"] == [("b.jpg", "4", "9"), ("d.jpg", "", "1"), ("g.jpg", "5", "6?")]


def test_calibration_is_measured_on_photos_read_as_one_digit(folder: Path) -> None:
    found = read_photos(folder, FakeReader(), "auto")
    right = np.array([True, False, False, False, False])
    assert found["ece"] == calibration_error(np.full(5, 0.8, np.float32), right)


def test_mixed_up_digits_are_counted_where_their_number_agrees(folder: Path) -> None:
    confusion = np.array(read_photos(folder, FakeReader(), "auto")["confusion"])
    assert confusion.sum() == 5
    assert {(7, 7), (4, 9), (1, 1), (2, 2), (5, 6)} == {*zip(*confusion.nonzero(), strict=True)}


def test_what_is_read_where_nothing_is_counts_against_digits(folder: Path) -> None:
    # 7, 4 and 12 are read with 0.9, 5 with 0.3; where nothing is, 1 with 0.9 and 1 with 0.3.
    ranks = [0.75] * 4 + [0.25]
    found = read_photos(folder, FakeReader(), "auto")
    assert found["without_digits"] == (1, 3)
    assert found["negatives_auc"] == pytest.approx(np.mean(ranks))


def test_packed_crops_are_photos_too(tmp_path: Path) -> None:
    crop = np.zeros((40, 30, 3), np.uint8)
    crop[..., 0] = 200
    np.savez(tmp_path / "forms.npz", x=crop[np.newaxis], y=np.array([3]))
    (example,) = find_examples(tmp_path)
    picture = cv2.imdecode(np.frombuffer(example.photo, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert np.array_equal(np.asarray(picture), crop)
    assert (example.text, example.source) == ("3", "forms")


def test_a_real_reader_fits(tmp_path: Path) -> None:
    np.savez(tmp_path / "mnist.npz", x=load_split()[1].x[:3], y=load_split()[1].y[:3])
    reader = Reader(*(Classifier.load(kind, tmp_path) for kind in ("clean", "noisy")))
    found = read_photos(tmp_path, reader, "auto")
    assert found["by_source"] == {"mnist": (3, 0, 3)}


def test_a_folder_without_labelled_photos_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no labelled photos"):
        read_photos(tmp_path, FakeReader(), "auto")


def test_a_table_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,text\na.jpg,7\n")
    with pytest.raises(ValueError, match=r"labels\.csv lacks the columns source"):
        list(find_examples(tmp_path))
