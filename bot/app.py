"""All wiring: the guard, the table of handlers, errors, and the life from start to stop."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

from telegram import Update
from telegram.error import NetworkError, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, Updater

from bot.errors import answer_error
from bot.handlers import admin, albums, draw, groups, language, models, photos, start, why
from bot.inbox import Inbox, Turns
from bot.menus import set_menus
from bot.services import Services
from bot.settings import Settings

log = logging.getLogger(__name__)

App = Application  # type: ignore[type-arg]

CONNECTIONS = 32  # to Telegram at once; more requests wait for one
POOL_TIMEOUT = 60.0  # s a request waits for a connection
REQUEST_TIMEOUT = 20.0  # s
RETRIES = 5  # when Telegram answers "too many requests", after the wait it asks for
RECONNECT_EVERY = 3.0  # s, while Telegram is not reached at the start


def build(services: Services, token: str, api_url: str) -> App:
    """Return the application with every handler; the first that matches an update takes it."""
    app = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .connection_pool_size(CONNECTIONS)
        .pool_timeout(POOL_TIMEOUT)
        .connect_timeout(REQUEST_TIMEOUT)
        .read_timeout(REQUEST_TIMEOUT)
        .write_timeout(REQUEST_TIMEOUT)
        .rate_limiter(AIORateLimiter(max_retries=RETRIES))
        .update_queue(Inbox(services.store))
        .concurrent_updates(Turns(services.store))
        .build()
    )
    app.add_handler(groups.not_for_us())
    for topic in (start, draw, language, models, admin, why, albums, photos, groups):
        app.add_handlers(topic.handlers(services))
    app.add_handler(start.catch_all(services))
    app.add_error_handler(partial(answer_error, services=services))
    return app


async def run(settings: Settings, token: str, api_url: str) -> None:
    """Answer updates until SIGTERM or SIGINT; answers in work are finished first."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with _services(settings) as services:
        app = build(services, token, api_url)
        if not await _connect(app, stop):
            return
        async with _polling(app), _background(set_menus(token, api_url, services)):
            log.info("reading photos as @%s", app.bot.username)
            await _tell_interrupted(app, services)
            await stop.wait()
            log.info("stopping: answers in work are finished")


@asynccontextmanager
async def _services(settings: Settings) -> AsyncIterator[Services]:
    services = await Services.open(settings)
    try:
        yield services
    finally:
        await services.close()


@asynccontextmanager
async def _polling(app: App) -> AsyncIterator[None]:
    inbox, updater = cast(Inbox, app.update_queue), cast(Updater, app.updater)
    await inbox.refill(app.bot)
    await app.start()
    await updater.start_polling(allowed_updates=Update.ALL_TYPES, bootstrap_retries=-1)
    try:
        yield
    finally:
        await updater.stop()
        await app.stop()
        await app.shutdown()


@asynccontextmanager
async def _background(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()


async def _connect(app: App, stop: asyncio.Event) -> bool:
    """Ask Telegram who we are until it answers; False if told to stop before."""
    while not stop.is_set():
        try:
            await app.initialize()
            return True
        except NetworkError as error:
            log.warning("Telegram is not reached, trying again: %s", error)
            await asyncio.sleep(RECONNECT_EVERY)
    return False


async def _tell_interrupted(app: App, services: Services) -> None:
    """Tell the admins whose trainings a former run did not finish."""
    for job in await services.store.interrupted_jobs():
        await services.store.end_job(job.id, "interrupted")
        text = services.say(None, "retrain-interrupted", kind=job.kind)
        try:
            await app.bot.edit_message_text(text, job.chat_id, job.message_id, parse_mode="HTML")
        except TelegramError as error:
            log.warning("an interrupted training was not told: %s", error)
