"""Whether the bot's calls keep to the Bot API's types, which aiogram declares."""

import json
import subprocess
from collections.abc import Collection
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = HERE.parents[1] / ".venv" / "schema" / "bin" / "python"  # made by `make test`


def violations(calls: Collection[str]) -> list[str]:
    """Return what is wrong with calls, each as JSON [method, fields]."""
    done = subprocess.run(  # noqa: S603 - the two files are the project's own
        [PYTHON, HERE / "check.py"],
        input="\n".join(calls),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and not done.stdout.strip():
        raise RuntimeError(done.stderr)
    return done.stdout.strip().splitlines()


def call(method: str, **fields: object) -> str:
    """Return a call as `violations` takes it."""
    return json.dumps([method, fields])
