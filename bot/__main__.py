"""`python -m bot`: settings, logging, then the bot, on Telegram or in the local chat."""

import argparse
import os
import sys
from functools import partial
from urllib.parse import urlsplit

from bot.lifecycle import run
from bot.local.server import ADMIN_ID, LocalChat
from bot.services import Services
from bot.settings import Settings, SettingsError
from bot.startup import start
from bot.web.live import LiveReader

ABOUT = """\
Starts the bot: on Telegram with BOT_TOKEN, without it the local chat, a page in the browser. \
Settings are read from the environment and from .env; .env.example names them all."""
LOCAL = """\
The digit bot's local chat: {url}
For Telegram, write /newbot to @BotFather there and put the token it gives you into .env as \
BOT_TOKEN=..."""


def main() -> int:
    """Run the bot; return 2 if a setting is wrong."""
    argparse.ArgumentParser(prog="python -m bot", description=ABOUT).parse_args()
    return start(_run)


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
    """Let the local chat's page show readings while somebody draws."""
    server.world.read_live = LiveReader(services).read


def _bypass_proxies(host: str) -> None:
    """Exclude this machine from the proxies of the environment, which could not reach it."""
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
