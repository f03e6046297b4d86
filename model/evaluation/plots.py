"""An Evaluation -> plots: confusion, reliability, accuracy under noise, training, misses."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from model.classes import KINDS
from model.datasets.splits import inked, load_test
from model.evaluation.evaluate import Evaluation, Predictor
from model.evaluation.metrics import BINS
from model.registry import Registry

MISSES = (3, 8)  # rows and columns of the misread glyphs that are shown
DPI = 110  # of the PNG files


def draw_plots(
    found: Evaluation, network: Predictor, folder: Path, root: Path | None = None
) -> None:
    """Write all plots as PNG files into a folder, which is created if it does not exist."""
    folder.mkdir(parents=True, exist_ok=True)
    test = load_test()
    prediction = network.predict(inked(test.x))
    confidence = prediction.probabilities.max(axis=1)
    read = prediction.probabilities.argmax(axis=1)
    pictures = {
        "confusion": draw_confusion(np.array(found["confusion"])),
        "reliability": draw_reliability(confidence, read == test.y),
        "noise": draw_noise(found),
        "misses": draw_misses(test.x, test.y, read, confidence),
    }
    if "photos" in found:
        pictures["photos_confusion"] = draw_confusion(np.array(found["photos"]["confusion"]))
    for kind in KINDS:
        history = Registry(root).serving(kind).card()["history"]
        pictures[f"training_{kind}"] = draw_training(kind, history)
    for name, picture in pictures.items():
        picture.savefig(folder / f"{found['kind']}_{name}.png", dpi=DPI)


def draw_confusion(confusion: NDArray[np.int_]) -> Figure:
    """Draw a (10, 10) confusion matrix, row the label; only errors are coloured."""
    figure, axes = _figure("What was read (across) for what was written (down)")
    wrong = confusion * (1 - np.eye(len(confusion), dtype=int))
    axes.imshow(wrong, cmap="Reds")
    for (row, column), count in np.ndenumerate(confusion):
        if count:
            axes.text(column, row, str(count), ha="center", va="center", fontsize=8)
    axes.set_xticks(range(len(confusion)))
    axes.set_yticks(range(len(confusion)))
    return figure


def draw_reliability(confidence: NDArray[np.float32], right: NDArray[np.bool_]) -> Figure:
    """Draw a reliability diagram of n answers: accuracy over confidence; the diagonal is ideal."""
    figure, axes = _figure("Accuracy by confidence")
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    count = np.bincount(place, minlength=BINS)
    used = count > 0
    sure = np.bincount(place, confidence, BINS)[used] / count[used]
    share = np.bincount(place, right, BINS)[used] / count[used]
    axes.plot([0, 1], [0, 1], color="lightgrey")
    axes.plot(sure, share, marker="o")
    for x, y, number in zip(sure, share, count[used], strict=True):
        axes.annotate(str(number), (x, y), textcoords="offset points", xytext=(4, -10), fontsize=7)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share right; the number of answers beside it")
    return figure


def draw_noise(found: Evaluation) -> Figure:
    """Draw the accuracy over the five levels of every family."""
    figure, axes = _figure("Right under noise, from just visible to hard")
    colours = mpl.colormaps["turbo"](np.linspace(0, 1, len(found["noise"])))
    for (name, levels), colour in zip(found["noise"].items(), colours, strict=True):
        axes.plot(range(1, 6), list(levels.values()), label=name, color=colour)
    axes.set_xticks(range(1, 6))
    axes.set_xlabel("level")
    axes.legend(fontsize=6, ncols=2)
    return figure


def draw_training(kind: str, history: dict[str, list[float]]) -> Figure:
    """Draw the error on training and validation glyphs, epoch by epoch."""
    figure, axes = _figure(f"Training of {kind}: error in %")
    for name, label in (
        ("digits_right", "training, augmented"),
        ("val_digits_right", "validation"),
    ):
        errors = 100 * (1 - np.array(history[name]))
        axes.plot(range(1, len(errors) + 1), errors, label=label)
    axes.set_yscale("log")
    axes.set_xlabel("epoch")
    axes.legend()
    return figure


def draw_misses(
    x: NDArray[np.uint8],
    y: NDArray[np.uint8],
    read: NDArray[np.int_],
    confidence: NDArray[np.float32],
) -> Figure:
    """Show the glyphs (n, 28, 28) that were misread with the highest confidence."""
    wrong = np.flatnonzero(read != y)
    worst = wrong[np.argsort(-confidence[wrong])]
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    places = figure.subplots(*MISSES).ravel()
    for axes in places:
        axes.axis("off")
    for axes, i in zip(places, worst, strict=False):
        axes.imshow(255 - x[i], cmap="gray")
        axes.set_title(f"{y[i]} read as {read[i]}, {100 * confidence[i]:.0f} %", fontsize=7)
    return figure


def _figure(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    return figure, axes
