"""Trainings asked for by one `/retrain`: each one's progress in one message, and its end."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from functools import partial
from html import escape

import numpy as np
from numpy.typing import NDArray
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, User
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.learning.announce import announce
from bot.learning.corrections import Learned, Pattern, from_rows, one_sided
from bot.learning.notify import tell_end
from bot.learning.promotion import Decision, decide
from bot.learning.report import learned_sheet, progress, table
from bot.learning.version_list import promote_button
from bot.services import Services
from bot.store.tables import JobRow
from bot.trainer import EndEvent, Event, Plan
from model.classes import NOT_A_DIGIT
from model.datasets.corrections import Corrections, trusted_file
from model.events import End, Progress

log = logging.getLogger(__name__)
CANCEL = "retrain:cancel"  # callback data of the button that ends a training
ASIDE = "retrain:aside"  # and, with :was:should_be, of the one that sets a pattern aside
EDIT_EVERY_IN_GROUP = 12.0  # s; a quarter of the 20 calls a minute that a group takes
EDIT_EVERY = 3.0  # s; Telegram refuses faster edits of one message after a while
FINETUNE_MINUTES, FULL_MINUTES = 10, 60  # expected on two cores, until trainings have shown


@dataclass
class Run:
    """One training, from its begin to its end."""

    job: JobRow
    corrections: Corrections
    numbers: NDArray[np.int64]  # (n,) of the corrections in the store
    trusted: NDArray[np.bool_]  # (n,), by the training
    pattern: Pattern | None  # to be looked at, while it trains
    edited: float = field(default_factory=time.monotonic)
    end: EndEvent | None = None
    verdict: Decision | None = None  # where it ended with a version


class Retraining:
    """Follows the trainings that an admin started in a chat, one after the other."""

    def __init__(
        self, services: Services, bot: Bot, admin: User, chat_id: int, topic: int | None
    ) -> None:
        self._services, self._bot = services, bot
        self._admin, self._chat_id, self._topic = admin, chat_id, topic
        self._run: Run

    async def on_event(self, plan: Plan, event: Event) -> None:
        """Show how a training goes; at its end let the version serve, unless it fails a test."""
        if event["event"] == "begin":
            self._run = await self._begin(plan)
            file = self._services.trainer.corrections
            await asyncio.to_thread(self._run.corrections.save, file)
        elif event["event"] == "start":
            file = trusted_file(self._services.trainer.corrections)
            self._run.trusted = await asyncio.to_thread(np.load, file)
        elif event["event"] == "progress":
            await self._show(plan, event)
        else:
            run = self._run
            run.end = event
            if event["event"] == "end":
                run.verdict = await decide(
                    self._services, run.job, run.corrections, run.trusted, event
                )

    async def tell_end(self, plan: Plan) -> None:
        """Say how it ended, where its progress stood."""
        run = self._run
        if not run.end:
            return
        if run.end["event"] == "end" and run.verdict:
            await self._tell_verdict(plan, run.end, run.verdict)
        else:
            # Told first: the disk may be so full that the store cannot note it.
            state, reason = run.end["event"], escape(str(run.end.get("reason", "")))
            await self._tell(self._say(plan, f"retrain-{state}", reason=reason))
            await self._services.store.jobs.end(run.job.id, state)

    async def _begin(self, plan: Plan) -> Run:
        """Say what will be done, before it is."""
        rows = await self._services.store.corrections.taught()
        corrections, pattern = from_rows(rows), one_sided(rows)
        text = self._say(
            plan,
            "retrain-start",
            how="full" if plan.full else "finetune",
            corrections=int((~corrections.held_out).sum()),
            minutes=await usual_minutes(self._services, plan),
        )
        message = await self._bot.send_message(
            self._chat_id,
            self._with_pattern(plan, text, pattern, len(rows)),
            ParseMode.HTML,
            reply_markup=self._buttons(plan, pattern),
            message_thread_id=self._topic,
        )
        place = self._chat_id, message.message_id
        job = await self._services.store.jobs.add(
            plan.kind, self._admin.id, *place, full=plan.full
        )
        numbers = np.array([row.id for row in rows], np.int64)
        return Run(job, corrections, numbers, np.ones(len(rows), np.bool_), pattern)

    async def _show(self, plan: Plan, event: Progress) -> None:
        now = time.monotonic()
        if now - self._run.edited < (EDIT_EVERY if self._chat_id > 0 else EDIT_EVERY_IN_GROUP):
            return
        self._run.edited = now
        run = self._run
        text = progress(partial(self._say, plan), event)
        text = self._with_pattern(plan, text, run.pattern, len(run.corrections.x))
        try:
            await self._bot.edit_message_text(
                text,
                self._chat_id,
                self._run.job.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=self._buttons(plan, run.pattern),
            )
        except TelegramError as error:  # progress may get lost, the training goes on
            log.warning("the progress of a training was not shown: %s", error)

    async def _tell_verdict(self, plan: Plan, event: End, verdict: Decision) -> None:
        """Tell all in figures and a picture."""
        key = "retrain-kept" if verdict.failed else "retrain-promoted"
        text = self._say(plan, key, version=escape(event["version"]), test=verdict.failed)
        learned, anyway = verdict.learned, None
        if learned:
            say = partial(self._say, plan)
            used, measured = learned.counts
            text += "\n" + say("retrain-used", used=used, measured=measured)
            text += "\n\n" + table(
                say, event["before"] or event["after"], event["after"], learned.held_out
            )
            if distrusted := int((~learned.trusted).sum()):
                text += "\n\n" + self._say(plan, "retrain-distrusted", count=distrusted)
            anyway = promote_button(say, plan.kind, event["version"]) if verdict.failed else None
        await self._tell(text, anyway)
        if learned and (len(learned.gained) or len(learned.missed)):
            await self._show_learned(plan, learned)
        if learned:
            trained = learned.gained[~learned.corrections.held_out[learned.gained]]
            numbers = self._run.numbers[trained].tolist()
            await self._services.store.corrections.note_learned(numbers, event["version"])
        if not verdict.failed:
            await announce(self._bot, self._services, event["version"])

    async def _tell(self, text: str, button: InlineKeyboardMarkup | None = None) -> None:
        await tell_end(self._bot, self._services, self._run.job, text, button)

    async def _show_learned(self, plan: Plan, learned: Learned) -> None:
        gained, missed = len(learned.gained), len(learned.missed)
        await self._bot.send_photo(
            self._chat_id,
            await self._services.draw(learned_sheet, learned),
            self._say(plan, "retrain-learned", gained=gained, missed=missed),
            message_thread_id=self._topic,
            reply_to_message_id=self._run.job.message_id,
            allow_sending_without_reply=True,
        )

    def _with_pattern(self, plan: Plan, text: str, pattern: Pattern | None, of_all: int) -> str:
        """Return a text, and under it the pattern that an admin should look at."""
        if not pattern:
            return text
        named = self._say(
            plan,
            "retrain-pattern",
            was=str(pattern.was),
            to="none" if pattern.should_be == NOT_A_DIGIT else str(pattern.should_be),
            count=pattern.corrections,
            all=of_all,
            users=pattern.users,
        )
        return f"{text}\n\n{named}"

    def _buttons(self, plan: Plan, pattern: Pattern | None) -> InlineKeyboardMarkup:
        keys = [("button-cancel", CANCEL)]
        if pattern:
            keys.append(("button-aside", f"{ASIDE}:{pattern.was}:{pattern.should_be}"))
        return InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(self._say(plan, key), callback_data=data)]
                for key, data in keys
            ]
        )

    def _say(self, plan: Plan, key: str, **values: str | float) -> str:
        return self._services.say(self._admin, key, kind=plan.kind, **values)


async def usual_minutes(services: Services, plan: Plan) -> int:
    """Return how long such a training takes, by the latest ones."""
    usual = await services.store.jobs.usual_seconds(plan.kind, full=plan.full)
    expected = FULL_MINUTES if plan.full else FINETUNE_MINUTES
    return expected if usual is None else max(1, round(usual / 60))
