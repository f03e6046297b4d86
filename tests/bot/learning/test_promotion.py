"""Promotion: a version may lose at most LOSS_MAX, and must read held-out corrections better."""

import pytest

from bot.learning.corrections import HeldOut
from bot.learning.promotion import FEW, LOSS_MAX, failed_test
from model.registry import Scores
from tests.versions import SCORES

BEFORE: Scores = {**SCORES, "own_noise": 0.97}
NONE = HeldOut(0, 0, 0)
A_LITTLE, TOO_MUCH = 0.9 * LOSS_MAX, 1.1 * LOSS_MAX


def after(validation: float = 0.0, noise: float = 0.0) -> Scores:
    """Scores with the accuracy changed by so much."""
    return {**BEFORE, "mnist_validation": 0.99 + validation, "own_noise": 0.97 + noise}


@pytest.mark.parametrize(
    ("scores", "held_out", "improvement", "failed"),
    [
        (after(), NONE, 1, None),
        (after(validation=-A_LITTLE, noise=-A_LITTLE), NONE, 1, None),
        (after(validation=-TOO_MUCH), NONE, 1, "validation"),
        (after(noise=-TOO_MUCH), NONE, 1, "noise"),
        (after(validation=0.01, noise=-TOO_MUCH), HeldOut(1, 9, 30), 1, "noise"),
        (after(), HeldOut(3, 3, FEW - 1), 1, None),
        (after(), HeldOut(3, 2, FEW - 1), 1, "held-out"),
        (after(), HeldOut(3, 3, FEW), 1, "held-out"),
        (after(), HeldOut(3, 4, FEW), 1, None),
        (after(), HeldOut(FEW, FEW, FEW), 1, None),
        (after(), HeldOut(FEW, FEW - 1, FEW), 1, "held-out"),
        (after(), NONE, 0, "nothing"),
        (after(), HeldOut(3, 3, FEW - 1), 0, "nothing"),
        (after(), HeldOut(3, 3, FEW - 1), -2, "nothing"),
        (after(validation=A_LITTLE, noise=A_LITTLE), NONE, 0, "nothing"),
        (after(validation=TOO_MUCH), NONE, 0, None),
        (after(noise=TOO_MUCH), NONE, 0, None),
    ],
)
def test_a_version_serves_unless_it_fails_a_test(
    scores: Scores, held_out: HeldOut, improvement: int, failed: str | None
) -> None:
    assert failed_test(BEFORE, scores, held_out, improvement) == failed
