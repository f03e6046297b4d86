"""Convolution, pooling, and the feature maps of each layer, for the notebooks.

Only the maps need Keras, which takes 3 s to import.
"""

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from model.registry import KERAS, Registry

if TYPE_CHECKING:
    import keras

Picture = NDArray[np.float32]
KERNELS: dict[str, Picture] = {
    "edges to the right": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], np.float32)
    / np.float32(4),
    "edges downwards": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], np.float32) / np.float32(4),
    "blur": np.full((3, 3), 1 / 9, np.float32),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], np.float32),
}


def convolve(picture: Picture, kernel: Picture) -> Picture:
    """Correlate a (height, width) picture with a kernel, as a convolution layer does."""
    return np.asarray(cv2.filter2D(picture, cv2.CV_32F, kernel), np.float32)


def pool(picture: Picture, size: int = 2) -> Picture:
    """Max pooling: keep the greatest of each size x size square of a (height, width) picture."""
    height, width = (side // size for side in picture.shape)
    squares = picture[: height * size, : width * size].reshape(height, size, width, size)
    return np.asarray(squares.max(axis=(1, 3)))


def load_network(kind: str) -> "keras.Model":
    """Load the Keras form of the version that serves."""
    import keras

    path = Registry().serving(kind).folder / KERAS
    return keras.saving.load_model(path, compile=False)


def feature_maps(network: "keras.Model", glyph: Picture) -> dict[str, NDArray[np.float32]]:
    """Return the feature maps of a (28, 28) glyph after each ReLU: (side, side, channels)."""
    import keras

    activations = [layer for layer in network.layers if isinstance(layer, keras.layers.ReLU)]
    outputs = keras.Model(network.input, [layer.output for layer in activations])(
        glyph[None, ..., None]
    )
    return {f"convolution {i}": np.asarray(maps)[0] for i, maps in enumerate(outputs, start=1)}


def contact_sheet(pictures: Picture, columns: int) -> Picture:
    """Arrange (n, height, width) pictures in rows of `columns`; places left over are 0."""
    count, height, width = pictures.shape
    rows = -(-count // columns)
    filled = np.zeros((rows * columns, height, width), pictures.dtype)
    filled[:count] = pictures
    grid = filled.reshape(rows, columns, height, width).swapaxes(1, 2)
    return grid.reshape(rows * height, columns * width)
