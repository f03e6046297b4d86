"""A trained version -> what it learned, and whether it serves from the next photo on."""

import asyncio
import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.learning.lessons import Learned, Lessons
from bot.learning.promotion import failed_test
from bot.learning.training import Event
from bot.services import Services
from bot.store.tables import JobRow
from model.serving import Classifier
from model.version import VersionError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verdict:
    """The test that it failed, "" for none; and what it learned, None if it does not load."""

    failed: str
    learned: Learned | None


async def judge(
    services: Services,
    job: JobRow,
    lessons: Lessons,
    credible: NDArray[np.bool_],
    event: Event,
) -> Verdict:
    """Promote the version that a training ended with, unless it fails a test."""
    version, jobs = event["version"], services.store.jobs
    # Noted before it serves: a bot killed in between still finds out at its next start.
    await jobs.end(job.id, "kept", version)
    try:
        serving, new = await asyncio.to_thread(_load, services, job.kind, version)
        learned = await asyncio.to_thread(Learned.of, lessons, credible, serving, new)
        failed = failed_test(event["before"], event["after"], learned.held_out)
        if not failed:
            await services.serve(job.kind, version)
            await jobs.end(job.id, "promoted", version)
    except VersionError:
        log.exception("version %s of %s does not load", version, job.kind)
        return Verdict("load", None)
    return Verdict(failed or "", learned)


def _load(services: Services, kind: str, version: str) -> tuple[Classifier, Classifier]:
    """Return the serving and the new version."""
    serving = Classifier.load(kind, services.settings.models_dir)
    return serving, Classifier(services.registry.find(kind, version))
