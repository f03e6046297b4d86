"""The Bot API's methods about the bot itself: its commands, its texts, how it gets updates."""

import re

from telegram.constants import BotCommandLimit

from bot.local.call import Call, Json, bad
from bot.local.world import World

COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
SECRET = re.compile(r"[\w-]{0,256}", re.ASCII)
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


async def set_my_name(world: World, call: Call) -> bool:
    return describe(world, call, "name")


async def set_my_description(world: World, call: Call) -> bool:
    return describe(world, call, "description")


async def set_my_short_description(world: World, call: Call) -> bool:
    return describe(world, call, "short_description")


async def get_my_name(world: World, call: Call) -> Json:
    return {"name": described(world, call, "name") or world.bot["first_name"]}


async def get_my_description(world: World, call: Call) -> Json:
    return {"description": described(world, call, "description")}


async def get_my_short_description(world: World, call: Call) -> Json:
    return {"short_description": described(world, call, "short_description")}


async def set_chat_menu_button(world: World, call: Call) -> bool:
    if call.mapping("menu_button").get("type", "default") not in (
        "default",
        "commands",
        "web_app",
    ):
        raise bad("can't parse menu button: unknown type")
    return True


def allow_updates(world: World, call: Call) -> None:
    """The kinds of updates the bot wants; they stay until it names others."""
    if kinds := call.text("allowed_updates"):
        world.updates.allowed = set(re.findall(r"\w+", kinds))


def describe(world: World, call: Call, field: str) -> bool:
    if len(call.text(field)) > TEXT_CAPS[field]:
        raise bad(f"bot {field.replace('_', ' ')} is too long")
    world.profile[f"{field}/{call.text('language_code')}"] = call.text(field)
    world.show("profile", 0)
    return True


def described(world: World, call: Call, field: str) -> str:
    """What was set in this language, or in none."""
    own = world.profile.get(f"{field}/{call.text('language_code')}")
    return own or world.profile.get(f"{field}/") or ""


def commands_key(call: Call) -> str:
    scope = call.mapping("scope") or {"type": "default"}
    place = [str(scope.get(key, "")) for key in ("type", "chat_id", "user_id")]
    return "/".join([*place, call.text("language_code")])


def profile_for(world: World, chat_id: int, user_id: int, language: str) -> Json:
    """What a user sees in a chat: the narrowest scope of commands wins, and in it her language."""
    kind = "all_private_chats" if chat_id > 0 else "all_group_chats"
    scopes = [f"chat_member/{chat_id}/{user_id}", f"chat/{chat_id}/", f"{kind}//", "default//"]
    keys = [f"{scope}/{code}" for scope in scopes for code in (language, "")]
    texts = [
        {field: world.profile.get(f"{field}/{code}") for field in TEXT_CAPS}
        for code in ("", language)
    ]
    said: Json = {k: v for text in texts for k, v in text.items() if v}
    commands = next((world.commands[key] for key in keys if world.commands.get(key)), [])
    return {"name": world.bot["first_name"], **said, "commands": commands}
