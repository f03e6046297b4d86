"""The command line of the networks: read photos, train, evaluate, and keep versions."""

import argparse
import json
import os
import select
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import cv2

from model.calibration import SHOWN_MAX
from model.classes import KINDS, MODELS
from model.reader import Reader, Reading
from model.registry import Registry, Version, VersionError
from preprocessing import PhotoError, PhotoTooLarge, UnreadablePhoto
from preprocessing.redraw import PDF_MARK, redraw

FAILED = 1  # exit status; that of wrong usage, 2, is argparse's
STDOUT = 1  # file descriptor
STDIN = Path("-")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    options = parse(arguments)
    try:
        return COMMANDS[options.command](options)
    except (OSError, KeyError, ValueError, VersionError) as error:
        print(f"python -m model: {error}", file=sys.stderr)
        return FAILED


def _read(options: argparse.Namespace) -> int:
    return read_files(
        options.photos, options.model, options.root, as_json=options.json, sketch=options.sketch
    )


def _train(options: argparse.Namespace) -> int:
    if options.json:
        exit_with_parent(STDOUT)  # before TensorFlow, which takes long to import
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up messages on stderr
    from model.events import Event, Failed
    from model.registry import TrainingSettings
    from model.training.train import EPOCHS, FINETUNE_EPOCHS, train

    settings = TrainingSettings(
        options.kind,
        options.epochs or (FINETUNE_EPOCHS if options.finetune else EPOCHS),
        options.seed,
        options.finetune,
        options.limit,
        options.origin,
    )

    def report(event: Event) -> None:
        words = (
            json.dumps(event) if options.json else " ".join(f"{k}={v}" for k, v in event.items())
        )
        print(words, flush=True)

    try:
        train(
            settings,
            Registry(options.root),
            report,
            corrections=options.corrections,
            promote=options.promote,
        )
    except (OSError, KeyError, ValueError, MemoryError, VersionError) as error:
        report(Failed(event="failed", reason=str(error) or type(error).__name__))
        return FAILED
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from model.evaluation.evaluate import evaluate
    from model.evaluation.photos import read_photos
    from model.evaluation.report import as_table
    from model.reader import Reader

    reader = Reader.load(options.root)
    network = reader.networks[options.model]
    # First: a folder without labelled photos is an error that is found at once.
    photos = read_photos(options.photos, reader, options.model) if options.photos else None
    found = evaluate(network, photos)
    print(json.dumps(found) if options.json else as_table(found))
    if options.plots:
        from model.evaluation.plots import draw_plots

        draw_plots(found, network, options.plots, options.root)
    return 0


def _versions(options: argparse.Namespace) -> int:
    registry = Registry(options.root)
    for kind in KINDS:
        serving = None
        with suppress(VersionError):
            serving = registry.serving(kind)
        for version in registry.list(kind):
            mark = "*" if version == serving else " "
            print(mark, kind, version.name, _validation_accuracy(version))
    return 0


def _validation_accuracy(version: Version) -> str:
    """A version's accuracy on the validation split, or why it cannot serve."""
    try:
        scores = version.check()["scores"]
    except VersionError as error:
        return f"cannot serve: {error}"
    return f"{100 * scores['mnist_validation']:.2f} % of validation" if scores else ""


def _promote(options: argparse.Namespace) -> int:
    version = Registry(options.root).promote(options.kind, options.version)
    print(f"{version.kind} {version.name} serves")
    return 0


def _rollback(options: argparse.Namespace) -> int:
    version = Registry(options.root).rollback(options.kind)
    print(f"{version.kind} {version.name} serves again")
    return 0


COMMANDS = {
    "read": _read,
    "train": _train,
    "evaluate": _evaluate,
    "versions": _versions,
    "promote": _promote,
    "rollback": _rollback,
}


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of a command line; raises SystemExit for a wrong one."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    if fault := misused(options):
        parser.error(fault)
    return options


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="python -m model",
        description="read photos, train, evaluate, choose the version that serves",
    )
    parser.add_argument("--root", type=Path, help="folder of versions (default: DATA_DIR/models)")
    commands = parser.add_subparsers(dest="command", required=True)

    read = commands.add_parser("read", help="read photo files")
    read.add_argument(
        "photos",
        nargs="+",
        type=Path,
        metavar="PHOTO",
        help="a picture, a PDF (its first page), a folder of them, or - for standard input",
    )
    read.add_argument("--model", choices=MODELS, default="auto")
    read.add_argument("--json", action="store_true", help="one JSON object a line")
    read.add_argument("--sketch", type=Path, metavar="OUT.png", help="draw what was found in one")

    train = commands.add_parser("train", help="train a network and add it as a version")
    train.add_argument("kind", choices=KINDS)
    train.add_argument("--epochs", type=positive)
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--json", action="store_true", help="progress as JSON lines")
    train.add_argument("--promote", action="store_true", help="let the new version serve")
    train.add_argument("--finetune", action="store_true", help="go on from the serving version")
    train.add_argument("--origin", choices=KINDS, help="the network that a full one goes on from")
    train.add_argument("--corrections", type=Path, metavar="FILE.npz", help="corrections of users")
    train.add_argument(
        "--limit", type=positive, help="use only this many MNIST glyphs: for trying out"
    )

    evaluate = commands.add_parser("evaluate", help="measure how well a network reads")
    evaluate.add_argument("--model", choices=MODELS, default="auto")
    evaluate.add_argument("--photos", type=Path, metavar="DIR", help="labelled photos, read too")
    evaluate.add_argument("--plots", type=Path, metavar="DIR", help="draw the results there")
    evaluate.add_argument("--json", action="store_true")

    commands.add_parser("versions", help="list all versions; * serves")
    promote = commands.add_parser("promote", help="let a version serve")
    promote.add_argument("kind", choices=KINDS)
    promote.add_argument("version")
    rollback = commands.add_parser("rollback", help="let the version before serve again")
    rollback.add_argument("kind", choices=KINDS)
    return parser


def positive(word: str) -> int:
    """Return a whole number over 0; raises ValueError, which argparse turns into wrong usage."""
    number = int(word)
    if number < 1:
        raise ValueError
    return number


def misused(options: argparse.Namespace) -> str:
    """Return a sentence about options that exclude each other, "" if there are none."""
    if options.command == "read" and options.sketch and len(options.photos) > 1:
        return "--sketch draws one photo, not several into one file"
    if options.command == "train" and options.finetune and options.origin:
        return "--finetune goes on from the network's own version, not from --origin"
    return ""


def read_files(
    photos: list[Path], model: str, root: Path | None, *, as_json: bool, sketch: Path | None
) -> int:
    """Print a line for each photo; return 1 if one could not be read, else 0."""
    reader = Reader.load(root)
    status = 0
    for path in files_in(photos):
        try:
            reading = reader.read(picture_in(path), model)
        except (PhotoError, OSError) as error:
            status = 1
            found: dict[str, object] = {"error": type(error).__name__, "message": str(error)}
            line = str(error)
        else:
            found, line = as_object(reading), as_sentence(reading)
        print(
            json.dumps({"file": str(path), **found}) if as_json else f"{path}: {line}", flush=True
        )
        if sketch is not None and "error" not in found:
            from preprocessing.visualize import draw_stages

            sketch.write_bytes(cv2.imencode(".png", draw_stages(reading.page))[1].tobytes())
    return status


def files_in(paths: list[Path]) -> Iterator[Path]:
    """Yield the files, and in the place of a folder the files in it, sorted, hidden ones left out.

    A folder is walked at all depths.
    """
    for path in paths:
        if path.is_dir():
            inside = (file for file in sorted(path.rglob("*")) if file.is_file())
            yield from (file for file in inside if not file.name.startswith("."))
        else:
            yield path


def picture_in(path: Path) -> bytes:
    """Return a file's picture, of a PDF the first page; `-` is standard input.

    Raises OSError, UnreadablePhoto and PhotoTooLarge.
    """
    content = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    if not content.startswith(PDF_MARK):
        return content
    try:
        return redraw(content)
    except PhotoTooLarge:
        raise
    except Exception as error:  # a parser of broken files may raise any exception
        raise UnreadablePhoto from error


def as_object(reading: Reading) -> dict[str, object]:
    """Return what `read --json` prints of a reading, but for the file."""
    return {
        "text": reading.text,
        "unsure": reading.unsure,
        "model": reading.model,
        "version": reading.version,
        "ms": round(reading.ms, 1),
        "digits": [
            {
                "digit": digit.digit,
                "confidence": round(digit.confidence, 4),
                "unsure": digit.unsure,
                "box": list(digit.box),
                "top": [[number, round(share, 4)] for number, share in digit.top],
            }
            for digit in reading.digits
        ],
    }


def as_sentence(reading: Reading) -> str:
    """Return a reading for people: digits, "?" behind unsure ones, least confidence, network."""
    least = min(min(digit.confidence for digit in reading.digits), SHOWN_MAX)
    lines: dict[int, str] = {}
    for digit in reading.digits:
        lines[digit.line] = f"{lines.get(digit.line, '')}{digit.digit}{'?' * digit.unsure}"
    text = " ".join(lines.values())
    return f"{text} · {100 * least:.1f} % · {reading.model}, {reading.ms:.0f} ms"


def exit_with_parent(descriptor: int) -> None:
    """Send this process SIGTERM once nobody can read the pipe `descriptor` any more.

    A killed bot cannot end its training, but the kernel closes its end of the pipe.
    """
    threading.Thread(target=_wait_and_end, args=(descriptor,), daemon=True).start()


def _wait_and_end(descriptor: int) -> None:
    closing = select.poll()
    closing.register(descriptor, 0)  # no events: hang-ups are always reported
    closing.poll()
    os.kill(os.getpid(), signal.SIGTERM)
