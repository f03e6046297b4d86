"""Albums: one answer in the album's order, and no update ends before it is out."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError
from telegram import Message, Update, User
from telegram.ext import ContextTypes

from bot.handlers import albums
from bot.handlers.albums import Albums, read_member
from bot.handlers.photos import Read
from bot.pictures.album import AlbumPhoto
from bot.services import Services
from bot.store.tables import UserRow
from preprocessing import UnreadablePhoto
from tests.readings import reading, row_of

ANN = User(1, "Ann", is_bot=False)
NOTHING = cast(ContextTypes.DEFAULT_TYPE, None)


async def draw(make: object, photos: list[AlbumPhoto]) -> bytes:
    """Stands for the picture: the numbers of the photos in it."""
    return " ".join(str(photo.number) for photo in photos).encode()


SERVICES = cast(
    Services,
    SimpleNamespace(
        say=lambda user, key, **values: f"{key} {values}",
        draw=draw,
        store=SimpleNamespace(user=lambda user_id: UserRow(id=user_id)),
    ),
)


class Photo:
    """One message of an album; its number is what is read from it."""

    chat_id, media_group_id = 1, "album"

    def __init__(self, message_id: int, said: list[str], shown: list[str]) -> None:
        self.message_id, self._said, self._shown = message_id, said, shown

    async def reply_text(self, text: str, *_: object, **__: object) -> None:
        self._said.append(f"to {self.message_id}: {text}")

    async def reply_photo(self, picture: bytes, text: str, **_: object) -> None:
        self._said.append(f"to {self.message_id}: {text}")
        self._shown.append(picture.decode())


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
    return Read(b"", reading((number, 0.99)), row_of((number, 0.99), row_id=number))


def members(
    numbers: list[int],
    said: list[str],
    shown: list[str] | None = None,
    known: Albums | None = None,
) -> list[asyncio.Task[None]]:
    """The handlers of an album's photos, in the order in which they come."""
    shown = [] if shown is None else shown
    known = known or Albums()
    updates = [
        SimpleNamespace(effective_message=Photo(number, said, shown), effective_user=ANN)
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


async def test_a_photo_that_comes_late_to_a_busy_machine_is_in_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def read(message: Message, user: User, services: Services) -> Read:
        await asyncio.sleep(8 * albums.QUIET)
        return digit(message.message_id)

    said: list[str] = []
    monkeypatch.setattr(albums, "read", read)
    known = Albums()
    early = asyncio.gather(*members([1, 2], said, known=known))
    await asyncio.sleep(3 * albums.QUIET)
    await asyncio.gather(early, *members([3], said, known=known))
    assert len(said) == 1 and "\n3. " in said[0]


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

    shown: list[str] = []
    reads(monkeypatch, unreadable)
    await asyncio.gather(*members([1, 2, 3], said, shown))
    assert "2. error-unreadable" in said[0]
    assert shown == ["1 3"]

    def broken(number: int) -> Read:
        raise RuntimeError(f"ours, at {number}")

    reads(monkeypatch, broken)
    ended = await asyncio.gather(*members([1, 2, 3], said), return_exceptions=True)
    assert [type(end) for end in ended] == [RuntimeError, type(None), type(None)]
    assert len(said) == 1


async def test_all_come_again_where_the_store_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(number: int) -> Read:
        if number == 2:
            raise OperationalError("INSERT", {}, Exception("database is locked"))
        return digit(number)

    said: list[str] = []
    reads(monkeypatch, locked)
    ended = await asyncio.gather(*members([1, 2, 3], said), return_exceptions=True)
    assert [type(end) for end in ended] == [OperationalError] * 3
    assert not said


async def test_many_photos_are_read_a_few_at_once_and_answered_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once, most = 0, 0

    async def read(message: Message, user: User, services: Services) -> Read:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(albums.QUIET)
        at_once -= 1
        return digit(message.message_id)

    monkeypatch.setattr(albums, "read", read)
    said: list[str] = []
    await asyncio.gather(*members(list(range(3 * albums.READ_AT_ONCE)), said))
    assert most == albums.READ_AT_ONCE
    assert len(said) == 1


async def test_what_is_too_long_for_a_caption_is_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    shown: list[str] = []
    long = [(1, 0.99)] * 290
    reads(monkeypatch, lambda number: Read(b"", reading(*long), row_of(*long, row_id=number)))
    await asyncio.gather(*members([1, 2, 3, 4], said, shown))
    assert len(said) == 1 and len(said[0]) > 1024 and not shown
