"""Whether a new version may serve: not worse on what is known, better on what users taught."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Scores: TypeAlias = Mapping[str, Any]
"""A version's scores as the training prints them."""

MAY_LOSE = 0.001  # of accuracy on validation: chance moves it as much
# Of the mean accuracy over the levels of noise. The clean network never trains on noise, guesses
# at the high levels, and moves by a point in harmless trainings.
MAY_LOSE_IN_NOISE = {"clean": 0.02, "noisy": MAY_LOSE}
FEW = 20  # held-out corrections; with fewer, one more right is chance and equal will do


@dataclass(frozen=True)
class HeldOut:
    """How many of the corrections that never train two versions read right."""

    before: int
    after: int
    count: int


def failed_test(kind: str, before: Scores, after: Scores, held_out: HeldOut) -> str | None:
    """Name the test by which a version should not serve: validation, noise, held-out; or None."""
    if before["mnist_validation"] - after["mnist_validation"] > MAY_LOSE:
        return "validation"
    if mean(before["noise"]) - mean(after["noise"]) > MAY_LOSE_IN_NOISE[kind]:
        return "noise"
    all_right = held_out.after == held_out.count
    equal_will_do = held_out.count < FEW or all_right
    if held_out.after < held_out.before + (not equal_will_do):
        return "held-out"
    return None


def mean(accuracies: Mapping[str, float]) -> float:
    """Return the mean over the levels of noise."""
    return sum(accuracies.values()) / len(accuracies)
