"""Tells admins how trainings ended: at once, or by another process where the first one died."""

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
TRIES, TRY_EVERY = 10, 30.0  # tries and s between them: a network fault of five minutes


async def tell_end(
    bot: Bot,
    services: Services,
    job: JobRow,
    text: str,
    buttons: InlineKeyboardMarkup | None = None,
) -> bool:
    """Replace the progress by the end; False if that has to wait for the bot's next start."""
    for _ in range(TRIES):
        try:
            await _put(bot, job, text, buttons)
        except BadRequest as error:
            log.warning("the end of a training cannot be told: %s", error)
        except Forbidden:
            log.warning("an admin blocked the bot before the training ended")
        except NetworkError:
            await asyncio.sleep(TRY_EVERY)
            continue
        await services.store.jobs.tell(job.id)
        return True
    return False


async def tell_untold(bot: Bot, services: Services, job: JobRow) -> None:
    """Tell an end that another process did not: of a training that its death cut off, say."""
    state = job.state
    if job.version and _serves(services, job.kind, job.version):
        state = "promoted"
    text = services.texts.say(
        job.language or DEFAULT,
        "retrain-untold",
        kind=job.kind,
        state=state,
        version=job.version or "",
    )
    await tell_end(bot, services, job, text)


async def _put(bot: Bot, job: JobRow, text: str, buttons: InlineKeyboardMarkup | None) -> None:
    """Edit the message; where it was deleted, send another one."""
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
