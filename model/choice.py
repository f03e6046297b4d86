"""Which of the two networks reads a glyph: how spoilt it looks, and both networks as one."""

import cv2
import numpy as np
from numpy.typing import NDArray

from model.serving import Classifier, Prediction

PAPER_MOST = 0.004  # mean grey of the field's edge; 97 % of clean glyphs have less
ROUGH_MOST = 0.024  # mean distance of a pixel to the median of its 3x3 field; 91 % have less.
# Nine in a hundred clean glyphs go to `noisy`, which costs nothing; a twentieth of salt and pepper
# goes there nearly always, and `clean` would read a third of it wrong.
INK_LEAST = 0.75  # of the darkest pixel; our pipeline makes it 1

Glyphs = NDArray[np.float32]


def look_noisy(glyphs: Glyphs) -> NDArray[np.bool_]:
    """Say of each of n glyphs (n, 28, 28) whether its ground is grey, speckled or grainy."""
    edge = np.concatenate([glyphs[:, 0], glyphs[:, -1], glyphs[:, :, 0], glyphs[:, :, -1]], axis=1)
    smooth = [cv2.medianBlur(glyph, 3) for glyph in glyphs]
    rough = np.abs(glyphs - np.reshape(smooth, glyphs.shape)).mean(axis=(1, 2))
    faint = glyphs.max(axis=(1, 2)) < INK_LEAST
    noisy = (edge.mean(axis=1) > PAPER_MOST) | (rough > ROUGH_MOST) | faint
    return np.asarray(noisy, bool)


class Both:
    """The clean and the noisy network as one classifier that chooses glyph by glyph."""

    kind = "auto"

    def __init__(self, clean: Classifier, noisy: Classifier) -> None:
        self._clean, self._noisy = clean, noisy
        self.version = f"{clean.version} or {noisy.version}"

    def predict(self, glyphs: Glyphs) -> Prediction:
        """Read float32 (n, 28, 28) glyphs, each by the network that suits it."""
        spoilt = look_noisy(glyphs)
        clean, noisy = self._clean.predict(glyphs[~spoilt]), self._noisy.predict(glyphs[spoilt])
        probabilities = np.empty((len(glyphs), clean.probabilities.shape[1]), np.float32)
        is_digit = np.empty(len(glyphs), np.float32)
        for part, chosen in ((clean, ~spoilt), (noisy, spoilt)):
            probabilities[chosen], is_digit[chosen] = part
        return Prediction(probabilities, is_digit)
