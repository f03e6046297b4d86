"""Albums: one answer in the album's order, and no update ends before it is out."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Message, Update, User
from telegram.ext import ContextTypes

from bot.handlers import albums
from bot.handlers.albums import Albums, read_member
from bot.handlers.photos import Read
from bot.services import Services
from preprocessing import UnreadablePhoto
from tests.readings import reading

ANN = User(1, "Ann", is_bot=False)
NOTHING = cast(ContextTypes.DEFAULT_TYPE, None)
SERVICES = cast(Services, SimpleNamespace(say=lambda user, key, **values: f"{key} {values}"))


class Photo:
    """One message of an album; its number is what is read from it."""

    chat_id, media_group_id = 1, "album"

    def __init__(self, message_id: int, said: list[str]) -> None:
        self.message_id, self._said = message_id, said

    async def reply_text(self, text: str, *_: object, **__: object) -> None:
        self._said.append(f"to {self.message_id}: {text}")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(albums, "QUIET", 0.05)


def reads(monkeypatch: pytest.MonkeyPatch, result: Any) -> None:
    """Let `result(number)` stand for fetching and reading a photo."""

    async def read(message: Message, user: User, services: Services) -> Read:
        await asyncio.sleep(0.01)
        return cast(Read, result(message.message_id))

    monkeypatch.setattr(albums, "read", read)


def digit(number: int) -> Read:
    return Read(b"", reading((number, 0.99)), number, chosen=False)


def members(numbers: list[int], said: list[str]) -> list[asyncio.Task[None]]:
    """The handlers of an album's photos, in the order in which they come."""
    known: Albums = {}
    updates = [
        SimpleNamespace(effective_message=Photo(number, said), effective_user=ANN)
        for number in numbers
    ]
    return [
        asyncio.create_task(
            read_member(cast(Update, update), NOTHING, services=SERVICES, albums=known)
        )
        for update in updates
    ]


async def test_no_update_ends_before_the_answer_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = asyncio.Event()
    said: list[str] = []

    async def read(message: Message, user: User, services: Services) -> Read:
        await slow.wait()
        return digit(message.message_id)

    monkeypatch.setattr(albums, "read", read)
    tasks = members([1, 2, 3], said)
    await asyncio.sleep(0.3)
    assert not said and not any(task.done() for task in tasks)
    slow.set()
    await asyncio.gather(*tasks)
    assert len(said) == 1


async def test_photos_that_come_in_disorder_are_numbered_as_they_were_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    reads(monkeypatch, digit)
    await asyncio.gather(*members([3, 1, 2], said))
    (answer,) = said
    assert answer.startswith("to 1: 1. answer-one {'digit': '1'")
    assert [line[:2] for line in answer.removeprefix("to 1: ").splitlines()] == ["1.", "2.", "3."]


async def test_a_bad_photo_has_its_line_and_a_fault_of_ours_is_raised_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []

    def unreadable(number: int) -> Read:
        if number == 2:
            raise UnreadablePhoto
        return digit(number)

    reads(monkeypatch, unreadable)
    await asyncio.gather(*members([1, 2], said))
    assert "2. error-unreadable" in said[0]

    def broken(number: int) -> Read:
        raise RuntimeError(f"ours, at {number}")

    reads(monkeypatch, broken)
    ended = await asyncio.gather(*members([1, 2, 3], said), return_exceptions=True)
    assert [type(end) for end in ended] == [RuntimeError, type(None), type(None)]
    assert len(said) == 1
