"""Who reads in `auto`: both networks together."""

import numpy as np
from numpy.typing import NDArray

from model.calibration import Prediction
from model.serving import REJECTION_THRESHOLD, Classifier


class Ensemble:
    """Both networks asked about every glyph, and the surer one heard.

    Each says how likely the glyph is this digit and a digit at all; whose product of the two is
    larger answers. Averaging read as well, but doubted more than it erred: under mild noise the
    calibration error of validation was 0.3 % where it is now 0.1.
    Whether it is a digit at all is what both say in the mean.
    """

    kind = "auto"

    def __init__(self, clean: Classifier, noisy: Classifier) -> None:
        self._networks = clean, noisy
        self.version = f"{clean.version} + {noisy.version}"
        self.confidence_threshold = max(clean.confidence_threshold, noisy.confidence_threshold)
        self.rejection_threshold = REJECTION_THRESHOLD

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        """Read float32 (n, 28, 28) glyphs, ink 1 on 0."""
        answers = [network.predict(glyphs) for network in self._networks]
        probabilities, is_digit = (np.stack(parts) for parts in zip(*answers, strict=True))
        heard = (is_digit * probabilities.max(axis=-1)).argmax(axis=0)
        return Prediction(probabilities[heard, np.arange(len(glyphs))], is_digit.mean(axis=0))
