"""One training that an admin ordered: what it learns from, its progress, and its end."""

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
from bot.learning.notify import tell_end
from bot.learning.promotion import Decision, decide
from bot.learning.report import learned_sheet, left_out_lines, table
from bot.learning.training_message import TrainingMessage
from bot.learning.version_list import promote_button
from bot.services import Services
from bot.store.recovery import stop_if_damaged
from bot.store.tables import CorrectionRow, JobRow
from bot.texts import DEFAULT
from bot.trainer import EndEvent, Event, Plan
from model.events import End, Progress

log = logging.getLogger(__name__)
EDIT_EVERY_IN_GROUP = 12.0  # s; a quarter of the 20 calls a minute that a group takes
EDIT_EVERY = 3.0  # s; Telegram refuses faster edits of one message after a while
FINETUNE_MINUTES, FULL_MINUTES = 10, 60  # expected on two cores, until trainings have shown


class Retraining:
    """A training of this process, with the corrections that no admin set aside."""

    def __init__(
        self, services: Services, bot: Bot, job: JobRow, rows: Sequence[CorrectionRow]
    ) -> None:
        self._services, self._bot, self._job = services, bot, job
        say = partial(services.texts.say, job.language or DEFAULT)
        self._message = TrainingMessage.of(say, job.kind, rows)
        self._say = self._message.say
        self._numbers = np.array([row.id for row in rows], np.int64)
        self._corrections = from_rows(rows)
        self._use = np.zeros(len(rows), np.uint8)  # until the training has said what it does
        self._edited = time.monotonic()
        self._end: EndEvent
        self._verdict: Decision

    async def train(self) -> bool:
        """Train, and let the version serve unless it fails a test; then `tell` has to be called.

        False if another process took this one for dead and tells that it was interrupted.
        """
        services, job = self._services, self._job
        plan = Plan(job.kind, job.full)
        self._end = end = await services.trainer.train(plan, self._corrections, self._follow)
        if end["event"] != "end":
            return await self._note(end["event"])
        # Noted before it serves: what kills this process in between is told by another.
        if not await services.store.jobs.end(job, "kept", end["version"]):
            return False
        await services.sync_versions()
        self._verdict = await decide(services, job, self._corrections, self._use, end)
        return True

    async def tell(self) -> None:
        """Say how it ended, in the place of its progress."""
        end = self._end
        if end["event"] == "end":
            await self._tell_verdict(end, self._verdict)
            return
        reason = escape(str(end.get("reason", "")))
        await self._tell(self._say(f"retrain-{end['event']}", reason=reason))

    async def _note(self, state: str) -> bool:
        """Note an end without a version; said all the same where the disk is full."""
        jobs, job = self._services.store.jobs, self._job
        try:
            # Of an admin who had herself forgotten there is no row.
            return await jobs.end(job, state) or await jobs.look(job.id) is None
        except SQLAlchemyError as error:
            stop_if_damaged(error)
            log.error("the end of a training cannot be noted: %s", error)
            return True

    async def _follow(self, event: Event) -> None:
        if event["event"] == "start":
            file = self._services.trainer.uses_file
            self._use = await asyncio.to_thread(np.load, file)
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
        except TelegramError as error:  # progress may get lost, the training goes on
            log.warning("the progress of a training was not shown: %s", error)

    async def _tell_verdict(self, event: End, verdict: Decision) -> None:
        """Tell all in figures and a picture."""
        key = "retrain-kept" if verdict.failed else "retrain-promoted"
        text = self._say(key, version=escape(event["version"]), test=verdict.failed)
        learned, anyway = verdict.learned, None
        if learned:
            used, measured = learned.counts
            text += "\n" + self._say("retrain-used", used=used, measured=measured)
            text += "\n\n" + table(
                self._say, event["before"] or event["after"], event["after"], learned.held_out
            )
            if left_out := left_out_lines(self._say, learned.use.tolist()):
                text += f"\n\n{left_out}"
            if verdict.failed:
                anyway = promote_button(self._say, self._job.kind, event["version"])
        await self._tell(text, anyway)
        if learned and (len(learned.gained) or len(learned.missed)):
            await self._show_learned(learned)
        if learned:
            trained = learned.gained[~learned.corrections.held_out[learned.gained]]
            numbers = self._numbers[trained].tolist()
            await self._services.store.corrections.note_learned(numbers, event["version"])
            uses = zip(self._numbers.tolist(), learned.use.tolist(), strict=True)
            await self._services.store.corrections.note_uses(dict(uses))
        if not verdict.failed:
            await announce(self._bot, self._services, event["version"])

    async def _tell(self, text: str, button: InlineKeyboardMarkup | None = None) -> None:
        await tell_end(self._bot, self._services, self._job, text, button)

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
    """Return how long such a training takes, by the latest ones."""
    usual = await services.store.jobs.usual_seconds(plan.kind, full=plan.full)
    expected = FULL_MINUTES if plan.full else FINETUNE_MINUTES
    return expected if usual is None else max(1, round(usual / 60))
