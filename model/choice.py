"""Who reads a glyph in `auto`: a spoilt one the noisy network, any other both together."""

import cv2
import numpy as np
from numpy.typing import NDArray

from model.serving import CLASSES, Classifier, Prediction

PAPER_MOST = 0.004  # mean grey of the field's edge; 97 % of clean glyphs have less
ROUGH_MOST = 0.024  # mean distance of a pixel to the median of its 3x3 field; 91 % have less.
# Nine in a hundred clean glyphs go to `noisy`, which costs little; a twentieth of salt and pepper
# goes there nearly always.
INK_LEAST = 0.75  # of the darkest pixel; our pipeline makes it 1
CLEAN_SHARE = 1 / 3  # of the average of both: other hands gain as much by a half, glyphs with
# something missing, which look clean, lose more

Glyphs = NDArray[np.float32]


def look_noisy(glyphs: Glyphs) -> NDArray[np.bool_]:
    """Say of each of n glyphs (n, 28, 28) whether its ground is grey, speckled or grainy."""
    edge = np.concatenate([glyphs[:, 0], glyphs[:, -1], glyphs[:, :, 0], glyphs[:, :, -1]], axis=1)
    smooth = [cv2.medianBlur(glyph, 3) for glyph in glyphs]
    rough = np.abs(glyphs - np.reshape(smooth, glyphs.shape)).mean(axis=(1, 2))
    faint = glyphs.max(axis=(1, 2)) < INK_LEAST
    noisy = (edge.mean(axis=1) > PAPER_MOST) | (rough > ROUGH_MOST) | faint
    return np.asarray(noisy, bool)


class Together:
    """Both networks asked about every glyph: two look better than one, and either may doubt it."""

    kind = "auto"

    def __init__(self, clean: Classifier, noisy: Classifier) -> None:
        self._networks = clean, noisy
        self.version = f"{clean.version} + {noisy.version}"
        self.unsure_below = max(clean.unsure_below, noisy.unsure_below)

    def predict(self, glyphs: Glyphs) -> Prediction:
        """Read float32 (n, 28, 28) glyphs, ink 1 on 0."""
        clean, noisy = (network.predict(glyphs) for network in self._networks)
        probabilities = CLEAN_SHARE * clean.probabilities + (1 - CLEAN_SHARE) * noisy.probabilities
        return Prediction(probabilities, np.minimum(clean.is_digit, noisy.is_digit))


class Both:
    """The two as one classifier that chooses glyph by glyph: together, or the noisy one alone."""

    kind = "auto"

    def __init__(self, clean: Classifier, noisy: Classifier) -> None:
        self._together, self._noisy = Together(clean, noisy), noisy
        self.version = self._together.version

    def predict(self, glyphs: Glyphs) -> Prediction:
        """Read float32 (n, 28, 28) glyphs, each by what suits it."""
        spoilt = look_noisy(glyphs)
        probabilities = np.empty((len(glyphs), CLASSES), np.float32)
        is_digit = np.empty(len(glyphs), np.float32)
        for network, chosen in ((self._together, ~spoilt), (self._noisy, spoilt)):
            probabilities[chosen], is_digit[chosen] = network.predict(glyphs[chosen])
        return Prediction(probabilities, is_digit)
