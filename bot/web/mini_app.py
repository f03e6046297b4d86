"""The Mini App of /draw: a page with a canvas, whose drawing is sent to the chat and answered.

It is served beside the webhook, on the same host.
"""

import logging
import time
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.web_request import FileField
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, User
from telegram.error import BadRequest, TelegramError

from bot.draw_page import page_url
from bot.handlers.draw import answer_drawing
from bot.services import Services
from bot.web.init_data import signed_user
from bot.web.live import BusyError, LiveReader
from preprocessing import PhotoError

log = logging.getLogger(__name__)
PAGE = Path(__file__).with_name("mini_app.html")
LOCAL_PAGE = Path(__file__).parents[1] / "local" / "page"
SHARED = ("paper.js", "live.js", "bars.css")  # files that the local chat's page uses too
WORDS = ("mini-title", "mini-pen", "mini-undo", "mini-wipe", "mini-read", "mini-failed")


class MiniApp:
    """The handlers of the page, of its files and of the drawings that it sends."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot, self._services = bot, services
        self._live = LiveReader(services)

    def routes(self, webhook_url: str) -> list[web.RouteDef]:
        """Return the routes to add to the server on `LISTEN`."""
        path = urlsplit(page_url(webhook_url)).path
        return [
            web.get(path, self._page),
            *(web.get(f"{path}/{name}", self._shared) for name in SHARED),
            web.post(path, self._read),
            web.post(f"{path}/live", self._read_live),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        texts = self._services.texts
        accepted = request.headers.get("Accept-Language", "").split(",")[0]
        language = texts.language(request.query.get("language", accepted))
        words = {key.replace("-", "_"): escape(texts.say(language, key)) for key in WORDS}
        page = Template(PAGE.read_text(encoding="utf-8")).substitute(words, language=language)
        return web.Response(text=page, content_type="text/html")

    async def _shared(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(LOCAL_PAGE / request.path.rpartition("/")[2])

    async def _read_live(self, request: web.Request) -> web.Response:
        """Return the reading of an unfinished drawing; nothing of it is stored."""
        user, picture = await self._signed(request)
        try:
            return web.json_response(await self._live.read(user.id, picture))
        except BusyError:
            raise web.HTTPTooManyRequests from None

    async def _read(self, request: web.Request) -> web.Response:
        """Answer a drawing in its user's chat."""
        user, picture = await self._signed(request)
        if not await self._services.limits.take(user.id):
            raise web.HTTPTooManyRequests
        try:
            await self._services.store.load_user(user.id)
            await answer_drawing(self._bot, user, picture, self._services)
        except (BadRequest, PhotoError):
            raise web.HTTPBadRequest from None
        except (TelegramError, SQLAlchemyError) as error:
            # Logged here: aiohttp's own message would contain the client's address.
            log.error("a drawing was not answered: %s", type(error).__name__)
            raise web.HTTPServiceUnavailable from None
        return web.Response()

    async def _signed(self, request: web.Request) -> tuple[User, bytes]:
        """Return the user who drew, and the drawing; HTTP 403 without a valid signature."""
        form = await request.post()
        user = signed_user(str(form.get("init_data", "")), self._bot.token, time.time())
        picture = form.get("picture")
        if user is None:
            raise web.HTTPForbidden
        if not isinstance(picture, FileField):
            raise web.HTTPBadRequest
        return user, picture.file.read()
