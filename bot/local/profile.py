"""The Bot API's methods about the bot itself: its commands, its texts, how it gets updates."""

import re
from collections.abc import Awaitable, Callable

from telegram.constants import BotCommandLimit

from bot.local.call import Call, Json, bad
from bot.local.world import World

Method = Callable[[World, Call], Awaitable[object]]

COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
SECRET = re.compile(r"[\w-]{0,256}", re.ASCII)
MENU_BUTTONS = ("default", "commands", "web_app")
TEXT_CAPS = {"name": 64, "description": 512, "short_description": 120}  # characters


async def get_me(world: World, call: Call) -> Json:
    return {**world.bot, "can_join_groups": True, "can_read_all_group_messages": False}


async def get_updates(world: World, call: Call) -> list[Json]:
    allow_updates(world, call)
    numbers = call.integer("offset", 0), call.integer("limit", 100), call.integer("timeout", 0)
    return await world.updates.poll(*numbers)


async def set_webhook(world: World, call: Call) -> bool:
    """Unlike Telegram, takes http: too, as Telegram's own server does in local mode."""
    url, secret = call.text("url"), call.text("secret_token")
    if not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    if url and not url.startswith(("http://", "https://")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    allow_updates(world, call)
    await world.updates.set_webhook(url, secret, drop=call.flag("drop_pending_updates"))
    return True


async def delete_webhook(world: World, call: Call) -> bool:
    await world.updates.set_webhook("", "", drop=call.flag("drop_pending_updates"))
    return True


async def get_webhook_info(world: World, call: Call) -> Json:
    return {**world.updates.webhook, "pending_update_count": len(world.updates.waiting)}


async def set_my_commands(world: World, call: Call) -> bool:
    commands = call.items("commands")
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command"))):
            raise bad("BOT_COMMAND_INVALID")
        if not 0 < len(str(command.get("description", ""))) <= BotCommandLimit.MAX_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[commands_key(call)] = commands
    world.show("profile", 0)
    return True


async def get_my_commands(world: World, call: Call) -> list[Json]:
    return world.commands.get(commands_key(call), [])


async def delete_my_commands(world: World, call: Call) -> bool:
    world.commands.pop(commands_key(call), None)
    world.show("profile", 0)
    return True


async def set_chat_menu_button(world: World, call: Call) -> bool:
    if call.mapping("menu_button").get("type", "default") not in MENU_BUTTONS:
        raise bad("can't parse menu button: unknown type")
    return True


def allow_updates(world: World, call: Call) -> None:
    """The kinds of updates the bot wants; they stay until it names others."""
    if kinds := call.text("allowed_updates"):
        world.updates.allowed = set(re.findall(r"\w+", kinds))


def text_methods(field: str) -> dict[str, Method]:
    """setMyName and getMyName, and the same for the descriptions: a text for each language."""

    async def setter(world: World, call: Call) -> bool:
        if len(call.text(field)) > TEXT_CAPS[field]:
            raise bad(f"bot {field.replace('_', ' ')} is too long")
        world.profile[f"{field}/{call.text('language_code')}"] = call.text(field)
        world.show("profile", 0)
        return True

    async def getter(world: World, call: Call) -> Json:
        return {field: described(world, field, call.text("language_code"))}

    name = field.replace("_", "")
    return {f"setmy{name}": setter, f"getmy{name}": getter}


def described(world: World, field: str, language: str) -> object:
    """What was set for this language, or for all."""
    texts, default = world.profile, world.bot["first_name"] if field == "name" else ""
    return texts.get(f"{field}/{language}") or texts.get(f"{field}/") or default


def commands_key(call: Call) -> str:
    scope = call.mapping("scope") or {"type": "default"}
    place = [str(scope.get(key, "")) for key in ("type", "chat_id", "user_id")]
    return "/".join([*place, call.text("language_code")])


def profile_for(world: World, chat_id: int, user_id: int, language: str) -> Json:
    """What a user sees in a chat: the narrowest scope of commands wins, and in it her language."""
    kind = "all_private_chats" if chat_id > 0 else "all_group_chats"
    scopes = [f"chat_member/{chat_id}/{user_id}", f"chat/{chat_id}/", f"{kind}//", "default//"]
    keys = [f"{scope}/{code}" for scope in scopes for code in (language, "")]
    commands = next((world.commands[key] for key in keys if world.commands.get(key)), [])
    texts: Json = {field: described(world, field, language) for field in TEXT_CAPS}
    return {**texts, "commands": commands}
