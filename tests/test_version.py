import json
from pathlib import Path

import pytest

from model.registry import KINDS, Registry
from model.version import CARD, VersionError
from tests.versions import copy_version, rewrite_card, spoil_network


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


def test_a_spoilt_network_is_not_the_one_of_its_card(tmp_path: Path) -> None:
    spoil_network(copy_version(tmp_path, "clean", "a"))
    with pytest.raises(VersionError, match="not the network"):
        Registry(tmp_path).find("clean", "a").check()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"litert_difference": 1e-4}, "otherwise in LiteRT"),
        ({"kind": "noisy"}, "not the network"),
        ({"tflite_sha256": None}, "not the network"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(
    changes: dict[str, object], reason: str, tmp_path: Path
) -> None:
    rewrite_card(copy_version(tmp_path, "clean", "a"), **changes)
    with pytest.raises(VersionError, match=reason):
        Registry(tmp_path).find("clean", "a").check()


@pytest.mark.parametrize("entry", ["temperature", "unsure_below", "scores"])
def test_a_card_that_lacks_something_is_refused(entry: str, tmp_path: Path) -> None:
    path = copy_version(tmp_path, "clean", "a") / CARD
    card = json.loads(path.read_text())
    del card[entry]
    path.write_text(json.dumps(card))
    with pytest.raises(VersionError, match="incomplete"):
        Registry(tmp_path).find("clean", "a").check()


def test_a_cut_card_is_refused(tmp_path: Path) -> None:
    (copy_version(tmp_path, "clean", "a") / CARD).write_text('{"kind": "cle')
    with pytest.raises(VersionError, match="no readable card"):
        Registry(tmp_path).find("clean", "a").check()
