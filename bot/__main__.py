"""`python -m bot`: settings, logging, then the bot, on Telegram or in the local chat."""

import argparse
import asyncio
import logging
import os
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from telegram.error import InvalidToken

from bot.lifecycle import StartError, run
from bot.local.server import ADMIN_ID, LocalChat
from bot.logs import set_up_logs
from bot.services import Services
from bot.settings import ENV_FILE, Settings, SettingsError, load_settings, warn_of_open_secrets
from bot.web.live import LiveReader

log = logging.getLogger(__name__)
ABOUT = """\
Starts the bot: on Telegram with BOT_TOKEN, without it the local chat, a page in the browser. \
Settings are read from the environment and from .env; .env.example names them all."""
LOCAL = """\
The digit bot's local chat: {url}
For Telegram, write /newbot to @BotFather there and put the token it gives you into .env as \
BOT_TOKEN=..."""
REFUSED = "Telegram does not know this BOT_TOKEN. Copy it again from @BotFather."


def main() -> int:
    """Run the bot; return 2 if a setting is wrong."""
    argparse.ArgumentParser(prog="python -m bot", description=ABOUT).parse_args()
    os.environ["PTB_TIMEDELTA"] = "true"  # times as the next version of PTB has them
    try:
        settings = load_settings()
        secrets = settings.bot_token, settings.webhook_secret, settings.database_url
        set_up_logs(settings.log_level, secrets, as_json=settings.log_format == "json")
        warn_of_open_secrets(Path(ENV_FILE))
        asyncio.run(_run(settings))
    except SettingsError as error:
        print(f"A setting is wrong. {error}", file=sys.stderr)
        return 2
    except InvalidToken:  # its own text holds the token
        print(REFUSED, file=sys.stderr)
        return 2
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except Exception:  # by the log, which blots secrets out, and not by Python's own traceback
        log.critical("the bot broke down", exc_info=True)
        return 1
    return 0


async def _run(settings: Settings) -> None:
    if settings.bot_token:
        await run(settings, settings.bot_token.get_secret_value(), settings.telegram_api_url)
        return
    server = await _open_local_chat(settings)
    print(LOCAL.format(url=server.url), flush=True)
    _bypass_proxies(urlsplit(server.url).hostname or "")
    admins = settings.admin_ids | {ADMIN_ID}
    try:
        local = settings.model_copy(update={"admin_ids": admins})
        await run(local, server.token, server.url, partial(_connect_live, server))
    finally:
        await server.close()


def _connect_live(server: LocalChat, services: Services) -> None:
    """Let the page's canvas be read while somebody draws on it."""
    server.world.read_live = LiveReader(services).read


def _bypass_proxies(host: str) -> None:
    """Keep calls to this machine from a proxy, which has no way back to it."""
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), host)))


async def _open_local_chat(settings: Settings) -> LocalChat:
    host, port = settings.listen_address
    secret = settings.local_password
    try:
        return await LocalChat.start(
            host, port, password=secret.get_secret_value() if secret else ""
        )
    except ValueError:
        reason = "others reach this address, so LOCAL_PASSWORD must be set"
    except OSError as error:
        reason = f"this address cannot be used ({error.strerror})"
    raise SettingsError(f"LISTEN: {reason}")


if __name__ == "__main__":
    sys.exit(main())
