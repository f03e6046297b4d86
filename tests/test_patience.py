"""Patience: quick answers cost no sign of life, slow ones show it, "busy" is said once."""

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest
from telegram import Message, User
from telegram.error import NetworkError

from bot import patience
from bot.services import Services

ANN = User(1, "Ann", is_bot=False)


class Sent:
    """A message whose answers are noted."""

    def __init__(self, *, broken: bool = False) -> None:
        self.signs: list[str] = []
        self._broken = broken

    async def reply_chat_action(self, action: str) -> None:
        if self._broken:
            raise NetworkError("away")
        self.signs.append(action)

    async def reply_text(self, text: str) -> None:
        self.signs.append(text)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "ACTION_AFTER", 0.05)
    monkeypatch.setattr(patience, "BUSY_AFTER", 0.2)
    monkeypatch.setattr(patience, "ACTION_EVERY", 0.1)


@pytest.fixture
def services() -> Services:
    return cast(Services, SimpleNamespace(told_busy=set(), say=lambda user, key: key))


async def work(sent: Sent, services: Services, seconds: float) -> list[str]:
    async with patience.patience(cast(Message, sent), ANN, services):
        await asyncio.sleep(seconds)
    return sent.signs


async def test_a_quick_answer_costs_nothing(services: Services) -> None:
    assert await work(Sent(), services, 0.02) == []


async def test_a_slow_answer_shows_typing(services: Services) -> None:
    assert await work(Sent(), services, 0.12) == ["typing"]


async def test_busy_is_said_once_until_the_queue_is_gone(services: Services) -> None:
    first = await work(Sent(), services, 0.5)
    assert first[:3] == ["typing", "busy", "typing"]
    assert len(first) > 3, "the sign of life went out"
    assert "busy" not in await work(Sent(), services, 0.3)
    await work(Sent(), services, 0)
    assert "busy" in await work(Sent(), services, 0.3)


async def test_a_sign_that_cannot_be_sent_does_no_harm(services: Services) -> None:
    assert await work(Sent(broken=True), services, 0.3) == []


async def test_the_answers_own_error_comes_through(services: Services) -> None:
    with pytest.raises(ValueError, match="ours"):
        async with patience.patience(cast(Message, Sent()), ANN, services):
            raise ValueError("ours")
