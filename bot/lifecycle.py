"""Start and shutdown of the bot: the order in which its parts open and close."""

import asyncio
import faulthandler
import fcntl
import hashlib
import hmac
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import cast

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import BadRequest, TelegramError

from bot.app import build
from bot.chat_action import ChatActions
from bot.damage import Damage, found_in, set_aside, watch_data_dir
from bot.delivery.inbox import Inbox
from bot.delivery.retry import FOREVER, retry
from bot.delivery.update_processor import UpdateProcessor
from bot.delivery.updates import Connections, receiving
from bot.filters import App
from bot.learning.training_queue import TrainingQueue
from bot.menus import set_menus
from bot.metrics import Metrics
from bot.services import Services
from bot.settings import Settings
from bot.store.recovery import StoreError, reason, stop_if_damaged
from bot.web.server import Web

log = logging.getLogger(__name__)
LOCK_FILE = "lock"  # in DATA_DIR; the system releases the lock even when the process is killed
IN_USE = "Another bot runs on {data_dir} (DATA_DIR): stop it, or give this one its own folder."
PRUNE_EVERY = 3600.0  # s between deletions of what is too old
TASKS_END = 2.0  # s for cancelled background tasks to end
STOP_MAX = 9.0  # s from the signal to a forced exit: a thread that reads cannot be cancelled
ANSWERS_END = 5.0  # s to finish answers at a stop; the others are sent after the next start


def _webhook_secret(settings: Settings, token: str) -> str:
    """Return the secret by which webhook requests of Telegram are recognised.

    If none is set it is derived from the token, and so the same in all processes of a bot.
    """
    if settings.webhook_secret:
        return settings.webhook_secret.get_secret_value()
    return hmac.new(token.encode(), b"webhook secret", hashlib.sha256).hexdigest()


class StartError(Exception):
    """The bot cannot start; the message names the cause."""


async def run(
    settings: Settings,
    token: str,
    api_url: str,
    opened_services: Callable[[Services], None] = lambda services: None,
) -> None:
    """Answer updates until SIGTERM or SIGINT; then finish those in work within ANSWERS_END.

    `opened_services` is called with the services once they are open.

    Raises StartError, and InvalidToken if Telegram refuses the token.
    """
    stop = stop_signal()
    async with open_services(settings) as (services, damaged):
        connections, metrics = Connections.of(Inbox(services.store)), Metrics()
        opened_services(services)
        app = build(services, token, api_url, connections)
        secret = _webhook_secret(settings, token)
        web = Web(app, services, connections, metrics, secret)
        async with AsyncExitStack() as opened:
            opened.push_async_callback(app.bot.shutdown)
            if not await unless(stop, retry(app.initialize, FOREVER)):
                return
            processor = UpdateProcessor(
                services.store,
                cast(Inbox, app.update_queue),
                metrics,
                ChatActions(services),
                settings.lease_seconds,
            )
            await opened.enter_async_context(_handling(app, processor))
            await opened.enter_async_context(_listening(web, settings))
            try:
                await opened.enter_async_context(receiving(app, settings, secret))
            except BadRequest as error:
                raise StartError(f"WEBHOOK_URL: Telegram says {error.message}") from error
            log.info("reading photos as @%s", app.bot.username)
            async with beside(
                set_menus(token, api_url, services),
                services.follow_versions(),
                _prune(services),
                TrainingQueue(services, app.bot).work(),
                _report_damages(app, services, damaged),
                watch_data_dir(settings, services.store, partial(_report_damage, app, services)),
            ):
                await unless(stop, connections.polling.until_given_up())
            log.info("stopping: answers in work are finished")


async def _prune(services: Services) -> None:
    """Delete what is too old, every PRUNE_EVERY; never returns."""
    while True:
        try:
            await services.store.prune(services.settings.keep_readings_days)
        except SQLAlchemyError as error:
            stop_if_damaged(error)
            log.error("what is too old cannot be deleted: %s", error)
        await asyncio.sleep(PRUNE_EVERY)


def stop_signal() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set; STOP_MAX later the process is ended."""
    stop = asyncio.Event()

    def begin_to_stop() -> None:
        faulthandler.dump_traceback_later(STOP_MAX, exit=True)
        stop.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, begin_to_stop)
    return stop


@contextmanager
def only_process(settings: Settings) -> Iterator[None]:
    """Lock `DATA_DIR` for this process; raises StartError if another process holds the lock.

    With SQLite two processes would answer every photo twice and write the same files. With
    PostgreSQL there is no lock: processes divide the updates between them, and each may have a
    folder of its own.
    """
    if make_url(settings.database).get_backend_name() != "sqlite":
        yield
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / LOCK_FILE).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError(IN_USE.format(data_dir=settings.data_dir)) from None
        yield


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[tuple[Services, list[Damage]]]:
    """Open the services and close them at the end; with them, what was found damaged.

    Raises StartError.
    """
    with ExitStack() as held:
        try:
            held.enter_context(only_process(settings))
            damaged = await asyncio.to_thread(set_aside, settings)
            services = await Services.open(settings)
            damaged += found_in(services.store)
        except StoreError as error:
            raise StartError(str(error)) from error
        except (OSError, SQLAlchemyError, ImportError) as error:  # the last: no such driver
            what = f"The store cannot be opened (DATA_DIR, DATABASE_URL): {reason(error)}"
            raise StartError(what) from error
        try:
            yield services, damaged
        finally:
            await _end_tasks()
            await services.close()


@asynccontextmanager
async def beside(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run coroutines in the background; cancel them when the block ends without an error."""
    tasks = [asyncio.create_task(work) for work in works]
    yield
    for task in tasks:
        task.cancel()


async def _end_tasks() -> None:
    """Cancel all other tasks: one that waits for a closed store would never end."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=TASKS_END)


async def unless(stop: asyncio.Event, work: Coroutine[None, None, None]) -> bool:
    """Run a coroutine until it ends or `stop` is set; return whether it ended."""
    tasks = asyncio.create_task(work), asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    if tasks[0] in done:
        await tasks[0]
    return tasks[0] in done


@asynccontextmanager
async def _handling(app: App, processor: UpdateProcessor) -> AsyncIterator[None]:
    """Handle updates of the last run and new ones; at the end finish those in work."""
    await app.start()
    await processor.start(app)
    try:
        yield
    finally:
        await processor.drain(ANSWERS_END)
        await app.stop()
        await app.shutdown()


@asynccontextmanager
async def _listening(web: Web, settings: Settings) -> AsyncIterator[None]:
    if settings.serves:
        try:
            await web.start()
        except OSError as error:
            raise StartError(f"LISTEN cannot be used: {error.strerror}") from error
    try:
        yield
    finally:
        await web.stop()


async def _report_damages(app: App, services: Services, damaged: list[Damage]) -> None:
    for damage in damaged:
        await _report_damage(app, services, damage)


async def _report_damage(app: App, services: Services, damage: Damage) -> None:
    for admin in services.settings.admin_ids:
        text = services.say(None, damage.key, **damage.values)
        with suppress(TelegramError):  # an admin who never wrote to the bot
            await app.bot.send_message(admin, text)
