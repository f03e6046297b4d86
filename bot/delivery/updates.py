"""Where updates come from: Telegram brings them, or polling asks for them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import cast

from telegram import Update
from telegram.error import Conflict, TelegramError
from telegram.ext import Updater

from bot.delivery.retry import FOREVER, retry
from bot.filters import App
from bot.settings import Settings

log = logging.getLogger(__name__)
POLLING_ENDS = 2.0  # s to tell Telegram what was received; the store knows it anyway


@asynccontextmanager
async def receiving(app: App, settings: Settings, secret: str) -> AsyncIterator[None]:
    """Let Telegram bring the updates, or ask for them."""
    updater, kinds = cast(Updater, app.updater), Update.ALL_TYPES
    if settings.webhook_url:
        register = partial(
            app.bot.set_webhook, settings.webhook_url, secret_token=secret, allowed_updates=kinds
        )
        await retry(register, FOREVER)
        yield
        return
    await updater.start_polling(
        allowed_updates=kinds, bootstrap_retries=-1, error_callback=_log_polling
    )
    try:
        yield
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(POLLING_ENDS):
                await updater.stop()


def _log_polling(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another program asks for this bot's updates; it has to be ended: %s", error)
    else:
        log.warning("updates do not come, asking again: %s", error)
