"""The bot's profile at Telegram: menus of commands, descriptions, the menu button.

At the start each part that differs is set, by language and, for admins, by chat. The name and any
description or menu button that the owner has set with BotFather are not changed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import TypeAlias, cast

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonDefault,
    MenuButtonWebApp,
)
from telegram.constants import MenuButtonType
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter

from bot.delivery.aiohttp_request import AiohttpRequest
from bot.draw_page import page_for_all
from bot.services import Services
from bot.texts import DEFAULT, Say, Texts

log = logging.getLogger(__name__)
Step: TypeAlias = Callable[[], Awaitable[None]]
MENU = {
    "help": "menu-help",
    "draw": "menu-draw",
    "model": "menu-model",
    "language": "menu-language",
    "privacy": "menu-privacy",
    "forget": "menu-forget",
}
ADMIN_MENU = {
    "retrain": "menu-retrain",
    "versions": "menu-versions",
    "rollback": "menu-rollback",
    "samples": "menu-samples",
    "stats": "menu-stats",
}
GROUP_MENU = {"read": "menu-read"}
PAGE_BUTTON = "✎ 0–9"  # on the menu button that opens the page; one text for all languages


async def set_menus(token: str, api_url: str, services: Services) -> None:
    """Set what differs, in each language and for all other languages; failures are logged.

    The calls are made by a separate Bot without the rate limiter of answers: if Telegram asks to
    wait, only these calls wait.
    """
    try:
        async with (
            AiohttpRequest(1) as calls,
            AiohttpRequest(1) as unused,  # else PTB makes one over httpx
            Bot(token, f"{api_url}/bot", request=calls, get_updates_request=unused) as bot,
        ):
            for language in (None, *services.texts.languages):
                for step in _steps(bot, services.texts, language):
                    await _try(step)
            await _try(partial(_set_menu_button, bot, services))
            for admin in services.settings.admin_ids:
                await set_admin_menu(bot, admin, services)
    except NetworkError as error:
        log.warning("menus and descriptions wait for the next start: %s", error)


async def set_admin_menu(bot: Bot, admin: int, services: Services) -> None:
    """Add the admin commands to an admin's menu, once, after a message of that admin.

    Before any message of the admin Telegram answers "chat not found".
    """
    if admin in services.with_menu:
        return
    scope, menu, texts = BotCommandScopeChat(admin), MENU | ADMIN_MENU, services.texts
    done = []
    for language in (None, *texts.languages):
        commands = _commands(partial(texts.say, language or DEFAULT), menu)
        done.append(await _try(partial(_set_menu, bot, commands, scope, language)))
    if all(done):
        services.with_menu.add(admin)


async def _try(step: Step) -> bool:
    """Run a step, after the wait that Telegram asks for; return whether it succeeded."""
    while True:
        try:
            await step()
        except RetryAfter as error:
            await asyncio.sleep(cast(timedelta, error.retry_after).total_seconds())
        except (BadRequest, InvalidToken) as error:  # PTB raises the latter for an unknown method
            log.warning("a menu or description was not set: %s", error)
            return False
        else:
            return True


def _steps(bot: Bot, texts: Texts, language: str | None) -> list[Step]:
    say = partial(texts.say, language or DEFAULT)
    menus: list[tuple[BotCommandScope, dict[str, str]]] = [
        (BotCommandScopeAllPrivateChats(), MENU),
        (BotCommandScopeAllGroupChats(), GROUP_MENU),
    ]
    return [
        *(partial(_set_menu, bot, _commands(say, menu), scope, language) for scope, menu in menus),
        partial(_about, bot, texts, language),
        partial(_short, bot, texts, language),
    ]


def _commands(say: Say, menu: dict[str, str]) -> list[BotCommand]:
    return [BotCommand(name, say(key)) for name, key in menu.items()]


async def _set_menu(
    bot: Bot, commands: list[BotCommand], scope: BotCommandScope, language: str | None
) -> None:
    if list(await bot.get_my_commands(scope, language)) != commands:
        await bot.set_my_commands(commands, scope, language)


async def _set_menu_button(bot: Bot, services: Services) -> None:
    """Let the button beside the text field open the page to draw on, if it is served."""
    shown = await bot.get_chat_menu_button()
    page = page_for_all(services.settings)
    wanted = MenuButtonWebApp(PAGE_BUTTON, page) if page else MenuButtonDefault()
    is_owners = isinstance(shown, MenuButtonWebApp) and shown.text != PAGE_BUTTON
    is_one_of_commands = shown.type in (MenuButtonType.COMMANDS, MenuButtonType.DEFAULT)
    if shown != wanted and not is_owners and (page or not is_one_of_commands):
        await bot.set_chat_menu_button(menu_button=wanted)


async def _about(bot: Bot, texts: Texts, language: str | None) -> None:
    shown = (await bot.get_my_description(language)).description
    if text := _to_fill(shown, texts, "bot-description", language):
        await bot.set_my_description(text, language)


async def _short(bot: Bot, texts: Texts, language: str | None) -> None:
    shown = (await bot.get_my_short_description(language)).short_description
    if text := _to_fill(shown, texts, "bot-short-description", language):
        await bot.set_my_short_description(text, language)


def _to_fill(shown: str, texts: Texts, key: str, language: str | None) -> str:
    """Return the text to set if the owner has set none with BotFather, else "".

    For a language without a text Telegram returns the one for all languages.
    """
    text, for_all = texts.say(language or DEFAULT, key), texts.say(DEFAULT, key)
    return text if shown in ("", for_all) and shown != text else ""
