"""The words of a command line -> what is asked for; wrong usage ends with status 2."""

import argparse
from pathlib import Path

from model.reader import MODELS
from model.registry import KINDS


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
    read.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
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
    train.add_argument("--corrections", type=Path, metavar="FILE.npz", help="what users taught")
    train.add_argument(
        "--limit", type=positive, help="use only this many MNIST glyphs: for trying out"
    )

    evaluate = commands.add_parser("evaluate", help="say how good a network is")
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
    """Say which options do not go together; nothing if all do."""
    if options.command == "read" and options.sketch and len(options.photos) > 1:
        return "--sketch draws one photo, not several into one file"
    if options.command == "train" and options.finetune and options.origin:
        return "--finetune goes on from the network's own version, not from --origin"
    return ""
