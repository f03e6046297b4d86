"""`python -m bot`: settings, logging, then the bot."""

import asyncio
import sys

from telegram.error import InvalidToken

from bot.app import run
from bot.logs import set_up_logs
from bot.settings import SettingsError, load_settings

HOW_TO_START = """\
There is no BOT_TOKEN, so there is no Telegram yet. To get one, write to @BotFather in Telegram,
send /newbot, and put the token it gives you into .env as BOT_TOKEN=...
Without a token you can read photo files: .venv/bin/python -m model read photo.jpg"""
REFUSED = "Telegram does not know this BOT_TOKEN. Copy it once more from @BotFather."


def main() -> int:
    """Run the bot; return 2 if a setting is wrong."""
    try:
        settings = load_settings()
    except SettingsError as error:
        print(f"A setting is wrong. {error}", file=sys.stderr)
        return 2
    set_up_logs(settings.log_level, settings.bot_token)
    if settings.bot_token is None:
        print(HOW_TO_START)
        return 0
    token = settings.bot_token.get_secret_value()
    try:
        asyncio.run(run(settings, token, settings.telegram_api_url))
    except InvalidToken:
        print(REFUSED, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
