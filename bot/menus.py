"""What Telegram shows of the bot outside its messages: menus of commands, name, descriptions.

Set at the start, by language and, for admins, by chat; only what differs from what is there.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter

from bot.services import Services
from bot.texts import DEFAULT, Say

log = logging.getLogger(__name__)
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


async def set_menus(token: str, api_url: str, services: Services) -> None:
    """Set what differs, in each language and for users of none of them; failures are logged.

    It has a connection of its own: Telegram takes a new name only now and then, and says "wait"
    for hours otherwise, which the connection that answers photos would obey.
    """
    try:
        async with Bot(token, f"{api_url}/bot") as bot:
            for language in (None, *services.texts.languages):
                say = partial(services.texts.say, language or DEFAULT)
                for step in _steps(bot, services, say, language):
                    await _try(step)
    except NetworkError as error:
        log.warning("menus and descriptions wait for the next start: %s", error)


async def _try(step: Callable[[], Awaitable[None]]) -> None:
    try:
        await step()
    except (BadRequest, RetryAfter, InvalidToken) as error:  # the last: no such method there
        log.warning("a menu or description was not set: %s", error)


def _steps(
    bot: Bot, services: Services, say: Say, language: str | None
) -> list[Callable[[], Awaitable[None]]]:
    everybody: list[tuple[BotCommandScope, dict[str, str]]] = [
        (BotCommandScopeAllPrivateChats(), MENU),
        (BotCommandScopeAllGroupChats(), GROUP_MENU),
    ]
    admins = [(BotCommandScopeChat(id), MENU | ADMIN_MENU) for id in services.settings.admin_ids]
    menus = [
        partial(_set_menu, bot, _commands(say, menu), scope, language)
        for scope, menu in [*everybody, *admins]
    ]
    return [*menus, *(partial(step, bot, say, language) for step in (_name, _about, _short))]


def _commands(say: Say, menu: dict[str, str]) -> list[BotCommand]:
    return [BotCommand(name, say(key)) for name, key in menu.items()]


async def _set_menu(
    bot: Bot, commands: list[BotCommand], scope: BotCommandScope, language: str | None
) -> None:
    if list(await bot.get_my_commands(scope, language)) != commands:
        await bot.set_my_commands(commands, scope, language)


async def _name(bot: Bot, say: Say, language: str | None) -> None:
    if (await bot.get_my_name(language)).name != say("bot-name"):
        await bot.set_my_name(say("bot-name"), language)


async def _about(bot: Bot, say: Say, language: str | None) -> None:
    if (await bot.get_my_description(language)).description != say("bot-description"):
        await bot.set_my_description(say("bot-description"), language)


async def _short(bot: Bot, say: Say, language: str | None) -> None:
    text = say("bot-short-description")
    if (await bot.get_my_short_description(language)).short_description != text:
        await bot.set_my_short_description(text, language)
