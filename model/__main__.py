"""The command line: read photos, train, evaluate, choose versions."""

import argparse
import json
import sys
from pathlib import Path

from model.registry import KINDS, Registry


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m model")
    commands = parser.add_subparsers(dest="command", required=True)
    p = commands.add_parser("train")
    p.add_argument("kind", choices=KINDS)
    p.add_argument("--epochs", type=int)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--json", action="store_true")
    p.add_argument("--promote", action="store_true")
    p.add_argument("--finetune", action="store_true")
    p.add_argument("--corrections", type=Path)
    p.add_argument("--limit", type=int)
    p.add_argument("--root", type=Path)
    a = parser.parse_args()
    from model.train import EPOCHS, FINETUNE_EPOCHS, Settings, train

    epochs = a.epochs or (FINETUNE_EPOCHS if a.finetune else EPOCHS)
    train(
        Settings(a.kind, epochs, a.seed, a.finetune, a.limit),
        Registry(a.root),
        lambda e: print(json.dumps(e), flush=True),
        corrections=a.corrections,
        promote=a.promote,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
