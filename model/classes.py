"""Names that every part of the project shares: the classes of a glyph, the kinds of network."""

from typing import Literal, get_args

CLASSES = 10  # digits; the label of a digit is the digit
NOT_A_DIGIT = 10  # the label beside them: a glyph that is no digit

Kind = Literal["clean", "noisy"]  # a trained network
Model = Literal["auto", "clean", "noisy"]  # who reads: one network, or "auto", both
KINDS: tuple[Kind, ...] = get_args(Kind)
MODELS: tuple[Model, ...] = get_args(Model)
