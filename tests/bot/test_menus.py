"""Menus and descriptions: only those that differ are set; a failed call stops no other."""

from datetime import timedelta
from types import SimpleNamespace, TracebackType
from typing import Any, cast

import pytest
from telegram import (
    BotCommand,
    BotDescription,
    BotShortDescription,
    MenuButton,
    MenuButtonCommands,
    MenuButtonDefault,
    MenuButtonWebApp,
    WebAppInfo,
)
from telegram.constants import BotDescriptionLimit
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot import menus
from bot.services import Services
from bot.texts import Texts


class FakeBot:
    """Stub of Telegram: the bot's profile, and the calls that change it."""

    kept: dict[Any, Any]
    calls: list[str]
    refuses: str
    late: int  # calls that get RetryAfter
    button: MenuButton

    def __init__(self, token: str, base_url: str, **_: object) -> None:
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
        if FakeBot.late:
            FakeBot.late -= 1
            raise RetryAfter(timedelta(seconds=7))
        if name == self.refuses:
            raise BadRequest("BOT_TITLE_INVALID")
        self.kept[name, key] = value

    async def get_my_commands(self, scope: Any, code: str | None) -> tuple[BotCommand, ...]:
        return tuple(self.kept.get(("commands", (scope, code)), ()))

    async def set_my_commands(self, commands: Any, scope: Any, code: str | None) -> None:
        self._set("commands", (scope, code), commands)

    async def get_my_description(self, code: str | None) -> BotDescription:
        return BotDescription(self.kept.get(("about", code), ""))

    async def set_my_description(self, text: str, code: str | None) -> None:
        self._set("about", code, text)

    async def get_my_short_description(self, code: str | None) -> BotShortDescription:
        return BotShortDescription(self.kept.get(("short", code), ""))

    async def set_my_short_description(self, text: str, code: str | None) -> None:
        self._set("short", code, text)

    async def get_chat_menu_button(self) -> MenuButton:
        return self.button

    async def set_chat_menu_button(self, *, menu_button: MenuButton) -> None:
        FakeBot.button = menu_button


@pytest.fixture(autouse=True)
def telegram(monkeypatch: pytest.MonkeyPatch) -> type[FakeBot]:
    FakeBot.kept, FakeBot.calls, FakeBot.refuses, FakeBot.late = {}, [], "", 0
    FakeBot.button = MenuButtonCommands()
    monkeypatch.setattr(menus, "Bot", FakeBot)
    return FakeBot


async def set_menus(webhook_url: str = "") -> set[int]:
    """Call `set_menus` and return the admins whose menu was set."""
    settings = SimpleNamespace(admin_ids={3}, webhook_url=webhook_url)
    seeing = set[int]()
    services = SimpleNamespace(texts=Texts(), settings=settings, with_menu=seeing)
    await menus.set_menus("1:x", "http://api", cast(Services, services))
    return seeing


async def test_all_is_set_once(telegram: type[FakeBot]) -> None:
    await set_menus()
    languages = len(Texts().languages) + 1  # and the default for all others
    assert len(telegram.calls) == languages * 5
    telegram.calls.clear()
    await set_menus()
    assert telegram.calls == []


async def test_only_what_differs_is_set_again(telegram: type[FakeBot]) -> None:
    await set_menus()
    telegram.calls.clear()
    telegram.kept["about", "ru"] = ""
    await set_menus()
    assert telegram.calls == ["about"]


async def test_an_admin_whose_menu_is_refused_gets_it_later(telegram: type[FakeBot]) -> None:
    telegram.refuses = "commands"
    assert await set_menus() == set()
    telegram.refuses = ""
    assert await set_menus() == {3}


async def test_the_menu_button_opens_the_page_where_it_is_served(
    telegram: type[FakeBot],
) -> None:
    await set_menus("http://bot.example/in/hook")
    assert telegram.button == MenuButtonCommands(), "Telegram opens pages over https"
    await set_menus("https://bot.example/in/hook")
    page = WebAppInfo("https://bot.example/in/draw")
    assert telegram.button == MenuButtonWebApp(menus.PAGE_BUTTON, page)
    await set_menus()
    assert telegram.button == MenuButtonDefault(), "a page that is served no longer"
    telegram.button = owners = MenuButtonWebApp("Shop", page)
    await set_menus("https://bot.example/in/hook")
    assert telegram.button == owners


async def test_descriptions_of_the_owner_are_kept(telegram: type[FakeBot]) -> None:
    telegram.kept |= {("about", None): "Ours", ("short", "de"): "Unsers"}
    await set_menus()
    assert telegram.kept["about", None] == "Ours" and telegram.kept["short", "de"] == "Unsers"
    assert telegram.kept["short", None] == Texts().say("en", "bot-short-description")
    assert not any(kind == "name" for kind, _ in telegram.kept)


async def test_a_step_that_telegram_delays_is_repeated_later(
    telegram: type[FakeBot], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("bot.menus.asyncio.sleep", sleep)
    telegram.late = 2
    await set_menus()
    assert waited == [7, 7]
    assert {kind for kind, _ in telegram.kept} == {"commands", "about", "short"}


async def test_what_telegram_refuses_stops_nothing_else(telegram: type[FakeBot]) -> None:
    telegram.refuses = "about"
    await set_menus()
    assert {name for name, _ in telegram.kept} == {"commands", "short"}


async def test_network_errors_are_only_logged(
    telegram: type[FakeBot], caplog: pytest.LogCaptureFixture
) -> None:
    telegram.refuses = "all"
    await set_menus()
    assert "away" in caplog.text and not telegram.kept


@pytest.mark.parametrize("language", Texts().languages)
def test_the_texts_are_as_short_as_telegram_wants(language: str) -> None:
    limits = {
        "bot-description": BotDescriptionLimit.MAX_DESCRIPTION_LENGTH,
        "bot-short-description": BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH,
    }
    for key, most in limits.items():
        assert 0 < len(Texts().say(language, key)) <= most
