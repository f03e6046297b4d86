"""Glyphs -> calibrated probabilities, by the LiteRT interpreter and without TensorFlow."""

import logging
import threading
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from model.calibration import Prediction, calibrated
from model.classes import CLASSES
from model.quantization import quantized
from model.registry import TFLITE, Registry, Version, VersionError
from preprocessing.glyph import SIDE

log = logging.getLogger(__name__)


class Classifier:
    """One version, loaded; thread-safe."""

    def __init__(self, version: Version) -> None:
        """Load a version; raises VersionError when it is not fit to serve."""
        card = version.check()
        self.kind = version.kind
        self.version = version.name
        self.confidence_threshold = card["unsure_below"]
        self.rejection_threshold = card["odd_below"]
        self._temperature = card["temperature"]
        # The file is in float32, as it was compared with Keras.
        self._network = Network(quantized((version.folder / TFLITE).read_bytes()))

    @classmethod
    def load(cls, kind: str, root: Path | None = None) -> "Classifier":
        """Load the version that serves; where it cannot be loaded, the one that did before."""
        for version in reversed(Registry(root).history(kind)):
            try:
                return cls(version)
            except VersionError as error:
                log.warning("%s; the version before it serves", error)
        raise VersionError(f"there is no {kind} version that could serve")

    def predict(self, glyphs: NDArray[np.float32]) -> Prediction:
        """Read float32 (n, 28, 28) glyphs, ink 1 on 0."""
        return calibrated(self._network.logits(glyphs), self._temperature)

    estimate = predict  # one network alone cannot answer in less time


class Network:
    """A LiteRT file as a function from glyphs to logits; thread-safe by a lock."""

    def __init__(self, content: bytes) -> None:
        """Load a .tflite file's bytes; raises VersionError when they are none."""
        try:
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._input = self._interpreter.get_input_details()[0]["index"]
            self._output = self._interpreter.get_output_details()[0]["index"]
            self._interpreter.resize_tensor_input(self._input, (1, SIDE, SIDE, 1))
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise VersionError("this is no network that LiteRT can load") from error
        self._lock = threading.Lock()

    def logits(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, 11) logits of (n, 28, 28) glyphs: ten digits, then "this is a digit".

        One by one: in batches, for which memory is allocated anew, they are no faster.
        """
        rows = [self._run(glyph) for glyph in glyphs[:, np.newaxis, :, :, np.newaxis]]
        return np.concatenate([np.empty((0, CLASSES + 1), np.float32), *rows])

    def _run(self, glyph: NDArray[np.float32]) -> NDArray[np.float32]:
        with self._lock:
            self._interpreter.set_tensor(self._input, glyph)
            self._interpreter.invoke()
            return np.asarray(self._interpreter.get_tensor(self._output), np.float32)
