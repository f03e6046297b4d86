"""Promotion: a version may lose next to nothing, and has to be better on what users taught."""

import pytest

from bot.learning.promotion import FEW, MAY_LOSE, HeldOut, failed_test

BEFORE = {"mnist_validation": 0.99, "noise": {"0.1": 0.98, "0.5": 0.96}}
NONE = HeldOut(0, 0, 0)
A_LITTLE, TOO_MUCH = 0.9 * MAY_LOSE, 1.1 * MAY_LOSE


def after(validation: float = 0.0, noise: float = 0.0) -> dict[str, object]:
    """Scores that have changed by that much."""
    return {
        "mnist_validation": 0.99 + validation,
        "noise": {"0.1": 0.98 + noise, "0.5": 0.96 + noise},
    }


@pytest.mark.parametrize(
    ("scores", "held_out", "failed"),
    [
        (after(), NONE, None),
        (after(validation=-A_LITTLE, noise=-A_LITTLE), NONE, None),
        (after(validation=-TOO_MUCH), NONE, "validation"),
        (after(noise=-TOO_MUCH), NONE, "noise"),
        (after(validation=0.01, noise=-TOO_MUCH), HeldOut(1, 9, 30), "noise"),
        (after(), HeldOut(3, 3, FEW - 1), None),
        (after(), HeldOut(3, 2, FEW - 1), "held-out"),
        (after(), HeldOut(3, 3, FEW), "held-out"),
        (after(), HeldOut(3, 4, FEW), None),
        (after(), HeldOut(FEW, FEW, FEW), None),
        (after(), HeldOut(FEW, FEW - 1, FEW), "held-out"),
    ],
)
def test_a_version_serves_unless_it_fails_a_test(
    scores: dict[str, object], held_out: HeldOut, failed: str | None
) -> None:
    assert failed_test("noisy", BEFORE, scores, held_out) == failed


def test_one_level_of_noise_may_lose_what_another_gains() -> None:
    scores = {"mnist_validation": 0.99, "noise": {"0.1": 0.99, "0.5": 0.95}}
    assert failed_test("noisy", BEFORE, scores, NONE) is None


def test_noise_hardly_counts_for_the_network_that_never_trained_on_it() -> None:
    assert failed_test("clean", BEFORE, after(noise=-10 * MAY_LOSE), NONE) is None
    assert failed_test("clean", BEFORE, after(noise=-30 * MAY_LOSE), NONE) == "noise"
    assert failed_test("clean", BEFORE, after(validation=-TOO_MUCH), NONE) == "validation"
