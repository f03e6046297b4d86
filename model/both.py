"""Who reads in `auto`: both networks together."""

import numpy as np
from numpy.typing import NDArray

from model.serving import ODD_BELOW, Classifier, Prediction

LEAST = 1e-6  # of doubt: where neither sees a digit, both have a say all the same


class Both:
    """Both networks asked about every glyph: two look better than one, and doubt better too.

    Each says how likely the glyph is this digit and a digit at all; the average of that is the
    answer, so that the network which takes noise for no digit has little say in which one it is.
    """

    kind = "auto"

    def __init__(self, clean: Classifier, noisy: Classifier) -> None:
        self._networks = clean, noisy
        self.version = f"{clean.version} + {noisy.version}"
        self.unsure_below = max(clean.unsure_below, noisy.unsure_below)
        self.odd_below = ODD_BELOW

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        """Read float32 (n, 28, 28) glyphs, ink 1 on 0."""
        answers = [network.predict(glyphs) for network in self._networks]
        probabilities, is_digit = (np.stack(parts) for parts in zip(*answers, strict=True))
        say = np.maximum(is_digit, LEAST)
        say /= say.sum(axis=0)
        weighed = say[..., np.newaxis] * probabilities
        return Prediction(weighed.sum(axis=0), is_digit.mean(axis=0))
