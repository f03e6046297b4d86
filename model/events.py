"""Events of a training process: one JSON object per line on its standard output.

A training sends `start`, any number of `progress`, then one of `end` and `failed`. Both sides use
these types: `model.training` writes them, the bot parses them. No TensorFlow is imported here.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter
from typing_extensions import TypedDict

from model.registry import Scores


class Start(TypedDict):
    """The data is ready and the first epoch begins."""

    event: Literal["start"]
    kind: str
    epochs: int
    glyphs: int  # that train, repeats of corrections included
    corrections: int  # that train, each counted once
    parameters: int  # of the network


class Progress(TypedDict):
    """About once a second, and at the end of each epoch."""

    event: Literal["progress"]
    epoch: int  # from 1
    epochs: int
    done: float  # share of all steps, 0 to 1
    loss: float
    accuracy: float  # on the training batches of this epoch so far, 0 to 1
    val_accuracy: float | None  # on the validation split after the last epoch; None in the first
    seconds_left: int


class End(TypedDict):
    """A new version is on disk."""

    event: Literal["end"]
    kind: str
    version: str
    minutes: float
    before: Scores | None  # of the version that served; None where none did
    after: Scores
    promoted: bool


class Failed(TypedDict):
    """No version was made."""

    event: Literal["failed"]
    reason: str  # a sentence for an admin, or ""


Event: TypeAlias = Start | Progress | End | Failed
_PARSER: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def parse(line: bytes) -> Event:
    """Return the event of one line; raises ValueError for a line that is none."""
    return _PARSER.validate_json(line)
