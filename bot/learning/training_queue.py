"""Claims ordered trainings, one at a time, and reports those whose process died."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot

from bot.learning.notify import send_missing_result
from bot.learning.retraining import Retraining
from bot.services import Services
from bot.store.jobs import NOTICE
from bot.store.recovery import stop_if_damaged
from bot.store.tables import JobRow
from bot.trainer import Trainer

log = logging.getLogger(__name__)
POLL_EVERY = 10.0  # s between reads of the queue, in case a notice of a change is lost


class TrainingQueue:
    """The trainings of one process; a bot claims none while a worker process is alive."""

    def __init__(self, services: Services, bot: Bot) -> None:
        self._services, self._bot = services, bot
        self._job: JobRow | None = None  # claimed by this process
        self._trainer = Trainer(services.settings)  # of that job, as a cancellation is
        self._unreported: list[JobRow] = []  # whose end or report this process broke off
        self._is_untidy = True  # a former process with this DATA_DIR may have left files
        self._notified = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        """Claim trainings and start each in a task of its own; never returns."""
        self._services.store.on_notice[NOTICE] = self._notified.set
        while True:
            try:
                await self._poll()
            except SQLAlchemyError as error:
                stop_if_damaged(error)
                log.error("the queue of trainings cannot be read: %s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._notified.wait(), POLL_EVERY)
            self._notified.clear()

    async def _poll(self) -> None:
        store = self._services.store
        if self._is_untidy:
            self._is_untidy = not await store.jobs.if_none_runs(self._trainer.tidy)
        while self._unreported:
            await store.jobs.give_up(self._unreported[0])
            del self._unreported[0]
        for job in await store.jobs.claim_unreported(store.replicas.me):
            self._do(send_missing_result(self._bot, self._services, job))
        if self._job:
            await self._cancel_if_lost(self._job)
        elif self._services.trains:
            for_worker = not store.replicas.trains
            self._job = await store.jobs.claim(store.replicas.me, for_worker=for_worker)
            if self._job:
                self._trainer = Trainer(self._services.settings)
                self._do(self._train(self._job))

    async def _cancel_if_lost(self, job: JobRow) -> None:
        """End the training if an admin cancelled it or another process took it over."""
        row = await self._services.store.jobs.current(job.id)
        if row is None or row.cancelled or row.owner != job.owner:
            await self._trainer.cancel()

    async def _train(self, job: JobRow) -> None:
        try:
            try:
                rows = await self._services.store.corrections.taught()
                retraining = Retraining(self._services, self._bot, self._trainer, job, rows)
                must_report = await retraining.train()
            finally:
                self._job = None
                self._notified.set()
            if must_report:
                await retraining.report()
        # Of the store, of Telegram or of the test of a new version; the queue must go on.
        except Exception:
            log.exception("a training was not followed to its end")
            self._unreported.append(job)
            self._notified.set()

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # asyncio itself keeps only a weak reference
        task.add_done_callback(self._tasks.discard)
