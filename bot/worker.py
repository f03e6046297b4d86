"""`python -m bot.worker`: runs the trainings of bots that share a store in PostgreSQL.

It needs TensorFlow, and the bots then need none: they claim no training while a worker is alive.
If there are several workers, one trains at a time.
"""

import argparse
import asyncio
import logging
import sys
from contextlib import AsyncExitStack, suppress

from sqlalchemy.exc import SQLAlchemyError

from bot.app import build_bot
from bot.delivery.inbox import Inbox
from bot.delivery.retry import FOREVER, retry
from bot.delivery.updates import Connections
from bot.learning.training_queue import TrainingQueue
from bot.lifecycle import beside, open_services, stop_signal, unless
from bot.settings import Settings, SettingsError
from bot.startup import start
from bot.store.replicas import BEATS, Replicas

log = logging.getLogger(__name__)
ABOUT = """\
Trains the networks for bots that share DATABASE_URL, a PostgreSQL one. Settings are the bots'."""


def main() -> int:
    """Run the worker; return 2 if a setting is wrong."""
    argparse.ArgumentParser(prog="python -m bot.worker", description=ABOUT).parse_args()
    return start(_run)


async def _run(settings: Settings) -> None:
    """Train until SIGTERM or SIGINT; a training that runs is interrupted."""
    if not settings.bot_token:
        raise SettingsError("BOT_TOKEN: a worker tells its admins on Telegram how trainings go")
    if settings.database.startswith("sqlite"):
        raise SettingsError(
            "DATABASE_URL: with SQLite the bot itself trains; a worker shares PostgreSQL"
        )
    stop, token = stop_signal(), settings.bot_token.get_secret_value()
    async with open_services(settings) as (services, _), AsyncExitStack() as opened:
        store = services.store
        store.replicas.trains = True
        connections = Connections.of(Inbox(store))
        bot = build_bot(services, token, settings.telegram_api_url, connections)
        opened.push_async_callback(bot.shutdown)
        if not await unless(stop, retry(bot.initialize, FOREVER)):
            return
        await store.replicas.beat()
        opened.push_async_callback(_leave, store.replicas)
        async with beside(
            store.listen(),
            _live(store.replicas, settings.lease_seconds / BEATS),
            services.follow_versions(),
            TrainingQueue(services, bot).work(),
        ):
            log.info("training for @%s", bot.username)
            await stop.wait()


async def _live(replicas: Replicas, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await replicas.beat()
        except SQLAlchemyError as error:
            log.error("this worker cannot show that it lives: %s", error)


async def _leave(replicas: Replicas) -> None:
    with suppress(SQLAlchemyError):
        await replicas.leave()


if __name__ == "__main__":
    sys.exit(main())
