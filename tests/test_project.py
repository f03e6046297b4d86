"""The project's own promises: which room imports which, what is documented, what is packed."""

import ast
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from alembic.script import ScriptDirectory
from numpy.typing import NDArray

from bot.settings import Settings
from bot.store.migration import MIGRATIONS

ROOT = Path(__file__).parents[1]
ROOMS = {"preprocessing", "model", "bot"}
MAY_IMPORT = {"preprocessing": set(), "model": {"preprocessing"}, "bot": ROOMS}
HEAVY = {"tensorflow", "keras", "matplotlib"}
TRAINING = ("model.training", "model.evaluation")  # folders that import TensorFlow or matplotlib


def sources(room: str) -> Iterator[Path]:
    return (ROOT / room).rglob("*.py")


def imported(source: Path) -> set[str]:
    """The modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_arrows_between_rooms_point_one_way(room: str) -> None:
    allowed = MAY_IMPORT[room] | {room}
    for source in sources(room):
        tops = {name.split(".")[0] for name in imported(source)}
        assert tops & ROOMS <= allowed, f"{source.name} imports {tops & ROOMS - allowed}"


def test_the_bot_imports_no_training_modules() -> None:
    forbidden = (*TRAINING, *HEAVY)
    for source in sources("bot"):
        assert not [name for name in imported(source) if name.startswith(forbidden)], source


@pytest.mark.parametrize("module", ["model.reader", "bot.app", "bot.__main__"])
def test_serving_loads_no_tensorflow(module: str) -> None:
    code = f"import sys, {module}; sys.exit(bool({HEAVY!r} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)  # noqa: S603


def test_env_example_names_every_setting_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert shown == {
        name.upper(): _written(field.default) for name, field in Settings.model_fields.items()
    }


def test_every_setting_is_explained() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for above, line in pairwise(lines):
        if re.match(r"[A-Z_]+=", line):
            assert above.startswith("# "), line


def test_the_readmes_tree_is_the_projects() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = re.search(r"```\n(preprocessing/.*?)```", readme, re.DOTALL)
    assert tree
    named = [line.split()[0] for line in tree[1].splitlines() if line[0] != " "]
    assert sorted(named) == sorted(_folders())


@pytest.mark.parametrize("page", ["README.md", "SECURITY.md"])
def test_every_test_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(
        r"`(?:tests/)?([\w/]*test_\w+\.py)(?:::(\w+))?", (ROOT / page).read_text(encoding="utf-8")
    )
    assert named
    for file, name in named:
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert f"def {name}(" in source if name else source, f"{file}::{name}"


def test_each_migration_follows_another_one() -> None:
    folder = ROOT / "bot/store/migrations/versions"
    text = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    known, followed = (
        re.findall(rf'^{name} = "(.*)"$', text, re.MULTILINE)
        for name in ("revision", "down_revision")
    )
    assert len(set(known)) == len(known) > 1
    assert len(set(known) - set(followed)) == 1, "which one is the newest?"
    assert len(followed) == len(set(followed)) == len(known) - 1, "two follow the same one"


def test_mnist_is_the_original() -> None:
    """The MD5s are those of the four IDX files, headers included."""
    with np.load(ROOT / "model" / "data" / "mnist.npz") as mnist:
        sums = {name: _md5_as_idx(mnist[name]) for name in mnist}
    assert sums == {
        "x_train": "6bbc9ace898e44ae57da46a324031adb",
        "y_train": "a25bea736e30d166cdddb491f175f624",
        "x_test": "2646ac647ad5339dbf082846283269ea",
        "y_test": "27ae3e4e09519cfbb04c329615203637",
    }


def _written(default: object) -> str:
    """A default as `.env.example` shows it; nothing for none and for an empty set."""
    return "" if default is None or default == frozenset() else str(default)


def _folders() -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    tops = {path.split("/")[0] + "/" for path in listed if "/" in path}
    return {top for top in tops if not top.startswith(".")}


def _md5_as_idx(array: NDArray[np.uint8]) -> str:
    """IDX: two zero bytes, type 8 (unsigned byte), the number of sizes, the sizes, the values."""
    sizes = np.array(array.shape, ">i4").tobytes()
    content = bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def test_migrations_are_one_line() -> None:
    """Two that follow the same one keep every bot from starting."""
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
