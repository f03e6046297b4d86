import json
import subprocess
import sys
from pathlib import Path

import pytest

from model import registry
from model.classes import KINDS
from model.registry import CARD, SHIPPED, Registry, VersionError
from tests.versions import copy_version, rewrite_card, spoil_network


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_root_serves_what_is_shipped(kind: str, tmp_path: Path) -> None:
    version = Registry(tmp_path).serving(kind)
    assert version.folder.parent == SHIPPED / kind
    assert version.card()["parameters"] <= 400_000


def test_a_promoted_version_serves_until_it_is_rolled_back(tmp_path: Path) -> None:
    versions = Registry(tmp_path)
    shipped = versions.serving("clean")
    for name in ("30000101-a", "30000101-b"):
        copy_version(tmp_path, "clean", name)
        versions.promote("clean", name)
        assert versions.serving("clean").name == name
    assert versions.rollback("clean").name == "30000101-a"
    assert versions.rollback("clean") == shipped
    with pytest.raises(VersionError, match="before"):
        versions.rollback("clean")


def test_versions_are_listed_oldest_first_and_do_not_serve_of_themselves(tmp_path: Path) -> None:
    versions = Registry(tmp_path)
    shipped = versions.serving("noisy")
    for name in ("30000101-a", "19990101-a"):
        copy_version(tmp_path, "noisy", name)
    names = [version.name for version in versions.list("noisy")]
    assert names == ["19990101-a", shipped.name, "30000101-a"]
    assert versions.serving("noisy") == shipped


def test_a_root_is_the_same_however_it_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(registry, "SHIPPED", tmp_path / "weights")
    monkeypatch.setattr("model.registry.SHIPPED", tmp_path / "weights")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "weights" / "clean" / "a").mkdir(parents=True)
    (tmp_path / "weights" / "clean" / "a" / CARD).write_text("{}")
    pointer = tmp_path / "weights" / "clean" / "serving"
    pointer.write_text("a\n")
    versions = Registry(Path("weights"))
    assert versions.find("clean", "a").shipped
    with pytest.raises(VersionError, match="before"):
        versions.rollback("clean")
    assert pointer.read_text() == "a\n"


def test_what_fails_while_it_is_written_is_never_listed(tmp_path: Path) -> None:
    versions = Registry(tmp_path)
    before = versions.list("clean")
    with pytest.raises(OSError, match="disk full"), versions.add("clean") as version:
        (version.folder / CARD).write_text("{}")
        assert versions.list("clean") == before
        raise OSError("disk full")
    assert versions.list("clean") == before
    assert list((tmp_path / "clean").iterdir()) == []


def test_what_a_killed_process_leaves_is_never_listed(tmp_path: Path) -> None:
    code = f"""
import time
from pathlib import Path
from model.registry import Registry
from model.classes import KINDS

with Registry(Path({str(tmp_path)!r})).add("clean") as version:
    (version.folder / "{CARD}").write_text("{{}}")
    print("half", flush=True)
    time.sleep(60)
"""
    versions = Registry(tmp_path)
    before = versions.list("clean")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:  # noqa: S603
        assert child.stdout
        assert child.stdout.readline() == b"half\n"
        child.kill()
    assert list(tmp_path.rglob(CARD)), "nothing half done was left"
    assert versions.list("clean") == before


def test_what_was_added_whole_is_listed(tmp_path: Path) -> None:
    versions = Registry(tmp_path)
    with versions.add("clean") as version:
        (version.folder / CARD).write_text("{}")
    assert versions.find("clean", version.name).folder == tmp_path / "clean" / version.name


def test_a_broken_version_is_refused_and_the_former_one_serves(tmp_path: Path) -> None:
    versions = Registry(tmp_path)
    shipped = versions.serving("clean")
    folder = copy_version(tmp_path, "clean", "30000101-a")
    versions.promote("clean", "30000101-a")
    spoil_network(folder)
    assert versions.serving("clean") == shipped
    with pytest.raises(VersionError, match="not the network"):
        versions.promote("clean", "30000101-a")


def test_only_idle_trained_versions_can_be_deleted(tmp_path: Path) -> None:
    versions = Registry(tmp_path)
    copy_version(tmp_path, "clean", "30000101-a")
    copy_version(tmp_path, "clean", "30000101-b")
    versions.promote("clean", "30000101-b")
    versions.delete("clean", "30000101-a")
    assert "30000101-a" not in [version.name for version in versions.list("clean")]
    with pytest.raises(VersionError, match="serves"):
        versions.delete("clean", "30000101-b")
    with pytest.raises(VersionError, match="came with"):
        versions.delete("clean", Registry(tmp_path / "empty").serving("clean").name)
    with pytest.raises(VersionError, match="no clean version"):
        versions.delete("clean", "never")


def test_the_root_follows_data_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATA_DIR", raising=False)
    assert registry.default_root() == Path("data/models")
    (tmp_path / ".env").write_text("DATA_DIR=elsewhere\n")
    assert registry.default_root() == Path("elsewhere/models")
    monkeypatch.setenv("DATA_DIR", "here")
    assert registry.default_root() == Path("here/models")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_shipped_is_fit_to_serve_and_a_copy_is_not_shipped(
    kind: str, tmp_path: Path
) -> None:
    versions = Registry(tmp_path)
    shipped = versions.serving(kind)
    assert shipped.shipped
    assert shipped.check() == shipped.card()
    copy_version(tmp_path, kind, "a")
    assert not versions.find(kind, "a").shipped


def test_a_changed_network_is_not_the_one_of_its_card(tmp_path: Path) -> None:
    spoil_network(copy_version(tmp_path, "clean", "a"))
    with pytest.raises(VersionError, match="not the network"):
        Registry(tmp_path).find("clean", "a").check()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"litert_difference": 1e-4}, "otherwise in LiteRT"),
        ({"kind": "noisy"}, "not the network"),
        ({"tflite_sha256": None}, "damaged: tflite_sha256"),
        ({"tflite_sha256": "0" * 64}, "not the network"),
        ({"litert_difference": None}, "damaged: litert_difference"),
        ({"litert_difference": float("nan")}, "otherwise in LiteRT"),
        ({"temperature": None}, "damaged: temperature"),
        ({"temperature": 0}, "damaged: temperature"),
        ({"temperature": -1.0}, "damaged: temperature"),
        ({"temperature": "1.0"}, "damaged: temperature"),
        ({"temperature": float("inf")}, "damaged: temperature"),
        ({"unsure_below": []}, "damaged: unsure_below"),
        ({"odd_below": float("nan")}, "damaged: odd_below"),
        ({"created": "yesterday"}, "damaged: created"),
        ({"scores": {}}, "damaged: scores.mnist_validation"),
        ({"data": None}, "damaged: data"),
        ({"preprocessing": "7"}, "recipe 7"),
        ({"preprocessing": "13"}, "recipe 13"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(
    changes: dict[str, object], reason: str, tmp_path: Path
) -> None:
    rewrite_card(copy_version(tmp_path, "clean", "a"), **changes)
    with pytest.raises(VersionError, match=reason):
        Registry(tmp_path).find("clean", "a").check()


@pytest.mark.parametrize(
    "entry", ["temperature", "unsure_below", "odd_below", "preprocessing", "scores"]
)
def test_a_card_that_lacks_something_is_refused(entry: str, tmp_path: Path) -> None:
    path = copy_version(tmp_path, "clean", "a") / CARD
    card = json.loads(path.read_text())
    del card[entry]
    path.write_text(json.dumps(card))
    with pytest.raises(VersionError, match=f"damaged: {entry}"):
        Registry(tmp_path).find("clean", "a").check()


def test_a_cut_card_is_refused(tmp_path: Path) -> None:
    (copy_version(tmp_path, "clean", "a") / CARD).write_text('{"kind": "cle')
    with pytest.raises(VersionError, match="damaged"):
        Registry(tmp_path).find("clean", "a").check()
