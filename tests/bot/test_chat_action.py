"""Chat actions: none for quick answers, some for slow ones, and one busy message."""

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest
from telegram import Update, User
from telegram.error import NetworkError

from bot import chat_action
from bot.chat_action import ChatActions
from bot.services import Services
from tests.conftest import BotProcess
from tests.end_to_end.chat import Chat, words
from tests.end_to_end.faults import Fault, Faults
from tests.pictures import photo_of

ANN, BEN = User(1, "Ann", is_bot=False), User(2, "Ben", is_bot=False)


class Sent:
    """A message that collects its replies."""

    def __init__(self, *, broken: bool = False) -> None:
        self.signs: list[str] = []
        self._broken = broken

    async def reply_chat_action(self, action: str) -> None:
        if self._broken:
            raise NetworkError("away")
        self.signs.append(action)

    async def reply_text(self, text: str, *, do_quote: bool) -> None:
        assert not do_quote, "it could pass for the answer"
        self.signs.append(text)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_action, "ACTION_AFTER", 0.05)
    monkeypatch.setattr(chat_action, "BUSY_AFTER", 0.2)
    monkeypatch.setattr(chat_action, "ACTION_EVERY", 0.1)
    photos = SimpleNamespace(
        check_update=lambda update: isinstance(update.effective_message, Sent)
    )
    monkeypatch.setattr(chat_action, "FOR_US", photos)


@pytest.fixture
def waiting(hurry: None) -> ChatActions:
    return ChatActions(cast(Services, SimpleNamespace(say=lambda user, key: key)))


def update(message: object, user: User = ANN) -> Update:
    return cast(Update, SimpleNamespace(effective_message=message, effective_user=user))


async def wait(waiting: ChatActions, sent: Sent, seconds: float, user: User = ANN) -> list[str]:
    async with waiting(update(sent, user)):
        await asyncio.sleep(seconds)
    return sent.signs


async def test_a_quick_answer_sends_no_chat_action(waiting: ChatActions) -> None:
    assert await wait(waiting, Sent(), 0.02) == []


async def test_a_slow_answer_shows_typing(waiting: ChatActions) -> None:
    assert await wait(waiting, Sent(), 0.12) == ["typing"]


async def test_the_busy_message_is_sent_once_until_the_queue_is_empty(
    waiting: ChatActions,
) -> None:
    first = await wait(waiting, Sent(), 0.5)
    assert first[:3] == ["typing", "busy", "typing"]
    assert len(first) > 3, "the sign of life went out"
    assert "busy" not in await wait(waiting, Sent(), 0.3)
    await wait(waiting, Sent(), 0)
    assert "busy" in await wait(waiting, Sent(), 0.3)


async def test_an_album_gets_one_chat_action_and_two_users_one_each(waiting: ChatActions) -> None:
    photos = [Sent(), Sent(), Sent()]
    users = [ANN, ANN, BEN]
    pairs = zip(photos, users, strict=True)
    await asyncio.gather(*(wait(waiting, photo, 0.12, user) for photo, user in pairs))
    assert [photo.signs for photo in photos] == [["typing"], [], ["typing"]]


async def test_only_photos_get_chat_actions(waiting: ChatActions) -> None:
    async with waiting(update(object())):
        await asyncio.sleep(0.1)


async def test_a_chat_action_that_fails_does_not_affect_the_answer(waiting: ChatActions) -> None:
    assert await wait(waiting, Sent(broken=True), 0.3) == []


async def test_an_error_of_the_handler_is_raised(waiting: ChatActions) -> None:
    with pytest.raises(ValueError, match="ours"):
        async with waiting(update(Sent())):
            raise ValueError("ours")


@pytest.mark.prelude("from bot import chat_action; chat_action.BUSY_AFTER = 2.0")
async def test_a_photo_that_takes_long_gets_one_busy_message_and_its_answer(
    bot: BotProcess, chat: Chat, faults: Faults
) -> None:
    faults.order(Fault("file", "slow", seconds=3.0))
    ann = chat.user(1)
    sent = await ann.photo(photo_of("7"))
    answer = await ann.reply_to(sent)
    assert words(answer).startswith("7 · ")
    said = [words(message) for message in ann.messages() if message["from"]["is_bot"]]
    assert [text[:11] for text in said] == ["Many photos", words(answer)[:11]]
    assert {"type": "action", "chat": 1, "action": "typing"} in chat.events
