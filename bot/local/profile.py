"""The Bot API's methods about the bot itself: who it is, its commands, its texts, its webhook."""

import re
from collections.abc import Awaitable, Callable, Mapping

from bot.local.call import ApiError, Call
from bot.local.methods import allow_updates
from bot.local.world import User, World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS_CAP = 100
TEXT_CAPS = {"name": 64, "description": 512, "short_description": 120}  # characters
SECRET = re.compile(r"[\w-]{0,256}", re.ASCII)

Method = Callable[[World, Call], Awaitable[object]]


async def get_me(world: World, call: Call) -> User:
    more = {"can_join_groups": True, "can_read_all_group_messages": False}
    return {**world.bot, **more, "supports_inline_queries": False}  # type: ignore[typeddict-unknown-key]


def commands_key(call: Call) -> str:
    scope = call.mapping("scope") or {"type": "default"}
    place = [str(scope.get(key, "")) for key in ("type", "chat_id", "user_id")]
    return "/".join([*place, call.text("language_code")])


async def set_my_commands(world: World, call: Call) -> bool:
    commands = call.items("commands")
    if len(commands) > COMMANDS_CAP:
        raise ApiError.bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command")).removeprefix("/")):
            raise ApiError.bad("BOT_COMMAND_INVALID")
        if not 0 < len(str(command.get("description") or "")) <= 256:
            raise ApiError.bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[commands_key(call)] = commands
    world.show("profile", 0)
    return True


async def get_my_commands(world: World, call: Call) -> list[dict[str, object]]:
    return world.commands.get(commands_key(call), [])


async def delete_my_commands(world: World, call: Call) -> bool:
    world.commands.pop(commands_key(call), None)
    world.show("profile", 0)
    return True


def commands_for(
    world: World, chat_id: int, user_id: int, language: str
) -> list[dict[str, object]]:
    """What a user is offered in a chat: the narrowest scope wins, and in it her language."""
    kind = "all_private_chats" if chat_id > 0 else "all_group_chats"
    scopes = [f"chat_member/{chat_id}/{user_id}", f"chat/{chat_id}/", f"{kind}//", "default//"]
    keys = [f"{scope}/{code}" for scope in scopes for code in dict.fromkeys((language, ""))]
    return next((world.commands[key] for key in keys if world.commands.get(key)), [])


def text_methods(field: str) -> dict[str, Method]:
    """setMyName and getMyName, and the same for the two descriptions."""

    async def setter(world: World, call: Call) -> bool:
        if len(call.text(field)) > TEXT_CAPS[field]:
            raise ApiError.bad(f"the bot {field.replace('_', ' ')} is too long")
        world.profile[f"{field}/{call.text('language_code')}"] = call.text(field)
        world.show("profile", 0)
        return True

    async def getter(world: World, call: Call) -> dict[str, str]:
        return {field: profile_text(world, field, call.text("language_code"))}

    name = "my" + field.replace("_", "")
    return {f"set{name}": setter, f"get{name}": getter}


def profile_text(world: World, field: str, language: str) -> str:
    default = world.bot["first_name"] if field == "name" else ""
    texts = world.profile
    return texts.get(f"{field}/{language}") or texts.get(f"{field}/") or default


async def set_chat_menu_button(world: World, call: Call) -> bool:
    if call.mapping("menu_button").get("type", "default") not in {
        "default",
        "commands",
        "web_app",
    }:
        raise ApiError.bad("can't parse menu button: unknown type")
    return True


async def set_webhook(world: World, call: Call) -> bool:
    if not SECRET.fullmatch(call.text("secret_token")):
        raise ApiError.bad("secret token contains unallowed characters")
    if call.text("url") and not re.match(r"https?://", call.text("url")):
        raise ApiError.bad("bad webhook: An HTTPS URL must be provided for webhook")
    allow_updates(world, call)
    drop = call.flag("drop_pending_updates")
    await world.updates.set_webhook(call.text("url"), call.text("secret_token"), drop=drop)
    return True


async def delete_webhook(world: World, call: Call) -> bool:
    await world.updates.set_webhook("", "", drop=call.flag("drop_pending_updates"))
    return True


async def get_webhook_info(world: World, call: Call) -> Mapping[str, object]:
    return {**world.updates.webhook, "pending_update_count": len(world.updates.waiting)}
