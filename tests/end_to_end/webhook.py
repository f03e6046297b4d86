"""Sends updates to the bot's webhook that no user of the local chat can cause."""

import itertools
import socket
import time
from typing import Any

import aiohttp

SECRET = "of-the-webhook"
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
_numbers = itertools.count(9001)  # of updates and messages, apart from the local chat's own


def free_hook() -> str:
    """Return a webhook's address on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/in/hook"


def settings_of(hook: str) -> dict[str, str]:
    """Return the bot's settings for that webhook."""
    listen = hook.removeprefix("http://").removesuffix("/in/hook")
    return {"WEBHOOK_URL": hook, "LISTEN": listen, "WEBHOOK_SECRET": SECRET}


def message(user_id: int = 1, **content: Any) -> dict[str, Any]:
    """A message in a user's private chat, as the Bot API has it."""
    return {
        "message_id": next(_numbers),
        "date": int(time.time()),
        "chat": {"id": user_id, "type": "private", "first_name": "Ann"},
        "from": {"id": user_id, "first_name": "Ann", "is_bot": False, "language_code": "de"},
        **content,
    }


async def bring(hook: str, kind: str, content: dict[str, Any]) -> None:
    """Send an update of a kind ("message", "channel_post") as Telegram does."""
    update = {"update_id": next(_numbers), kind: content}
    session = aiohttp.ClientSession(headers=HEADERS)
    async with session, session.post(hook, json=update) as answer:
        assert answer.status == 200
