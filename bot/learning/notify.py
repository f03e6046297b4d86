"""The result of a training, put into the message that showed its progress.

It is sent by the process that trained or, if that one died, by another.
"""

import asyncio
import logging

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError

from bot.services import Services
from bot.store.tables import JobRow
from bot.texts import DEFAULT
from model.registry import VersionError

log = logging.getLogger(__name__)
TRIES, TRY_EVERY = 10, 30.0  # tries, and s between two: outlasts a network fault of five minutes


async def send_result(
    bot: Bot,
    services: Services,
    job: JobRow,
    text: str,
    buttons: InlineKeyboardMarkup | None = None,
) -> bool:
    """Put the result into the training's message; return False after TRIES network errors.

    The training then stays unreported, and the next process to start sends its result.
    """
    for _ in range(TRIES):
        try:
            await _put(bot, job, text, buttons)
        except BadRequest as error:
            log.warning("the result of a training cannot be sent: %s", error)
        except Forbidden:
            log.warning("an admin blocked the bot before the training ended")
        except NetworkError:
            await asyncio.sleep(TRY_EVERY)
            continue
        await services.store.jobs.mark_reported(job.id)
        return True
    return False


async def send_missing_result(bot: Bot, services: Services, job: JobRow) -> None:
    """Send the result of a training whose process died, or broke it off, before it did."""
    state = job.state
    if job.version and _serves(services, job.kind, job.version):
        state = "promoted"
    text = services.texts.say(
        job.language or DEFAULT,
        "retrain-ended",
        kind=job.kind,
        state=state,
        version=job.version or "",
    )
    await send_result(bot, services, job, text)


async def _put(bot: Bot, job: JobRow, text: str, buttons: InlineKeyboardMarkup | None) -> None:
    """Edit the message; if it was deleted, send a new one."""
    try:
        await bot.edit_message_text(
            text, job.chat_id, job.message_id, parse_mode=ParseMode.HTML, reply_markup=buttons
        )
    except BadRequest as error:
        if "not modified" not in error.message:
            await bot.send_message(job.chat_id, text, ParseMode.HTML, reply_markup=buttons)


def _serves(services: Services, kind: str, version: str) -> bool:
    try:
        return services.registry.serving(kind).name == version
    except VersionError:
        return False
