"""The Mini App of /draw: a page with a canvas; its drawing -> a photo in the chat, answered there.

It stands beside the webhook, at the address that `page_url` gives.
"""

import time
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urljoin, urlsplit

from aiohttp import web
from aiohttp.web_request import FileField
from telegram import Bot, User
from telegram.error import BadRequest

from bot.access import Limits
from bot.errors import sentence
from bot.handlers.photos import read, reply
from bot.services import Services
from bot.web.init_data import signed_user
from preprocessing import PhotoError

PAGE = Path(__file__).with_name("mini_app.html")
PAPER = Path(__file__).parents[1] / "local" / "page" / "paper.js"
WORDS = ("mini-title", "mini-pen", "mini-undo", "mini-wipe", "mini-read", "mini-failed")


def page_url(webhook_url: str, language: str) -> str:
    """Return the page's address, for a user of that language."""
    return f"{urljoin(webhook_url, 'draw')}?language={language}"


class MiniApp:
    """The page, its script, and what it sends."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot, self._services = bot, services
        self._limits = Limits(services.settings.photos_per_minute)

    def routes(self, webhook_url: str) -> list[web.RouteDef]:
        """Return what the server on `LISTEN` is to serve."""
        path = urlsplit(page_url(webhook_url, "")).path
        return [
            web.get(path, self._page),
            web.get(f"{path}/paper.js", self._paper),
            web.post(path, self._read),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        texts = self._services.texts
        language = texts.language(request.query.get("language"))
        words = {key.replace("-", "_"): escape(texts.say(language, key)) for key in WORDS}
        page = Template(PAGE.read_text(encoding="utf-8")).substitute(words, language=language)
        return web.Response(text=page, content_type="text/html")

    async def _paper(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(PAPER)

    async def _read(self, request: web.Request) -> web.Response:
        """Answer a drawing in its user's chat."""
        form = await request.post()
        user = signed_user(str(form.get("init_data", "")), self._bot.token, time.time())
        picture = form.get("picture")
        if user is None:
            raise web.HTTPForbidden
        if not isinstance(picture, FileField):
            raise web.HTTPBadRequest
        if not self._limits.take(user.id):
            raise web.HTTPTooManyRequests
        try:
            await self._answer(user, picture.file.read())
        except BadRequest:
            raise web.HTTPBadRequest from None
        return web.Response()

    async def _answer(self, user: User, picture: bytes) -> None:
        drawn = await self._bot.send_photo(user.id, picture)
        try:
            await reply(drawn, user, await read(drawn, user, self._services), self._services)
        except PhotoError as error:
            key, values = sentence(error)
            say = partial(self._services.say, user)
            await drawn.reply_text(say(key, **values), do_quote=True)
