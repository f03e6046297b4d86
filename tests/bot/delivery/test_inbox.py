"""The inbox: updates are stored unchanged, with the turn of their user."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from signal import SIGTERM
from typing import Any

import pytest
import pytest_asyncio
from telegram import InaccessibleMessage
from telegram.error import NetworkError
from telegram.ext import ExtBot

from bot.delivery.inbox import Inbox, arrival, parse_update
from bot.store.engine import open_database
from bot.store.store import Store
from tests.stores import store_in
from tests.updates import raw_update

# Telegram's JSON of a message that the bot cannot see, and of one that PTB cannot parse: its
# Poll asks for a field that a server of another version leaves out.
UNSEEN = {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private", "first_name": "A"}}
POLL = {"id": "1", "question": "?", "options": [{"text": "a", "voter_count": 0}]}
ANN = {"id": 7, "first_name": "Ann", "is_bot": False}
PRIVATE, GROUP = {"id": 7, "type": "private"}, {"id": -5, "type": "group"}


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with store_in(tmp_path) as store:
        yield store


def message(**content: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"message_id": 3, "date": 1, "chat": PRIVATE, **content}}


def test_a_users_turn_is_the_same_in_all_chats_and_for_taps() -> None:
    tap = {"update_id": 2, "callback_query": {"id": "4", "from": ANN, "data": "x"}}
    in_group = message(**{"from": ANN}, chat=GROUP)
    assert [arrival(raw).turn for raw in (message(**{"from": ANN}), in_group, tap)] == [7, 7, 7]
    assert arrival(message(chat=GROUP)).turn == -5, "nobody sent it"


def test_an_album_is_one_in_every_chat() -> None:
    private = arrival(message(**{"from": ANN}, media_group_id="a"))
    group = arrival(message(**{"from": ANN}, media_group_id="a", chat=GROUP))
    assert (private.album, private.message_id) == ("a", 3)
    assert (group.album, group.message_id) == ("a", None)


def test_a_message_in_a_chats_name_has_the_chats_turn() -> None:
    """Telegram gives the anonymous admins of all groups the same user id."""
    anonymous = {"from": {"id": 1087968824}, "sender_chat": GROUP, "chat": GROUP}
    assert arrival(message(**anonymous)).turn == GROUP["id"]


@pytest.mark.parametrize(
    "content", [{}, {"message": 5}, {"message": {"from": "x", "chat": [], "media_group_id": 5}}]
)
def test_malformed_updates_are_stored_and_parsed(content: dict[str, Any]) -> None:
    raw = {"update_id": 1, **content}
    assert arrival(raw).turn == 0
    assert parse_update(raw, ExtBot("1:x")).update_id == 1


@pytest.mark.parametrize("content", [{"poll": POLL}, {"photo": 5}])
def test_an_update_that_cannot_be_parsed_is_one_without_content(
    content: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    odd = parse_update(raw_update(2, **content), ExtBot("1:x"))
    assert odd.update_id == 2 and not odd.message
    assert "update 2 (message) is skipped" in caplog.text


async def test_an_inaccessible_message_is_stored_unchanged(store: Store) -> None:
    await Inbox(store).receive([raw_update(1, pinned_message=UNSEEN)])
    claim = await store.updates.claim("owner")
    assert claim
    pin = parse_update(json.loads(claim.payloads[1]), ExtBot("1:x"))
    assert pin.message and isinstance(pin.message.pinned_message, InaccessibleMessage)


async def test_a_store_that_cannot_be_written_makes_polling_ask_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged store also ends the bot, so that the next start renames the file."""
    signals: list[int] = []
    monkeypatch.setattr("signal.raise_signal", signals.append)
    (tmp_path / "bot.db").write_bytes(b"not a database" * 100)
    damaged = Store(open_database(f"sqlite:///{tmp_path / 'bot.db'}"))
    with pytest.raises(NetworkError):
        await Inbox(damaged).receive([raw_update(1)])
    assert signals == [SIGTERM]
    await damaged.close()
