import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from model.calibration import ACCEPTED, calibrated
from model.classes import KINDS
from model.datasets.splits import inked, load_split
from model.ensemble import Ensemble
from model.registry import TFLITE, Registry, VersionError
from model.serving import Classifier, Network
from tests.versions import copy_version, predicts_once, rewrite_card, spoil_network

VALIDATION = load_split()[1]
GLYPHS = inked(VALIDATION.x[:100])


@pytest.fixture(scope="module", params=KINDS)
def classifier(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Classifier:
    return Classifier.load(request.param, tmp_path_factory.mktemp("empty"))


def test_reads_validation_digits(classifier: Classifier) -> None:
    prediction = classifier.predict(GLYPHS)
    assert prediction.probabilities.dtype == np.float32
    assert np.mean(prediction.probabilities.argmax(axis=1) == VALIDATION.y[:100]) >= 0.97
    assert np.mean(prediction.is_digit > 0.5) >= 0.97
    assert 0.1 <= classifier.confidence_threshold < 1


def test_predictions_are_nearly_those_of_the_network_in_float32(classifier: Classifier) -> None:
    """Also where a glyph is no digit and where the networks doubt: half of each of two digits."""
    version = Registry(Path("none")).serving(classifier.kind)
    whole = Network((version.folder / TFLITE).read_bytes())
    halves = np.concatenate([GLYPHS[:, :, :14], GLYPHS[::-1, :, 14:]], axis=2)
    for glyphs in (GLYPHS, halves):
        expected = calibrated(whole.logits(glyphs), version.card()["temperature"])
        scores = [
            answer.probabilities.max(axis=1) * answer.is_digit
            for answer in (expected, classifier.predict(glyphs))
        ]
        apart = np.abs(np.subtract(*scores))
        assert 0 < np.mean(apart) < 0.01
        assert apart.max() < 0.1


def test_of_a_hundred_digits_hardly_one_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    glyphs = inked(VALIDATION.x)
    clean, noisy = (Classifier.load(kind, Path("none")) for kind in KINDS)
    for each in (clean, noisy):
        predicts_once(each, glyphs, monkeypatch)
    either = 1 - 2 * (1 - ACCEPTED)  # both accept at least so many: one that rejects is enough
    for network, least in ((clean, ACCEPTED), (noisy, ACCEPTED), (Ensemble(clean, noisy), either)):
        accepted = np.mean(network.predict(glyphs).lowest >= network.rejection_threshold)
        assert accepted >= least


def test_a_version_of_another_glyph_recipe_is_refused_and_the_former_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shipped = Registry(tmp_path).serving("clean").name
    for name, recipe in (("30000101-a", "12"), ("30000101-b", "7")):
        folder = copy_version(tmp_path, "clean", name)
        Registry(tmp_path).promote("clean", name)
        rewrite_card(folder, preprocessing=recipe)
    assert Classifier.load("clean", tmp_path).version == "30000101-a"  # recipe 12 is equal to 8
    assert "made by recipe 7, but photos become glyphs by recipe 8" in caplog.text
    with pytest.raises(VersionError, match="recipe 7"):
        Registry(tmp_path).promote("clean", "30000101-b")
    rewrite_card(tmp_path / "clean" / "30000101-a", preprocessing="13")
    assert Classifier.load("clean", tmp_path).version == shipped


def test_auto_rejects_below_the_mean_bound_of_both_cards(tmp_path: Path) -> None:
    rewrite_card(copy_version(tmp_path, "clean", "30000101-a"), odd_below=0.5)
    Registry(tmp_path).promote("clean", "30000101-a")
    clean, noisy = (Classifier.load(kind, tmp_path) for kind in KINDS)
    auto = Ensemble(clean, noisy)
    assert clean.rejection_threshold == 0.5
    assert auto.rejection_threshold == pytest.approx((0.5 + noisy.rejection_threshold) / 2)


@pytest.mark.parametrize("count", [0, 1, 2, 100])
def test_takes_any_number_of_glyphs(classifier: Classifier, count: int) -> None:
    prediction = classifier.predict(GLYPHS[:count])
    assert prediction.probabilities.shape == (count, 10)
    assert prediction.is_digit.shape == (count,)
    assert np.allclose(prediction.probabilities.sum(axis=1), 1, atol=1e-5)


def test_a_glyph_reads_the_same_alone_as_among_others(classifier: Classifier) -> None:
    together = classifier.predict(GLYPHS[:8]).probabilities
    alone = [classifier.predict(glyph[np.newaxis]).probabilities[0] for glyph in GLYPHS[:8]]
    assert np.allclose(together, alone, atol=1e-5)


def test_concurrent_predictions_are_not_mixed_up(classifier: Classifier) -> None:
    expected = [classifier.predict(GLYPHS[i : i + 1 + i % 5]).probabilities for i in range(40)]
    found: dict[int, bool] = {}

    def ask(i: int) -> None:
        answer = classifier.predict(GLYPHS[i : i + 1 + i % 5]).probabilities
        found[i] = bool(np.allclose(answer, expected[i], atol=1e-5))

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == dict.fromkeys(range(40), True)


def test_a_higher_temperature_lowers_confidence_and_keeps_the_digit() -> None:
    logits = np.random.default_rng(0).normal(0, 4, (50, 11)).astype(np.float32)
    cool, warm = calibrated(logits, 1.0), calibrated(logits, 2.0)
    best = cool.probabilities.argmax(axis=1)
    assert np.array_equal(best, warm.probabilities.argmax(axis=1))
    assert (warm.probabilities.max(axis=1) < cool.probabilities.max(axis=1)).all()
    assert np.array_equal(cool.is_digit, warm.is_digit)


def test_a_version_cut_on_disk_gives_way_to_the_former_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shipped = Classifier.load("clean", tmp_path).version
    folder = copy_version(tmp_path, "clean", "30000101-a")
    Registry(tmp_path).promote("clean", "30000101-a")
    assert Classifier.load("clean", tmp_path).version == "30000101-a"
    spoil_network(folder)
    assert Classifier.load("clean", tmp_path).version == shipped
    assert "30000101-a" in caplog.text
    with pytest.raises(VersionError):
        Classifier(Registry(tmp_path).find("clean", "30000101-a"))


def test_serving_does_not_load_tensorflow() -> None:
    code = "import sys, model.serving, model.__main__; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
