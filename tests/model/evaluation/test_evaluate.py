import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from model.calibration import Prediction, by_one_network
from model.classes import MODELS
from model.datasets.splits import Labelled, load_test
from model.evaluation import evaluate
from model.evaluation.corruptions import CORRUPTIONS, HELD_OUT
from model.evaluation.photos import PhotoScores
from model.evaluation.plots import draw_plots
from model.evaluation.report import as_table
from model.reader import Reader
from model.serving import Classifier

FEW = 300  # test glyphs here


class Oracle:
    """Reads every uncorrupted glyph right, and corrupted ones as zeros."""

    kind, version, rejection_threshold = "clean", "oracle", 0.5

    def __init__(self, known: Labelled) -> None:
        self._known = {glyph.tobytes(): digit for glyph, digit in zip(*known, strict=True)}

    def predict(self, glyphs: np.ndarray) -> Prediction:
        rows = np.full((len(glyphs), 10), 0.01, np.float32)
        is_digit = np.zeros(len(glyphs), np.float32)
        for i, glyph in enumerate(glyphs):
            key = (glyph * 255).round().astype(np.uint8).tobytes()
            rows[i, self._known.get(key, 0)] = 0.91
            is_digit[i] = key in self._known
        return by_one_network(rows, is_digit)


@pytest.fixture(scope="module")
def few() -> Iterator[Labelled]:
    test = load_test()
    few = Labelled(test.x[:FEW], test.y[:FEW])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "load_test", lambda: few)
        patch.setattr("model.evaluation.plots.load_test", lambda: few)
        yield few


@pytest.fixture(scope="module")
def found(few: Labelled) -> evaluate.Evaluation:
    """The evaluation of the Oracle."""
    return evaluate.evaluate(Oracle(few))


def test_the_evaluation_of_a_network_that_is_always_right(
    few: Labelled, found: evaluate.Evaluation
) -> None:
    assert found["mnist"] == {"errors": 0, "accuracy": 1}
    assert found["calibration"]["ece"] == pytest.approx(0.09)
    assert found["not_a_digit"]["letters_auc"] == 1
    assert found["not_a_digit"]["letters_rejected"] == 1
    assert found["not_a_digit"]["digits_accepted"] == 1
    assert np.trace(found["confusion"]) == FEW
    zeros = float(np.mean(few.y == 0))
    assert found["noise"].keys() == CORRUPTIONS.keys()
    assert list(found["noise"]["salt_pepper"]) == ["0.05", "0.1", "0.2", "0.3", "0.5"]
    assert found["noise"]["salt_pepper"]["0.5"] == pytest.approx(zeros)
    everywhere, unseen = evaluate.middle_errors(found["noise"])
    assert everywhere == pytest.approx(1 - zeros, abs=0.05)
    assert unseen == pytest.approx(1 - zeros, abs=0.05)
    assert json.loads(json.dumps(found))["version"] == "oracle"


def test_clean_reads_distorted_strokes(few: Labelled) -> None:
    assert evaluate.stroke_noise_score(Classifier.load("clean"), few) > 0.97
    zeros = float(np.mean(few.y == 0))
    corrupted = evaluate.stroke_noise_score(Oracle(few), few)
    assert corrupted == pytest.approx(zeros, abs=0.05), "an unspoilt glyph was read"


def test_the_table_shows_every_family_and_marks_those_kept_out(
    found: evaluate.Evaluation,
) -> None:
    table = as_table(found)
    marked = {line.split()[1] for line in table.splitlines() if line.startswith("+ ")}
    assert marked == set(HELD_OUT)
    assert all(name in table for name in CORRUPTIONS)
    assert "0 errors, 100.00 %" in table


def test_the_table_names_photos_read_wrong(found: evaluate.Evaluation) -> None:
    photos: PhotoScores = {
        "files": 3, "exact": 1, "surely_wrong": 2, "rate": 1 / 3, "ece": 0.1,
        "without_digits": (4, 5), "negatives_auc": 0.97,
        "confusion": np.ones((10, 10), int).tolist(),
        "by_source": {"pens": (1, 2, 3)}, "missed": [("b.jpg", "4", "")],
    }  # fmt: skip
    table = as_table({**found, "photos": photos})
    assert "1 of 3, 33.33 %" in table
    rows = [line.split() for line in table.splitlines()]
    assert ["photos", "surely", "wrong", "2"] in rows and ["1", "2", "3", "pens"] in rows
    assert "b.jpg: 4 read as -" in table
    assert "0.9700" in table and "4 of 5" in table
    assert [line.split()[-1] for line in table.splitlines() if "mixed up" in line] == [*"000222"]


def test_plots_are_pictures(few: Labelled, found: evaluate.Evaluation, tmp_path: Path) -> None:
    draw_plots(found, Oracle(few), tmp_path / "plots", tmp_path)
    names = {path.name for path in (tmp_path / "plots").iterdir()}
    assert {"clean_confusion.png", "clean_noise.png", "clean_misses.png"} < names
    assert all((tmp_path / "plots" / name).stat().st_size > 2000 for name in names)


@pytest.mark.parametrize("model", MODELS)
def test_what_serves_is_evaluated(model: str, few: Labelled, tmp_path: Path) -> None:
    asked = Reader.load(tmp_path).networks[model]
    assert asked.kind == model
    assert evaluate.noise_scores(asked, "thick", few)["0.4"] > 0.97
