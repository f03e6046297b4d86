"""The messages of a group that a bot in privacy mode gets; every new bot is in this mode.

https://core.telegram.org/bots/features#privacy-mode
"""

from collections.abc import Mapping

from bot.local.call import BOT, Json
from bot.local.formatting import FOUND

Messages = Mapping[tuple[int, int], Json]  # by chat and message id


def is_delivered(message: Json, messages: Messages) -> bool:
    """Whether a message is a command for the bot, or a reply to its message or to a delivered one.

    A command without a bot's name goes to the bot that wrote last; here there is only one.
    """
    if any(_is_for_bot(command, message, messages) for command in _commands(message)):
        return True
    quoted = message.get("reply_to_message", {})
    return bool(quoted) and (quoted.get("from") == BOT or is_delivered(quoted, messages))


def _commands(message: Json) -> list[str]:
    text = str(message.get("text", message.get("caption", "")))
    return [found[0] for found in FOUND.finditer(text) if found.lastgroup == "bot_command"]


def _is_for_bot(command: str, message: Json, messages: Messages) -> bool:
    name = command.partition("@")[2]
    if name:
        return name.lower() == str(BOT["username"])
    chat = message["chat"]["id"]
    return any(chat == of and sent.get("from") == BOT for (of, _), sent in messages.items())
