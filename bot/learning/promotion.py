"""Whether a new version may serve: not worse on what is known, better on what users taught."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Scores: TypeAlias = Mapping[str, Any]
"""A version's scores as the training prints them."""

MAY_LOSE = 0.001  # of accuracy, on validation and under noise: chance moves it as much
FEW = 20  # held-out corrections; with fewer, one more right is chance and equal will do


@dataclass(frozen=True)
class HeldOut:
    """How many of the corrections that never train two versions read right."""

    before: int
    after: int
    count: int


def failed_test(before: Scores, after: Scores, held_out: HeldOut) -> str | None:
    """Name the test by which a version should not serve: validation, noise, held-out; or None."""
    for name, key in (("validation", "mnist_validation"), ("noise", "own_noise")):
        if before[key] - after[key] > MAY_LOSE:
            return name
    all_right = held_out.after == held_out.count
    equal_will_do = held_out.count < FEW or all_right
    if held_out.after < held_out.before + (not equal_will_do):
        return "held-out"
    return None
