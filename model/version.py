"""One trained network on disk, and whether it is fit to serve.

Its folder is <kind>/<version>/ with model.keras, model.tflite and card.json.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from model.card import Card

# What comes with the project; only `make train` writes there.
SHIPPED = Path(__file__).resolve().parent / "weights"
KERAS, TFLITE, CARD = "model.keras", "model.tflite", "card.json"
LITERT_TOLERANCE = 1e-5  # largest difference of a probability between LiteRT and Keras


class VersionError(Exception):
    """A version that does not exist, is broken or may not be touched; says so in a sentence."""


@dataclass(frozen=True)
class Version:
    """One trained network on disk; `name` sorts by its time of birth."""

    kind: str
    name: str
    folder: Path

    @property
    def shipped(self) -> bool:
        """Whether it came with the program."""
        return self.folder.parent.parent == SHIPPED

    def card(self) -> Card:
        """Read the card; raises VersionError when it is missing or cut."""
        try:
            card: Card = json.loads((self.folder / CARD).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise VersionError(f"{self.kind} {self.name} has no readable card") from error
        return card

    def check(self) -> Card:
        """Return the card of a version fit to serve; raises VersionError for any other."""
        card = self.card()
        try:
            whole = Card.__required_keys__ <= set(card)
            digest = hashlib.sha256((self.folder / TFLITE).read_bytes()).hexdigest()
            sound = card["kind"] == self.kind and card["tflite_sha256"] == digest
            equal = card["litert_difference"] <= LITERT_TOLERANCE
        except (OSError, KeyError, TypeError) as error:
            raise VersionError(f"{self.kind} {self.name} is incomplete") from error
        if not whole:
            raise VersionError(f"the card of {self.kind} {self.name} is incomplete")
        if not sound:
            raise VersionError(f"{self.kind} {self.name} is not the network its card describes")
        if not equal:
            raise VersionError(
                f"{self.kind} {self.name} answers otherwise in LiteRT than in Keras"
            )
        return card
