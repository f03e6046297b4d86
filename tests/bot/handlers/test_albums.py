"""Albums: one answer in the album's order, also for photos that arrive late."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from telegram import Message, Update, User
from telegram.ext import ContextTypes

from bot.handlers import albums
from bot.handlers.albums import READ_AT_ONCE, read_album
from bot.handlers.photos import Read
from bot.pictures.album import AlbumPhoto
from bot.services import Services
from bot.store.tables import UserRow
from bot.update_context import UpdateContext, current
from preprocessing import UnreadablePhoto
from tests.readings import reading, row_of

ANN = User(1, "Ann", is_bot=False)
NOTHING = cast(ContextTypes.DEFAULT_TYPE, None)


async def draw(make: object, photos: list[AlbumPhoto]) -> bytes:
    """Return the numbers of the photos in place of the picture."""
    return " ".join(str(photo.number) for photo in photos).encode()


class Limits:
    seconds_until_full = 50

    def __init__(self, count: int) -> None:
        self.left, self.told = count, False

    async def take(self, user_id: int) -> bool:
        self.left -= 1
        return self.left >= 0

    async def may_notify(self, user_id: int) -> bool:
        told, self.told = self.told, True
        return not told


def services(photos: int = 1000) -> Services:
    """Return services whose limit allows so many photos."""
    return cast(
        Services,
        SimpleNamespace(
            say=lambda user, key, **values: f"{key} {values}",
            draw=draw,
            limits=Limits(photos),
            store=SimpleNamespace(user=lambda user_id: UserRow(id=user_id)),
            settings=SimpleNamespace(photos_per_minute=12),
        ),
    )


class Photo:
    """One message of an album; its reading is its number."""

    chat_id, media_group_id = 1, "album"

    def __init__(self, message_id: int, said: list[str], shown: list[str]) -> None:
        self.message_id, self._said, self._shown = message_id, said, shown

    async def reply_text(self, text: str, *_: object, **__: object) -> None:
        self._said.append(f"to {self.message_id}: {text}")

    async def reply_photo(self, picture: bytes, text: str, **_: object) -> None:
        self._said.append(f"to {self.message_id}: {text}")
        self._shown.append(picture.decode())


def reads(monkeypatch: pytest.MonkeyPatch, result: Any) -> None:
    """Replace download and reading of a photo by `result(number)`."""

    async def read(message: Message, user: User, services: Services) -> Read:
        return cast(Read, result(message.message_id))

    monkeypatch.setattr(albums, "read", read)


def digit(number: int) -> Read:
    return Read(b"", reading((number, 0.99)), row_of((number, 0.99), row_id=number))


def updates(numbers: list[int], said: list[str], shown: list[str] | None = None) -> list[Update]:
    shown = [] if shown is None else shown
    messages = [Photo(number, said, shown) for number in numbers]
    made = [SimpleNamespace(effective_message=one, effective_user=ANN) for one in messages]
    return cast(list[Update], made)


async def answer(album: list[Update], *late: list[Update], photos: int = 1000) -> UpdateContext:
    """Handle an album of which the photos in `late` arrive while it is read."""
    coming = [*late, []]

    async def come() -> list[Update]:
        return coming.pop(0)

    work = UpdateContext(1, updates=album, late=come)
    current.set(work)
    places = asyncio.Semaphore(READ_AT_ONCE)
    await read_album(album[0], NOTHING, services=services(photos), places=places)
    return work


async def test_photos_that_come_late_are_in_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    reads(monkeypatch, digit)
    await answer(updates([2, 3], said), updates([1], said), updates([5, 4], said))
    assert len(said) == 1 and said[0].startswith("to 1: 1. ") and "\n5. " in said[0]


async def test_photos_beyond_the_limit_are_not_read_and_one_message_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    reads(monkeypatch, digit)
    await answer(updates([1, 2, 3, 4], said), photos=2)
    refusal, answered = said
    assert "error-too-many" in refusal and "2. " in answered and "3. " not in answered
    said.clear()
    work = await answer(updates([5, 6], said), photos=0)
    assert len(said) == 1 and work.outcome == "limited"


async def test_photos_that_come_in_disorder_are_numbered_as_they_were_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    reads(monkeypatch, digit)
    await answer(updates([3, 1, 2], said))
    (text,) = said
    assert text.startswith("to 1: 1. answer-one {'digit': '1'")
    assert [line[:2] for line in text.removeprefix("to 1: ").splitlines()] == ["1.", "2.", "3."]


async def test_a_photo_error_is_a_line_of_the_answer_and_other_errors_are_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []

    def unreadable(number: int) -> Read:
        if number == 2:
            raise UnreadablePhoto
        return digit(number)

    shown: list[str] = []
    reads(monkeypatch, unreadable)
    await answer(updates([1, 2, 3], said, shown))
    assert "2. error-unreadable" in said[0]
    assert shown == ["1 3"]

    def broken(number: int) -> Read:
        raise RuntimeError(f"ours, at {number}")

    reads(monkeypatch, broken)
    with pytest.raises(RuntimeError, match="ours, at 1"):
        await answer(updates([1, 2, 3], said))
    assert len(said) == 1


async def test_many_photos_are_read_a_few_at_once_and_answered_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once, most = 0, 0

    async def read(message: Message, user: User, services: Services) -> Read:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        return digit(message.message_id)

    monkeypatch.setattr(albums, "read", read)
    said: list[str] = []
    await answer(updates(list(range(3 * READ_AT_ONCE)), said))
    assert most == READ_AT_ONCE
    assert len(said) == 1


async def test_what_is_too_long_for_a_caption_is_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    shown: list[str] = []
    long = [(1, 0.99)] * 290
    reads(monkeypatch, lambda number: Read(b"", reading(*long), row_of(*long, row_id=number)))
    await answer(updates([1, 2, 3, 4], said, shown))
    assert len(said) == 1 and len(said[0]) > 1024 and not shown
