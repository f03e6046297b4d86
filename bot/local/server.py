"""The local chat: a small Bot API server on loopback with a page to chat on.

    chat = await LocalChat.start("127.0.0.1", 0)
    chat.url    # http://127.0.0.1:PORT: the page, and what goes into TELEGRAM_API_URL
    chat.token  # what goes into BOT_TOKEN
    await chat.close()

The bot's side is in `botapi.py`, the people's side (page and tests) in `people.py`. Everything
lives in memory, up to a cap, and is gone after `close`.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.local import botapi
from bot.local.guard import guard, is_loopback, protect, telling
from bot.local.people import People
from bot.local.world import World

BOT_ID = 1000
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Digits", "username": "digits_local_bot"}
ADMIN_ID = 3  # who the page is as "admin": belongs to the bot's admins
UPLOAD_CAP = 64 << 20  # bytes of one request
CLOSING = 1.0  # seconds that open requests get to end
PAGE = Path(__file__).with_name("page")


@dataclass(frozen=True)
class LocalChat:
    url: str
    token: str
    world: World
    runner: web.AppRunner

    @classmethod
    async def start(
        cls,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        token: str = "",
        password: str = "",
        middleware: Middleware | None = None,
    ) -> "LocalChat":
        """Listen; port 0 takes a free one, an empty token makes one.

        `middleware` sees every request: tests break connections with it. Raises ValueError for
        an address that others can reach without a password, OSError for one that is taken.
        """
        if not password and not is_loopback(host):
            raise ValueError(f"{host} can be reached by others: the local chat needs a password")
        token = token or f"{BOT_ID}:{secrets.token_urlsafe(26)}"
        world = World(BOT, BOT_ID)
        layers = [telling, guard(password), *([middleware] if middleware else [])]
        app = web.Application(middlewares=layers, client_max_size=UPLOAD_CAP)
        app.on_response_prepare.append(protect)
        app.add_routes([*botapi.routes(world, token), *People(world).routes()])
        app.router.add_get("/", page)
        app.router.add_static("/page", PAGE)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSING)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        name = f"[{host}]" if ":" in host else host
        return cls(f"http://{name}:{runner.addresses[0][1]}", token, world, runner)

    async def close(self) -> None:
        await self.world.close()
        await self.runner.cleanup()


async def page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html")
