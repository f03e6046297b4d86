"""The command line: read photos, train, evaluate, choose the version that serves."""

import argparse
import json
import os
import sys
from pathlib import Path

from model.listener import STDOUT, end_when_unheard
from model.reader import MODELS
from model.registry import KINDS, Registry
from model.version import VersionError

FAILED, MISUSED = 1, 2  # exit statuses


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    options = make_parser().parse_args(arguments)
    try:
        status: int = options.command(options)
    except (OSError, KeyError, ValueError, VersionError) as error:
        print(f"python -m model: {error}", file=sys.stderr)
        return FAILED
    return status


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each leaves its function in `command`."""
    parser = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    parser.add_argument("--root", type=Path, help="folder of versions (default: DATA_DIR/models)")
    commands = parser.add_subparsers(required=True)

    read = commands.add_parser("read", help="read photo files")
    read.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    read.add_argument("--model", choices=MODELS, default="auto")
    read.add_argument("--json", action="store_true", help="one JSON object a line")
    read.add_argument("--sketch", type=Path, metavar="OUT.png", help="draw what was found")
    read.set_defaults(command=_read)

    train = commands.add_parser("train", help="train a network and add it as a version")
    train.add_argument("kind", choices=KINDS)
    train.add_argument("--epochs", type=int)
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--json", action="store_true", help="progress as JSON lines")
    train.add_argument("--promote", action="store_true", help="let the new version serve")
    train.add_argument("--finetune", action="store_true", help="go on from the serving version")
    train.add_argument("--origin", choices=KINDS, help="the network that a full one goes on from")
    train.add_argument("--corrections", type=Path, metavar="FILE.npz", help="what users taught")
    train.add_argument("--limit", type=int, help="use only this many MNIST glyphs: for trying out")
    train.set_defaults(command=_train)

    evaluate = commands.add_parser("evaluate", help="say how good a network is")
    evaluate.add_argument("--model", choices=MODELS, default="auto")
    evaluate.add_argument("--photos", type=Path, metavar="DIR", help="labelled photos, read too")
    evaluate.add_argument("--plots", type=Path, metavar="DIR", help="draw the results there")
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(command=_evaluate)

    versions = commands.add_parser("versions", help="list all versions; * serves")
    versions.set_defaults(command=_versions)
    promote = commands.add_parser("promote", help="let a version serve")
    promote.add_argument("kind", choices=KINDS)
    promote.add_argument("version")
    promote.set_defaults(command=_promote)
    rollback = commands.add_parser("rollback", help="let the version before serve again")
    rollback.add_argument("kind", choices=KINDS)
    rollback.set_defaults(command=_rollback)
    return parser


def _read(options: argparse.Namespace) -> int:
    from model.reading import read_files

    return read_files(
        options.photos, options.model, options.root, as_json=options.json, sketch=options.sketch
    )


def _train(options: argparse.Namespace) -> int:
    if options.json:
        end_when_unheard(STDOUT)  # before TensorFlow, which takes long to import
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # it would greet on stderr
    from model.card import Settings
    from model.train import EPOCHS, FINETUNE_EPOCHS, train

    if options.origin and options.finetune:
        raise ValueError("--finetune goes on from the network's own version, not from --origin")
    settings = Settings(
        options.kind,
        options.epochs or (FINETUNE_EPOCHS if options.finetune else EPOCHS),
        options.seed,
        options.finetune,
        options.limit,
        options.origin,
    )

    def report(event: dict[str, object]) -> None:
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
        report({"event": "failed", "reason": str(error) or type(error).__name__})
        return FAILED
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from model.evaluate import evaluate, load
    from model.table import as_table

    asked, reader = load(options.model, options.root)
    found = evaluate(asked, photos=options.photos, reader=reader)
    print(json.dumps(found) if options.json else as_table(found))
    if options.plots:
        from model.plots import draw_plots

        draw_plots(found, asked, options.plots, options.root)
    return 0


def _versions(options: argparse.Namespace) -> int:
    registry = Registry(options.root)
    for kind in KINDS:
        serving = registry.serving(kind)
        for version in registry.list(kind):
            scores = version.card()["scores"]
            right = f"{100 * scores['mnist_test']:.2f} % of MNIST test" if scores else ""
            print("*" if version == serving else " ", kind, version.name, right)
    return 0


def _promote(options: argparse.Namespace) -> int:
    version = Registry(options.root).promote(options.kind, options.version)
    print(f"{version.kind} {version.name} serves")
    return 0


def _rollback(options: argparse.Namespace) -> int:
    version = Registry(options.root).rollback(options.kind)
    print(f"{version.kind} {version.name} serves again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
