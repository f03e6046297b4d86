from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook as it lies in the project."""
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
# Jupyter's own: it opens its channels on loopback, and its client leaves a loop behind.
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_every_cell_runs(path: Path) -> None:
    notebook = read(path)
    folder = {"metadata": {"path": str(path.parent)}}  # as `jupyter execute` has it
    NotebookClient(notebook, timeout=100, resources=folder).execute()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stored_for_who_only_looks(path: Path) -> None:
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert len(cells) > 5
    pictures = [
        out for cell in cells for out in cell.outputs if "image/png" in out.get("data", {})
    ]
    assert len(pictures) >= 5
    assert not [out for cell in cells for out in cell.outputs if out.output_type == "error"]


def test_there_are_two() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["cnn_basics", "mnist"]
