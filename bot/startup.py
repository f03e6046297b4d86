"""The start of `python -m bot` and `python -m bot.worker`: settings, logging, exit status."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

from telegram.error import InvalidToken

from bot.lifecycle import StartError
from bot.logs import set_up_logs
from bot.settings import ENV_FILE, Settings, SettingsError, load_settings, warn_of_open_secrets

log = logging.getLogger(__name__)
REFUSED = "Telegram does not know this BOT_TOKEN. Copy it again from @BotFather."


def start(run: Callable[[Settings], Coroutine[None, None, None]]) -> int:
    """Run a program and return its exit status: 2 if a setting is wrong."""
    os.environ["PTB_TIMEDELTA"] = "true"  # PTB then gives durations as timedelta
    try:
        settings = load_settings()
        secrets = settings.bot_token, settings.webhook_secret, settings.database_url
        set_up_logs(settings.log_level, secrets, as_json=settings.log_format == "json")
        warn_of_open_secrets(Path(ENV_FILE))
        asyncio.run(run(settings))
    except SettingsError as error:
        print(f"A setting is wrong. {error}", file=sys.stderr)
        return 2
    except InvalidToken:  # its text contains the token, so it is not logged
        print(REFUSED, file=sys.stderr)
        return 2
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception:  # logged, because the log redacts secrets and Python's traceback does not
        log.critical("the bot broke down", exc_info=True)
        return 1
    return 0
