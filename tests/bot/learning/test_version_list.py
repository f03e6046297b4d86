"""The list of versions: the serving one is marked, only deletable ones have "delete"."""

import json
from functools import partial
from pathlib import Path

import pytest

from bot.learning.version_list import (
    LISTED,
    delete_buttons,
    promote_button,
    promote_sure_button,
    version_buttons,
    version_lines,
)
from bot.texts import Texts
from model.classes import KINDS
from model.registry import SHIPPED, Registry, Version

SAY = partial(Texts().say, "en", kind="clean")
NAME = "20261123-043344-420"


@pytest.fixture
def versions(tmp_path: Path) -> list[Version]:
    """A shipped version, one with a broken card, a valid one."""
    shipped = Registry(SHIPPED).serving("clean")
    broken, sound = (Version("clean", f"2999010{n}", tmp_path / str(n)) for n in (1, 2))
    for version in (broken, sound):
        version.folder.mkdir()
    card = shipped.card()
    card["data"]["corrections"] = 20
    (sound.folder / "card.json").write_text(json.dumps(card))
    (sound.folder / "model.tflite").write_bytes((shipped.folder / "model.tflite").read_bytes())
    (broken.folder / "card.json").write_text("{")
    return [shipped, broken, sound]


def test_versions_are_listed_newest_first_with_what_is_known(versions: list[Version]) -> None:
    text = version_lines(SAY, versions, versions[0].name, {"29990102": 3})
    _, newest, broken, shipped = text.split("\n\n")
    assert newest.startswith("○ <b>29990102</b>")
    assert "20 corrections · trained by 3" in newest and "99." in newest
    assert broken == "✗ <b>29990101</b>: cannot be loaded"
    assert (
        shipped.startswith(f"● <b>{versions[0].name}</b>, in use")
        and "came with the bot" in shipped
    )


def test_neither_the_serving_nor_a_shipped_version_can_be_deleted(
    versions: list[Version],
) -> None:
    def offered(serving: str) -> list[str]:
        buttons = version_buttons(SAY, versions, serving)
        assert buttons
        return [str(b.callback_data) for row in buttons.inline_keyboard for b in row]

    shipped = versions[0].name
    assert offered("29990102") == [
        *("serve:clean:29990101", "delete?:clean:29990101"),
        f"serve:clean:{shipped}",
    ]
    assert "delete?:clean:29990102" in offered(shipped)
    assert version_buttons(SAY, versions[:1], shipped) is None


def test_at_most_the_newest_versions_are_listed(tmp_path: Path) -> None:
    many = [Version("clean", f"{n:08}", tmp_path / str(n)) for n in range(LISTED + 5)]
    assert version_lines(SAY, many, "", {}).count("✗") == LISTED


@pytest.mark.parametrize("make", [delete_buttons, promote_button, promote_sure_button])
@pytest.mark.parametrize("kind", KINDS)
def test_data_of_buttons_fits_into_telegrams_64_bytes(make: object, kind: str) -> None:
    assert callable(make)
    keyboard = make(SAY, kind, NAME).inline_keyboard
    assert all(len(str(b.callback_data)) <= 64 for row in keyboard for b in row)
