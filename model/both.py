"""Who reads in `auto`: both networks together."""

import numpy as np
from numpy.typing import NDArray

from model.serving import Classifier, Prediction

CLEAN_SHARE = 1 / 3  # of the average of both, chosen on validation over all kinds of noise


class Both:
    """Both networks asked about every glyph: two look better than one, and doubt better too."""

    kind = "auto"

    def __init__(self, clean: Classifier, noisy: Classifier) -> None:
        self._networks = clean, noisy
        self.version = f"{clean.version} + {noisy.version}"
        self.unsure_below = max(clean.unsure_below, noisy.unsure_below)

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        """Read float32 (n, 28, 28) glyphs, ink 1 on 0."""
        clean, noisy = (network.predict(glyphs) for network in self._networks)
        probabilities = CLEAN_SHARE * clean.probabilities + (1 - CLEAN_SHARE) * noisy.probabilities
        return Prediction(probabilities, np.mean([clean.is_digit, noisy.is_digit], axis=0))
