"""The promotion test: a trained version that passes it serves from the next photo on."""

import asyncio
import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.learning.corrections import HeldOut, Learned
from bot.services import Services
from bot.store.tables import JobRow
from model.datasets.corrections import Corrections
from model.events import End
from model.registry import Scores, VersionError
from model.serving import Classifier

log = logging.getLogger(__name__)
LOSS_MAX = 0.001  # accuracy on validation or under noise: two trainings differ by it by chance
FEW = 20  # held-out corrections: with fewer, no loss is enough; with more, a gain is needed


@dataclass(frozen=True)
class Decision:
    """The test that a version failed ("": none) and what it learned (None: it does not load)."""

    failed: str
    learned: Learned | None


async def decide(
    services: Services,
    job: JobRow,
    corrections: Corrections,
    use: NDArray[np.uint8],
    event: End,
) -> Decision:
    """Promote the version that a training ended with, unless it fails a test.

    `use`: values of `Use` for n corrections, (n,).
    """
    version = event["version"]
    try:
        serving, new = await asyncio.to_thread(_load, services, job.kind, version)
        learned = await asyncio.to_thread(Learned.of, corrections, use, serving, new)
        # Without scores "before" no version served, so there is nothing to lose.
        scores_before = event["before"] or event["after"]
        used, _measured = learned.counts
        failed = failed_test(scores_before, event["after"], learned.held_out, learned.improvement)
        failed = failed or ("" if used else "nothing")
        if not failed:
            await services.serve(job.kind, version)
            await services.store.jobs.end(job, "promoted", version)
    except VersionError:
        log.exception("version %s of %s does not load", version, job.kind)
        return Decision("load", None)
    return Decision(failed or "", learned)


def _load(services: Services, kind: str, version: str) -> tuple[Classifier, Classifier]:
    """Return the serving and the new version."""
    serving = Classifier.load(kind, services.settings.models_dir)
    return serving, Classifier(services.registry.find(kind, version))


def failed_test(before: Scores, after: Scores, held_out: HeldOut, improvement: int) -> str | None:
    """Return the first test that a version fails, None if it passes all.

    "validation", "noise": accuracy lost; "held-out": corrections that did not train lost, or not
    gained; "nothing": neither a correction nor accuracy gained.
    `improvement`: how many corrections more it reads right.
    """
    if before["mnist_validation"] - after["mnist_validation"] > LOSS_MAX:
        return "validation"
    if before["own_noise"] - after["own_noise"] > LOSS_MAX:
        return "noise"
    all_right = held_out.after == held_out.count
    must_gain = held_out.count >= FEW and not all_right
    if held_out.after < held_out.before + must_gain:
        return "held-out"
    gains = (
        after["mnist_validation"] - before["mnist_validation"],
        after["own_noise"] - before["own_noise"],
    )
    if improvement <= 0 and max(gains) <= LOSS_MAX:
        return "nothing"
    return None
