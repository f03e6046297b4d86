"""What is known of a trained version: the content of its card.json."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict


@dataclass(frozen=True)
class Settings:
    """What a training was asked to do; all of it goes on the card."""

    kind: str
    epochs: int
    seed: int
    finetune: bool
    limit: int | None  # MNIST glyphs at most; None: all of them
    origin: str | None = None  # the kind whose serving version a full training goes on from


class Scores(TypedDict):
    """What a training says of a version, to compare it with another; accuracies 0 to 1."""

    mnist_validation: float
    mnist_test: float
    noise: dict[str, float]  # salt and pepper level -> accuracy on the validation glyphs
    own_noise: float  # accuracy there under the noise that the network is for
    ms_per_glyph: float
    unsure_below: float


class Card(TypedDict):
    """What is known of a version, as `card.json` holds it."""

    kind: str
    created: str  # UTC, ISO 8601
    parameters: int
    preprocessing: str  # VERSION of the recipe its glyphs were made by
    training: dict[str, float | int | str | bool | None]
    data: dict[str, int | str]  # glyphs by kind of source, SHA-256 of what trained
    scores: Scores | None  # of the training that made it; None while it is being judged
    history: dict[str, list[float]]  # one value an epoch
    temperature: float  # the digit logits are divided by it
    unsure_below: float  # a confidence under it gets a question mark
    odd_below: NotRequired[float]  # an `is_digit` under it too; cards of before have none
    litert_difference: float
    tflite_sha256: str
