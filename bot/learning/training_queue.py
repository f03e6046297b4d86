"""Claims ordered trainings, one at a time, and tells the ends that nobody else tells."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot

from bot.learning.notify import tell_untold
from bot.learning.retraining import Retraining
from bot.services import Services
from bot.store.jobs import NOTICE
from bot.store.recovery import stop_if_damaged
from bot.store.tables import JobRow

log = logging.getLogger(__name__)
LOOK_EVERY = 10.0  # s between looks at the queue, should a notice of a change be lost


class TrainingQueue:
    """The trainings of one process; a worker's goes before a bot's."""

    def __init__(self, services: Services, bot: Bot) -> None:
        self._services, self._bot = services, bot
        self._job: JobRow | None = None  # in work here
        self._is_untidy = True  # a former process of this folder may have left files
        self._notified = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def work(self) -> None:
        """Claim and train; never returns. If it is cancelled, `close` ends what is in work."""
        self._services.store.on_notice[NOTICE] = self._notified.set
        while True:
            try:
                await self._look()
            except SQLAlchemyError as error:
                stop_if_damaged(error)
                log.error("the queue of trainings cannot be read: %s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._notified.wait(), LOOK_EVERY)
            self._notified.clear()

    async def _look(self) -> None:
        store, trainer = self._services.store, self._services.trainer
        if self._is_untidy:
            self._is_untidy = not await store.jobs.if_none_runs(trainer.tidy)
        for job in await store.jobs.claim_untold(store.replicas.me):
            self._do(tell_untold(self._bot, self._services, job))
        if self._job:
            await self._look_after(self._job)
        elif self._services.trains:
            for_worker = not store.replicas.trains
            self._job = await store.jobs.claim(store.replicas.me, for_worker=for_worker)
            if self._job:
                self._do(self._train(self._job))

    async def _look_after(self, job: JobRow) -> None:
        """End the training if an admin wants it, or if it is this process's no more."""
        row = await self._services.store.jobs.look(job.id)
        if row is None or row.cancelled or row.owner != job.owner:
            await self._services.trainer.cancel()

    async def _train(self, job: JobRow) -> None:
        try:
            rows = await self._services.store.corrections.taught()
            retraining = Retraining(self._services, self._bot, job, rows)
            try:
                is_to_be_told = await retraining.train()
            finally:
                self._job = None
                self._notified.set()
            if is_to_be_told:
                await retraining.tell()
        except Exception:  # the store may be full, or Telegram away
            log.exception("a training was not followed to its end")

    def _do(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # referred to, or it might be collected
        task.add_done_callback(self._tasks.discard)
