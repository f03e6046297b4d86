"""Evaluation: MNIST, every family of corruption, calibration, non-digits, labelled photos."""

import time
from typing import NotRequired, Protocol, TypedDict

import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from model.classes import CLASSES
from model.datasets.splits import Labelled, inked, load_letters, load_split, load_test
from model.evaluation.corruptions import CORRUPTIONS, HELD_OUT, MIDDLE, MILD, STROKE_CORRUPTIONS
from model.evaluation.metrics import accuracy, auc, ece
from model.evaluation.mnist_c import MNIST_C
from model.evaluation.photos import PhotoScores
from model.registry import Scores
from model.serving import Classifier

NOISE_SEED = 7
FAMILY_GLYPHS = 1_000  # test glyphs for each family and level; all of them for salt and pepper
SPEED_GLYPHS = 200  # read one by one; their median time is reported


class Predictor(Protocol):
    """What can be evaluated: a Classifier or the Ensemble."""

    kind: str
    version: str
    rejection_threshold: float  # an `is_digit` below it makes a digit unsure

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction: ...


class Evaluation(TypedDict):
    """What `evaluate --json` prints; accuracies and rates are 0 to 1."""

    kind: str
    version: str
    mnist: dict[str, float]
    noise: dict[str, dict[str, float]]
    mnist_c: dict[str, float]  # accuracy by kind of corruption, none of which trains
    calibration: dict[str, float]
    not_a_digit: dict[str, float]
    ms_per_glyph: float
    confusion: list[list[int]]  # MNIST test: row the truth, column what was read
    photos: NotRequired[PhotoScores]


def score(classifier: Classifier, limit: int | None = None) -> Scores:
    """Return the scores for a version's card, of at most `limit` glyphs of each split."""
    _, validation = load_split()
    validation = Labelled(validation.x[:limit], validation.y[:limit])
    test = load_test()
    right = accuracy(classifier.predict(inked(test.x[:limit])), test.y[:limit])
    salted = noise_scores(classifier, "salt_pepper", validation)
    return {
        "mnist_validation": accuracy(classifier.predict(inked(validation.x)), validation.y),
        "mnist_test": right,
        "noise": salted,
        "own_noise": (
            float(np.mean(list(salted.values())))
            if classifier.kind == "noisy"
            else stroke_noise_score(classifier, validation)
        ),
        "ms_per_glyph": ms_per_glyph(classifier, test),
        "unsure_below": classifier.confidence_threshold,
    }


def evaluate(network: Predictor, photos: PhotoScores | None = None) -> Evaluation:
    """Evaluate a network on the test split and all corruptions; `photos` are passed through."""
    test = load_test()
    prediction = network.predict(inked(test.x))
    letters = network.predict(inked(load_letters()))
    confusion = np.zeros((CLASSES, CLASSES), int)
    np.add.at(confusion, (test.y, prediction.probabilities.argmax(axis=1)), 1)
    found: Evaluation = {
        "kind": network.kind,
        "version": network.version,
        "mnist": {
            "errors": int(confusion.sum() - np.trace(confusion)),
            "accuracy": accuracy(prediction, test.y),
        },
        "noise": {name: noise_scores(network, name, _enough(name, test)) for name in CORRUPTIONS},
        "mnist_c": mnist_c_scores(network, test),
        "calibration": {"ece": ece(prediction, test.y)},
        "not_a_digit": {
            "letters_auc": auc(prediction.is_digit, letters.is_digit),
            "letters_rejected": float(np.mean(letters.lowest < network.rejection_threshold)),
            "digits_accepted": float(np.mean(prediction.lowest >= network.rejection_threshold)),
        },
        "ms_per_glyph": ms_per_glyph(network, test),
        "confusion": confusion.tolist(),
    }
    if photos is not None:
        found["photos"] = photos
    return found


def noise_scores(network: Predictor, family: str, glyphs: Labelled) -> dict[str, float]:
    """Return the accuracy at each of a family's five levels."""
    levels = CORRUPTIONS[family].levels
    return {str(level): _accuracy(network, family, i, glyphs) for i, level in enumerate(levels)}


def mnist_c_scores(network: Predictor, test: Labelled) -> dict[str, float]:
    """Return the accuracy under each of the corruptions like MNIST-C's."""
    x, y = inked(test.x[:FAMILY_GLYPHS]), test.y[:FAMILY_GLYPHS]
    return {
        name: accuracy(network.predict(corrupt(x, np.random.default_rng(NOISE_SEED))), y)
        for name, corrupt in MNIST_C.items()
    }


def stroke_noise_score(network: Predictor, glyphs: Labelled) -> float:
    """Return the mean accuracy over STROKE_CORRUPTIONS at a mild level.

    It is the noise score of `clean`, since salt and pepper varies too much between trainings: two
    epochs without it, on a quarter of the digits, changed that accuracy by three points and this
    one by 0.1.
    """
    return float(np.mean([_accuracy(network, name, MILD, glyphs) for name in STROKE_CORRUPTIONS]))


def middle_errors(noise: dict[str, dict[str, float]]) -> tuple[float, float]:
    """Return the mean error at the middle level over all families, and over those kept out."""
    errors = {name: 1 - list(levels.values())[MIDDLE] for name, levels in noise.items()}
    kept_out = [errors[name] for name in HELD_OUT]
    return float(np.mean(list(errors.values()))), float(np.mean(kept_out))


def ms_per_glyph(network: Predictor, glyphs: Labelled) -> float:
    """Return the median time in ms of predicting one glyph."""
    times = []
    for glyph in inked(glyphs.x[:SPEED_GLYPHS]):
        began = time.perf_counter()
        network.predict(glyph[np.newaxis])
        times.append(time.perf_counter() - began)
    return round(1000 * float(np.median(times)), 3)


def _accuracy(network: Predictor, family: str, level: int, glyphs: Labelled) -> float:
    corrupt, levels = CORRUPTIONS[family]
    corrupted = corrupt(inked(glyphs.x), levels[level], np.random.default_rng(NOISE_SEED))
    return accuracy(network.predict(corrupted), glyphs.y)


def _enough(family: str, test: Labelled) -> Labelled:
    some = None if family == "salt_pepper" else FAMILY_GLYPHS
    return Labelled(test.x[:some], test.y[:some])
