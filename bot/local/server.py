"""The local chat: a Bot API server on loopback with a page; all data is in memory, bounded."""

import hmac
import json
import secrets
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import encode_basic_auth, web
from aiohttp.typedefs import Handler, Middleware
from yarl import URL

from bot.local.botapi import BotApi
from bot.local.call import BOT, ApiError, bad
from bot.local.guesses import Guesses
from bot.local.people import People
from bot.local.world import World
from bot.texts import Texts

ADMIN_ID = 3  # user id of the page's "admin", one of the bot's ADMIN_IDS
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
UPLOAD_MAX = 64 << 20  # bytes of one request
CLOSING = 1.0  # s that open requests get to end
PAGE = Path(__file__).with_name("page")
LANGUAGE_COOKIE = "digits_language"  # the language chosen on the page
# Placeholders that the page's scripts fill in, and the bot's name for mentions.
SLOTS = {name: f"{{{name}}}" for name in ("name", "role", "reason", "text", "file")}
SLOTS["bot"] = f"@{BOT['username']}"
CONTENT_POLICY = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'"


@dataclass(frozen=True)
class LocalChat:
    url: str  # of the page; also the bot's TELEGRAM_API_URL
    token: str  # its BOT_TOKEN
    world: World
    runner: web.AppRunner

    @classmethod
    async def start(
        cls,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        password: str = "",
        middleware: Middleware | None = None,
    ) -> "LocalChat":
        """Listen, at a free port if `port` is 0; tests inject faults with `middleware`.

        Raises ValueError if other machines could reach this address without a password, and
        OSError if it is in use.
        """
        if not password and host not in LOOPBACK:
            raise ValueError(f"{host} can be reached by others: the local chat needs a password")
        world, token = World(), f"{BOT['id']}:{secrets.token_urlsafe(26)}"
        layers = [guard(token, password), *([middleware] if middleware else [])]
        app = web.Application(middlewares=layers, client_max_size=UPLOAD_MAX)
        app.on_response_prepare.append(protect)
        api, add = BotApi(world), app.router.add_route
        people = People(world, api)
        add("*", "/bot{token}/{method}", api.answer)
        add("GET", "/file/bot{token}/files/{file_id}", api.download)
        add("GET", "/chat/file/{file_id}", api.download)
        add("GET", "/chat/events", people.events)
        add("POST", "/chat/{act}", people.act)
        add("GET", "/", page)
        app.router.add_static("/page", PAGE)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSING)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        url = URL.build(scheme="http", host=host, port=runner.addresses[0][1])
        return cls(str(url), token, world, runner)

    async def close(self) -> None:
        await self.world.close()
        await self.runner.cleanup()


async def page(request: web.Request) -> web.Response:
    """Serve the page in the language chosen on it, else in the browser's."""
    preferred = request.headers.get("Accept-Language", "").split(",")[0]
    language = texts().language(request.cookies.get(LANGUAGE_COOKIE) or preferred)
    return web.Response(text=page_in(language), content_type="text/html")


def page_in(language: str) -> str:
    """Return the page's HTML with its sentences; those of its scripts are in it as JSON."""
    words = {
        key: texts().say(language, key, **SLOTS)
        for key in texts().keys
        if key.startswith(("page-", "mini-"))
    }
    # "<" could end the element that holds the JSON.
    scripts = json.dumps({key.removeprefix("page-"): words[key] for key in words})
    fields = {key.replace("-", "_"): escape(words[key]) for key in words}
    fields |= {"language": language, "bot": SLOTS["bot"], "words": scripts.replace("<", "\\u003c")}
    fields["page_title"] = escape(texts().say(language, "page-title", name=BOT["first_name"]))
    return Template((PAGE / "index.html").read_text(encoding="utf-8")).substitute(fields)


@cache
def texts() -> Texts:
    """Return the sentences; they are loaded at the first request of a page."""
    return Texts()


def guard(token: str, password: str) -> Middleware:
    """Admit the bot by its token and users by the password; refuse pages of another origin."""
    expected, guesses = encode_basic_auth("chat", password), Guesses()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            host = urlsplit(f"//{request.host}")
            origin = urlsplit(request.headers.get("Origin", f"//{request.host}"))
        except ValueError:  # a bracket that is not closed
            raise bad("no such host") from None
        if origin.netloc != host.netloc or not (password or host.hostname in LOOPBACK):
            raise ApiError(403, "Forbidden: unknown host or other origin")
        is_bot = "token" in request.match_info
        given = request.match_info["token"] if is_bot else request.headers.get("Authorization", "")
        is_guess = bool(password and given) and not is_bot
        if is_guess and not guesses.has_room(request.remote):
            raise web.HTTPTooManyRequests
        right = hmac.compare_digest(given.encode(), (token if is_bot else expected).encode())
        if is_guess and not right:
            guesses.add(request.remote)
        if is_bot and not right:
            raise ApiError(401, "Unauthorized")
        if password and not right:
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="user: chat"'})
        try:
            return await handler(request)
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
            # Fields of a call that the Bot API does not describe so.
            raise bad(f"malformed call ({type(error).__name__})") from None

    return check


async def protect(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-cache")
