"""One training that an admin ordered: its corrections, its progress and its result."""

import asyncio
import logging
import time
from collections.abc import Sequence
from functools import partial
from html import escape

import numpy as np
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.learning.announce import announce
from bot.learning.corrections import Learned, from_rows
from bot.learning.notify import send_result
from bot.learning.promotion import Decision, decide
from bot.learning.report import learned_sheet, left_out_lines, table
from bot.learning.training_message import TrainingMessage
from bot.learning.version_list import promote_button
from bot.services import Services
from bot.store.recovery import stop_if_damaged
from bot.store.tables import CorrectionRow, JobRow
from bot.texts import DEFAULT
from bot.trainer import EndEvent, Event, Plan, Trainer
from model.events import End, Progress

log = logging.getLogger(__name__)
EDIT_EVERY_IN_GROUP = 12.0  # s between edits: a quarter of the 20 calls a minute of a group
EDIT_EVERY = 3.0  # s between edits: Telegram soon refuses more frequent ones of one message
FINETUNE_MINUTES, FULL_MINUTES = 10, 60  # expected on two cores, before a training was measured


class Retraining:
    """A training of this process, with the corrections that no admin set aside."""

    def __init__(
        self,
        services: Services,
        bot: Bot,
        trainer: Trainer,
        job: JobRow,
        rows: Sequence[CorrectionRow],
    ) -> None:
        self._services, self._bot, self._trainer, self._job = services, bot, trainer, job
        say = partial(services.texts.say, job.language or DEFAULT)
        self._message = TrainingMessage.of(say, job.kind, rows)
        self._say = self._message.say
        self._numbers = np.array([row.id for row in rows], np.int64)
        self._corrections = from_rows(rows)
        self._use = np.zeros(len(rows), np.uint8)  # values of `Use`, set by the first event
        self._edited = time.monotonic()
        self._end: EndEvent
        self._decision: Decision

    async def train(self) -> bool:
        """Train, and promote the version unless it fails a test. Return whether to call `report`.

        False if another process took this one as dead: it reports the training as interrupted.
        """
        services, job = self._services, self._job
        plan = Plan(job.kind, job.full)
        self._end = end = await self._trainer.train(plan, self._corrections, self._follow)
        if end["event"] != "end":
            return await self._store_end(end["event"])
        # Stored before it serves: if this process dies in between, another one reports the result.
        if not await services.store.jobs.end(job, "kept", end["version"]):
            return False
        await services.sync_versions()
        self._decision = await decide(services, job, self._corrections, self._use, end)
        return True

    async def report(self) -> None:
        """Put the result in the place of the progress."""
        end = self._end
        if end["event"] == "end":
            await self._report_version(end, self._decision)
            return
        reason = escape(str(end.get("reason", "")))
        await self._send_result(self._say(f"retrain-{end['event']}", reason=reason))

    async def _store_end(self, state: str) -> bool:
        """Store an end without a version; return whether to report it (yes on a full disk)."""
        jobs, job = self._services.store.jobs, self._job
        try:
            # The row is gone if the admin's data was deleted meanwhile.
            return await jobs.end(job, state) or await jobs.current(job.id) is None
        except SQLAlchemyError as error:
            stop_if_damaged(error)
            log.error("the end of a training cannot be stored: %s", error)
            return True

    async def _follow(self, event: Event) -> None:
        if event["event"] == "start":
            self._use = await asyncio.to_thread(np.load, self._trainer.uses_file)
        else:
            await self._show(event)

    async def _show(self, event: Progress) -> None:
        now = time.monotonic()
        if now - self._edited < (EDIT_EVERY if self._job.chat_id > 0 else EDIT_EVERY_IN_GROUP):
            return
        self._edited = now
        try:
            await self._bot.edit_message_text(
                self._message.progress(event),
                self._job.chat_id,
                self._job.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=self._message.buttons,
            )
        except TelegramError as error:  # the training goes on without this edit
            log.warning("the progress of a training was not shown: %s", error)

    async def _report_version(self, event: End, decision: Decision) -> None:
        """Send scores and a sheet of digits, and store what was learned from each correction."""
        key = "retrain-kept" if decision.failed else "retrain-promoted"
        text = self._say(key, version=escape(event["version"]), test=decision.failed)
        learned, anyway = decision.learned, None
        if learned:
            used, measured = learned.counts
            text += "\n" + self._say("retrain-used", used=used, measured=measured)
            text += "\n\n" + table(
                self._say, event["before"] or event["after"], event["after"], learned.held_out
            )
            if left_out := left_out_lines(self._say, learned.use.tolist()):
                text += f"\n\n{left_out}"
            if decision.failed:
                anyway = promote_button(self._say, self._job.kind, event["version"])
        await self._send_result(text, anyway)
        if learned and (len(learned.gained) or len(learned.missed)):
            await self._show_learned(learned)
        if learned:
            trained = learned.gained[~learned.corrections.held_out[learned.gained]]
            numbers = self._numbers[trained].tolist()
            await self._services.store.corrections.note_learned(numbers, event["version"])
            uses = zip(self._numbers.tolist(), learned.use.tolist(), strict=True)
            await self._services.store.corrections.note_uses(dict(uses))
        if not decision.failed:
            await announce(self._bot, self._services, event["version"])

    async def _send_result(self, text: str, button: InlineKeyboardMarkup | None = None) -> None:
        await send_result(self._bot, self._services, self._job, text, button)

    async def _show_learned(self, learned: Learned) -> None:
        gained, missed = len(learned.gained), len(learned.missed)
        await self._bot.send_photo(
            self._job.chat_id,
            await self._services.draw(learned_sheet, learned),
            self._say("retrain-learned", gained=gained, missed=missed),
            message_thread_id=self._job.topic,
            reply_to_message_id=self._job.message_id,
            allow_sending_without_reply=True,
        )


async def usual_minutes(services: Services, plan: Plan) -> int:
    """Return how many minutes such a training takes, by the latest ones."""
    usual = await services.store.jobs.usual_seconds(plan.kind, full=plan.full)
    expected = FULL_MINUTES if plan.full else FINETUNE_MINUTES
    return expected if usual is None else max(1, round(usual / 60))
