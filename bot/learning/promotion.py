"""The promotion test: whether a trained version serves from the next photo on."""

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
MAY_LOSE = 0.001  # accuracy lost on validation or under noise: it moves by chance as much
FEW = 20  # held-out corrections: of fewer, as many have to be right as before; of more, more


@dataclass(frozen=True)
class Decision:
    """The test that a version failed, "" for none; and what it learned, or None."""

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

    `use`: what the training did with each of n corrections, (n,).
    """
    version = event["version"]
    try:
        serving, new = await asyncio.to_thread(_load, services, job.kind, version)
        learned = await asyncio.to_thread(Learned.of, corrections, use, serving, new)
        # Without scores of before nothing served, so nothing can get worse.
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
    """Name the test by which a version should not serve; None if it passes all.

    They are validation, noise, held-out, and nothing: that it learned nothing.

    Args:
        improvement: of how many more corrections it reads right.
    """
    if before["mnist_validation"] - after["mnist_validation"] > MAY_LOSE:
        return "validation"
    if before["own_noise"] - after["own_noise"] > MAY_LOSE:
        return "noise"
    all_right = held_out.after == held_out.count
    equal_will_do = held_out.count < FEW or all_right
    if held_out.after < held_out.before + (not equal_will_do):
        return "held-out"
    gains = (
        after["mnist_validation"] - before["mnist_validation"],
        after["own_noise"] - before["own_noise"],
    )
    if improvement <= 0 and max(gains) <= MAY_LOSE:
        return "nothing"
    return None
