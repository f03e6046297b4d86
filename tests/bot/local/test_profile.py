"""The bot's profile in the local chat, by language and scope."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from telegram import Bot, BotCommand, BotCommandScopeChat

from bot.local.server import LocalChat
from tests.end_to_end.chat import Chat, Person


@pytest_asyncio.fixture
async def api(server: LocalChat) -> AsyncIterator[Bot]:
    async with Bot(server.token, f"{server.url}/bot", f"{server.url}/file/bot") as bot:
        yield bot


async def profile(person: Person) -> Any:
    return await person.chat.post("/chat/profile", {"user": person.about, "chat": person.chat_id})


async def test_commands_follow_scope_and_language(api: Bot, chat: Chat) -> None:
    await api.set_my_commands([BotCommand("start", "Start")])
    await api.set_my_commands([BotCommand("start", "Los")], language_code="de")
    await api.set_my_commands([BotCommand("stats", "Stats")], BotCommandScopeChat(3))
    seen = {
        (user, code): (await profile(chat.user(user, language=code)))["commands"][0]["description"]
        for user, code in [(1, "en"), (1, "de"), (3, "de")]
    }
    assert seen == {(1, "en"): "Start", (1, "de"): "Los", (3, "de"): "Stats"}
    await api.delete_my_commands(language_code="de")
    assert await api.get_my_commands(language_code="de") == ()


async def test_the_bots_profile_depends_on_the_language(api: Bot, chat: Chat) -> None:
    await api.set_my_name("Ziffern", language_code="de")
    await api.set_my_description("I read digits")
    await api.set_my_short_description("Digits")
    await api.set_chat_menu_button()
    german = await profile(chat.user(1, language="de"))
    assert (german["name"], german["description"]) == ("Ziffern", "I read digits")
