"""Menus and descriptions: set where they differ, and only there; failures stop nothing."""

from types import SimpleNamespace, TracebackType
from typing import Any, cast

import pytest
from telegram import BotCommand, BotDescription, BotName, BotShortDescription
from telegram.constants import BotDescriptionLimit, BotNameLimit
from telegram.error import BadRequest, NetworkError

from bot import menus
from bot.services import Services
from bot.texts import Texts


class FakeBot:
    """What Telegram knows of the bot."""

    kept: dict[Any, Any]
    calls: list[str]
    refuses: str

    def __init__(self, token: str, base_url: str) -> None:
        assert (token, base_url) == ("1:x", "http://api/bot")

    async def __aenter__(self) -> "FakeBot":
        if self.refuses == "all":
            raise NetworkError("away")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def _set(self, name: str, key: object, value: object) -> None:
        self.calls.append(name)
        if name == self.refuses:
            raise BadRequest("BOT_TITLE_INVALID")
        self.kept[name, key] = value

    async def get_my_commands(self, scope: Any, code: str | None) -> tuple[BotCommand, ...]:
        return tuple(self.kept.get(("commands", (scope, code)), ()))

    async def set_my_commands(self, commands: Any, scope: Any, code: str | None) -> None:
        self._set("commands", (scope, code), commands)

    async def get_my_name(self, code: str | None) -> BotName:
        return BotName(self.kept.get(("name", code), ""))

    async def set_my_name(self, name: str, code: str | None) -> None:
        self._set("name", code, name)

    async def get_my_description(self, code: str | None) -> BotDescription:
        return BotDescription(self.kept.get(("about", code), ""))

    async def set_my_description(self, text: str, code: str | None) -> None:
        self._set("about", code, text)

    async def get_my_short_description(self, code: str | None) -> BotShortDescription:
        return BotShortDescription(self.kept.get(("short", code), ""))

    async def set_my_short_description(self, text: str, code: str | None) -> None:
        self._set("short", code, text)


@pytest.fixture(autouse=True)
def telegram(monkeypatch: pytest.MonkeyPatch) -> type[FakeBot]:
    FakeBot.kept, FakeBot.calls, FakeBot.refuses = {}, [], ""
    monkeypatch.setattr(menus, "Bot", FakeBot)
    return FakeBot


async def set_menus() -> None:
    services = SimpleNamespace(texts=Texts(), settings=SimpleNamespace(admin_ids={3}))
    await menus.set_menus("1:x", "http://api", cast(Services, services))


async def test_all_is_set_once(telegram: type[FakeBot]) -> None:
    await set_menus()
    languages = len(Texts().languages) + 1  # and users of none of them
    assert len(telegram.calls) == languages * 6
    telegram.calls.clear()
    await set_menus()
    assert telegram.calls == []


async def test_only_what_differs_is_set_again(telegram: type[FakeBot]) -> None:
    await set_menus()
    telegram.calls.clear()
    telegram.kept["about", "ru"] = "old"
    await set_menus()
    assert telegram.calls == ["about"]


async def test_what_telegram_refuses_stops_nothing_else(telegram: type[FakeBot]) -> None:
    telegram.refuses = "name"
    await set_menus()
    assert {name for name, _ in telegram.kept} == {"commands", "about", "short"}


async def test_a_telegram_out_of_reach_is_only_logged(
    telegram: type[FakeBot], caplog: pytest.LogCaptureFixture
) -> None:
    telegram.refuses = "all"
    await set_menus()
    assert "away" in caplog.text and not telegram.kept


@pytest.mark.parametrize("language", Texts().languages)
def test_the_texts_are_as_short_as_telegram_wants(language: str) -> None:
    limits = {
        "bot-name": BotNameLimit.MAX_NAME_LENGTH,
        "bot-description": BotDescriptionLimit.MAX_DESCRIPTION_LENGTH,
        "bot-short-description": BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH,
    }
    for key, most in limits.items():
        assert 0 < len(Texts().say(language, key)) <= most
