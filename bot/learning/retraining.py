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

from bot.learning.lessons import Learned, Lessons
from bot.learning.promotion import failed_test
from bot.learning.report import progress, table
from bot.learning.telling import tell_end
from bot.learning.training import Event, Plan
from bot.learning.version_list import promote_button
from bot.pictures.sheet import learned_sheet
from bot.services import Services
from bot.store.tables import JobRow
from model.registry import Registry, VersionError
from model.serving import Classifier

log = logging.getLogger(__name__)

CANCEL = "retrain:cancel"  # callback data of the button that ends a training
EDIT_EVERY = 3.0  # s; Telegram refuses faster edits of one message after a while
FINETUNE_MINUTES, FULL_MINUTES = 5, 60  # expected on two cores, until trainings have shown


@dataclass
class Work:
    """One training in work."""

    row: JobRow
    lessons: Lessons
    credible: NDArray[np.bool_]  # the corrections that the training found credible
    edited: float = field(default_factory=time.monotonic)


class Retraining:
    """Follows the events of the trainings that an admin started in a chat."""

    def __init__(self, services: Services, bot: Bot, admin: User, chat_id: int) -> None:
        self._services, self._bot = services, bot
        self._admin, self._chat_id = admin, chat_id
        self._work: Work

    async def __call__(self, plan: Plan, event: Event) -> None:
        """Show how a training goes; at its end let the version serve, or say why not."""
        if event["event"] == "begin":
            self._work = await self._begin(plan)
            await asyncio.to_thread(self._work.lessons.save, self._services.trainer.lessons)
        elif event["event"] == "start":
            self._work.credible = np.array(event["believed"], np.bool_)
        elif event["event"] == "progress":
            await self._show(plan, event)
        elif event["event"] == "end":
            await self._judge(plan, event)
        else:
            reason = escape(str(event.get("reason", "")))
            text = self._say(plan, f"retrain-{event['event']}", reason=reason)
            # Told first: the disk may be so full that the store cannot note it.
            await tell_end(self._bot, self._services, self._work.row, text)
            await self._services.store.jobs.end(self._work.row.id, event["event"])

    async def _begin(self, plan: Plan) -> Work:
        """Say what will be done, before it is."""
        jobs = self._services.store.jobs
        lessons = Lessons.of(await self._services.store.corrections.taught())
        usual = await jobs.usual_seconds(plan.kind, full=plan.full)
        expected = FULL_MINUTES if plan.full else FINETUNE_MINUTES
        text = self._say(
            plan,
            "retrain-start",
            how="full" if plan.full else "finetune",
            corrections=int((~lessons.held_out).sum()),
            minutes=expected if usual is None else max(1, round(usual / 60)),
        )
        message = await self._bot.send_message(
            self._chat_id, text, ParseMode.HTML, reply_markup=self._cancel_button(plan)
        )
        place = self._chat_id, message.message_id
        row = await jobs.add(plan.kind, self._admin.id, *place, full=plan.full)
        return Work(row, lessons, np.ones(len(lessons.users), np.bool_))

    async def _show(self, plan: Plan, event: Event) -> None:
        now = time.monotonic()
        if now - self._work.edited < EDIT_EVERY:
            return
        self._work.edited = now
        text = progress(partial(self._say, plan), event)
        try:
            await self._bot.edit_message_text(
                text,
                self._chat_id,
                self._work.row.message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=self._cancel_button(plan),
            )
        except TelegramError as error:  # progress may get lost, the training goes on
            log.warning("the progress of a training was not shown: %s", error)

    async def _judge(self, plan: Plan, event: Event) -> None:
        """Promote the version unless it fails a test; tell all in figures and a picture."""
        version, row, jobs = event["version"], self._work.row, self._services.store.jobs
        # Noted before it serves: a bot killed in between still finds out at its next start.
        await jobs.end(row.id, "kept", version)
        learned, failed = None, "load"
        try:
            learned = await asyncio.to_thread(self._compare, plan.kind, version)
            scores = event["before"], event["after"]
            failed = failed_test(plan.kind, *scores, learned.held_out) or ""
            if not failed:
                await self._services.serve(plan.kind, version)
                await jobs.end(row.id, "promoted", version)
        except VersionError:
            log.exception("version %s of %s does not load", version, plan.kind)
        await self._report(plan, event, failed, learned)

    async def _report(
        self, plan: Plan, event: Event, failed: str, learned: Learned | None
    ) -> None:
        key = "retrain-kept" if failed else "retrain-promoted"
        text = self._say(plan, key, version=escape(event["version"]), test=failed)
        anyway = None
        if learned:
            say = partial(self._say, plan)
            text += "\n\n" + table(say, event["before"], event["after"], learned.held_out)
            anyway = promote_button(say, plan.kind, event["version"]) if failed else None
        await tell_end(self._bot, self._services, self._work.row, text, anyway)
        if learned and (len(learned.gained) or len(learned.missed)):
            caption = self._say(
                plan, "retrain-learned", gained=len(learned.gained), missed=len(learned.missed)
            )
            await self._bot.send_photo(
                self._chat_id,
                await asyncio.to_thread(learned_sheet, learned),
                caption,
                reply_to_message_id=self._work.row.message_id,
                allow_sending_without_reply=True,
            )

    def _compare(self, kind: str, version: str) -> Learned:
        """Ask the serving and the new version; raises VersionError if one does not load."""
        root = self._services.settings.models_dir
        serving, new = Classifier.load(kind, root), Classifier(Registry(root).find(kind, version))
        return Learned.of(self._work.lessons, self._work.credible, serving, new)

    def _cancel_button(self, plan: Plan) -> InlineKeyboardMarkup:
        button = InlineKeyboardButton(self._say(plan, "button-cancel"), callback_data=CANCEL)
        return InlineKeyboardMarkup([[button]])

    def _say(self, plan: Plan, key: str, **values: str | float) -> str:
        return self._services.say(self._admin, key, kind=plan.kind, **values)
