"""Metrics for Prometheus, and one log line for each photo."""

import logging

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from telegram import Update

from bot.filters import FOR_US
from bot.update_context import UpdateContext

log = logging.getLogger(__name__)
SECONDS = (0.05, 0.1, 0.2, 0.4, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0)  # s, bounds of the histogram


class Metrics:
    """Counters and a histogram since the start; `/metrics` serves `registry`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._photos = Counter(
            "digits_photos", "Photos by how they ended", ["outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "digits_answer_seconds",
            "From the arrival of a photo to the end of its answer",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.unfinished = Gauge(
            "digits_updates_unfinished", "Updates in work or waiting", registry=self.registry
        )
        self.corrections = Gauge(
            "digits_corrections", "Corrections in the store", registry=self.registry
        )
        self.serving = Gauge(
            "digits_serving",
            "The versions that serve",
            ["kind", "version"],
            registry=self.registry,
        )

    def observe(self, update: Update, work: UpdateContext, seconds: float) -> None:
        """Count and log a finished update, if it was a picture that the bot should read."""
        if update.message and FOR_US.check_update(update):
            self._photos.labels(work.outcome).inc()
            self._seconds.observe(seconds)
            log.info("photo %s after %.0f ms", work.outcome, 1000 * seconds)
