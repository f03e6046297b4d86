"""The explanation of one digit: its part of the photo, probabilities, and an occlusion map.

A grey patch is moved over the glyph; the map shows by how much the log-odds of the digit fall
when the patch covers a point (Zeiler and Fergus, "Visualizing and Understanding Convolutional
Networks", 2014, section 4.2).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.pictures.annotated import shown_box, upright
from bot.pictures.drawing import Picture
from model.ensemble import Ensemble
from model.reader import Digit, Reader, Reading
from model.serving import Classifier
from preprocessing.glyph import SIDE

PATCH, STEP = 6, 2  # px of the glyph: side of the patch, and distance between its positions
PATCH_INK = 0.5  # value of the patch: midway between paper (0) and ink (1)
EPSILON = 1e-6  # least probability in the log-odds, and least divisor
AROUND = 1.9  # ratio: side of the part of the photo that is shown, to the digit's longer side


class NetworkLabel(NamedTuple):
    """One network's label of the digit."""

    digit: int
    confidence: float


@dataclass(frozen=True, eq=False)
class Explanation:
    """The content of the picture."""

    digit: Digit
    part: Picture  # square around the digit, from the photo
    frame: tuple[int, int, int, int]  # the digit's x, y, width, height in that square
    probabilities: NDArray[np.float32]  # (10,)
    heat: NDArray[np.float32]  # (28, 28), 0 to 1
    model: str  # the network that read; "auto": both
    version: str  # its version, or those of both
    clean: NetworkLabel
    noisy: NetworkLabel


def explain(reader: Reader, photo: bytes, reading: Reading, position: int) -> Explanation:
    """Explain one digit of a reading."""
    digit = reading.digits[position]
    glyph = digit.glyph[np.newaxis]
    probabilities = {
        kind: net.predict(glyph).probabilities[0] for kind, net in reader.networks.items()
    }
    network = reader.networks[reading.model]
    part, frame = _around(upright(photo, reading.page), digit, reading)
    return Explanation(
        digit=digit,
        part=part,
        frame=frame,
        probabilities=probabilities[reading.model],
        heat=occlusion(network, digit.glyph, digit.digit),
        model=reading.model,
        version=reading.version,
        clean=_label_by(probabilities["clean"]),
        noisy=_label_by(probabilities["noisy"]),
    )


def occlusion(
    network: Classifier | Ensemble, glyph: NDArray[np.float32], digit: int
) -> NDArray[np.float32]:
    """Return the occlusion map of a float32 (28, 28) glyph for `digit`, (28, 28), 0 to 1."""
    starts = range(1 - PATCH // 2, SIDE - PATCH // 2, STEP)
    hidden, masks = [], []
    for top in starts:
        for left in starts:
            mask = np.zeros((SIDE, SIDE), bool)
            mask[max(0, top) : top + PATCH, max(0, left) : left + PATCH] = True
            masks.append(mask)
            hidden.append(np.where(mask, np.float32(PATCH_INK), glyph))
    odds = _log_odds(network.predict(np.array([glyph, *hidden])).probabilities[:, digit])
    loss = np.maximum(odds[0] - odds[1:], 0)
    covered = np.array(masks, np.float32)
    heat = np.tensordot(loss, covered, axes=1) / covered.sum(axis=0)
    return np.asarray(heat / max(float(heat.max()), EPSILON), np.float32)


def _log_odds(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return log-odds: near 0 and 1 they still show a change that probabilities hardly do."""
    kept = np.clip(probabilities.astype(np.float64), EPSILON, 1 - EPSILON)
    return np.log(kept / (1 - kept))


def _label_by(probabilities: NDArray[np.float32]) -> NetworkLabel:
    return NetworkLabel(int(probabilities.argmax()), float(probabilities.max()))


def _around(
    picture: Picture, digit: Digit, reading: Reading
) -> tuple[Picture, tuple[int, int, int, int]]:
    """Return a square of the photo around the digit, and the digit's box in it."""
    height, width = picture.shape[:2]
    x, y, w, h = shown_box(digit.box, reading.page, picture)
    side = min(round(AROUND * max(w, h)), width, height)
    left = min(max(0, x + w // 2 - side // 2), width - side)
    top = min(max(0, y + h // 2 - side // 2), height - side)
    return picture[top : top + side, left : left + side], (x - left, y - top, w, h)
