"""The command line: read photos, train, evaluate, choose the version that serves."""

import argparse
import json
import os
import sys
from contextlib import suppress

from model.listener import STDOUT, end_when_unheard
from model.options import parse
from model.registry import KINDS, Registry
from model.version import Version, VersionError

FAILED = 1  # exit status; that of wrong usage, 2, is argparse's


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says and return the exit status."""
    options = parse(arguments)
    try:
        return COMMANDS[options.command](options)
    except (OSError, KeyError, ValueError, VersionError) as error:
        print(f"python -m model: {error}", file=sys.stderr)
        return FAILED


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
    from model.evaluate import evaluate
    from model.photos import read_photos
    from model.reader import Reader
    from model.table import as_table

    reader = Reader.load(options.root)
    asked = reader.networks[options.model]
    # First, since a folder that holds none is found out at once.
    photos = read_photos(options.photos, reader, options.model) if options.photos else None
    found = evaluate(asked, photos)
    print(json.dumps(found) if options.json else as_table(found))
    if options.plots:
        from model.plots import draw_plots

        draw_plots(found, asked, options.plots, options.root)
    return 0


def _versions(options: argparse.Namespace) -> int:
    registry = Registry(options.root)
    for kind in KINDS:
        serving = None
        with suppress(VersionError):
            serving = registry.serving(kind)
        for version in registry.list(kind):
            print("*" if version == serving else " ", kind, version.name, _worth(version))
    return 0


def _worth(version: Version) -> str:
    """By validation: nobody should choose by the test."""
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

if __name__ == "__main__":
    sys.exit(main())
