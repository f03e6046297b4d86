"""The HTTP server on `LISTEN`: the webhook, the page of /draw, health checks, metrics."""

import asyncio
import hmac
import json
import time
from contextlib import suppress
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import generate_latest
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import NetworkError, TelegramError

from bot.delivery.updates import Connections
from bot.filters import App
from bot.metrics import Metrics
from bot.services import Services
from bot.web.mini_app import MiniApp
from model.classes import KINDS

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name
ANSWERED_WITHIN = 120.0  # s since Telegram's last answer, after which a check calls getMe
ANSWER_WITHIN = 5.0  # s that this call may take
INT64 = 1 << 63  # the store's integers are smaller
UPDATE_CAP = 1 << 20  # bytes of one update or drawing


class Web:
    """The server; `secret`: the value of SECRET_HEADER in Telegram's requests."""

    def __init__(
        self,
        app: App,
        services: Services,
        connections: Connections,
        metrics: Metrics,
        secret: str,
    ) -> None:
        self._app, self._services, self._connections = app, services, connections
        self._metrics, self._secret = metrics, secret
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; raises OSError if the address is taken."""
        settings = self._services.settings
        server = web.Application(client_max_size=UPDATE_CAP)
        server.router.add_get("/healthz", self._healthz)
        server.router.add_get("/readyz", self._readyz)
        server.router.add_get("/metrics", self._show_metrics)
        if settings.webhook_url:
            server.router.add_post(urlsplit(settings.webhook_url).path or "/", self._receive)
            server.add_routes(MiniApp(self._app.bot, self._services).routes(settings.webhook_url))
        self._runner = web.AppRunner(server, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, *settings.listen_address).start()

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        """Store an update from Telegram, which sends it again if this fails."""
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), self._secret.encode()):
            raise web.HTTPForbidden
        try:
            update = json.loads(await request.read())
            update["update_id"] = int(update["update_id"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise web.HTTPBadRequest from None
        if not 0 <= update["update_id"] < INT64:
            raise web.HTTPBadRequest
        try:
            await self._connections.inbox.receive([update])
        except NetworkError:
            raise web.HTTPServiceUnavailable from None
        return web.Response()

    async def _healthz(self, _: web.Request) -> web.Response:
        """Answer 200: the process is alive."""
        return web.Response(text="alive\n")

    async def _readyz(self, _: web.Request) -> web.Response:
        """Answer 200 if photos can be answered, else 503 and the reason."""
        try:
            await self._services.store.counts()
            await self._check_telegram()
        except SQLAlchemyError:
            raise web.HTTPServiceUnavailable(text="the store is not reached\n") from None
        except (TelegramError, TimeoutError):
            raise web.HTTPServiceUnavailable(text="Telegram is not reached\n") from None
        if not self._services.settings.webhook_url and self._connections.polling.is_late:
            raise web.HTTPServiceUnavailable(text="updates do not come\n")
        return web.Response(text="ready\n")

    async def _check_telegram(self) -> None:
        """Call getMe if Telegram's last answer is old; raises TelegramError or TimeoutError."""
        if time.monotonic() - self._connections.calls.answered_at > ANSWERED_WITHIN:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._app.bot.get_me()

    async def _show_metrics(self, _: web.Request) -> web.Response:
        """Answer with the metrics in Prometheus' text format."""
        with suppress(SQLAlchemyError):  # the store's numbers are then the last known ones
            unfinished, corrections = await self._services.store.counts()
            self._metrics.unfinished.set(unfinished)
            self._metrics.corrections.set(corrections)
        self._metrics.serving.clear()
        for kind in KINDS:
            self._metrics.serving.labels(kind, self._services.serving(kind)).set(1)
        return web.Response(text=generate_latest(self._metrics.registry).decode())
