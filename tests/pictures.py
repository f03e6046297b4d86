"""Photos for end-to-end tests: digits of the MNIST test split, written large on grey paper."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

MNIST = Path(__file__).parents[1] / "model" / "data" / "mnist.npz"
PAPER, INK = 225, 40  # grey levels
SIDE = 200  # px of one digit on the photo


def photo_of(text: str) -> bytes:
    """A JPEG of these digits on one line, each the first of its class in the test split."""
    digits = [_enlarged(int(digit)) for digit in text]
    ink = np.pad(np.hstack(digits), 140)
    shade = np.linspace(1.0, 0.85, ink.shape[1])
    gray = (PAPER - ink * (PAPER - INK)) * shade
    return encode(gray)


def encode(gray: NDArray[np.float64], kind: str = ".jpg") -> bytes:
    """A picture file of grey levels 0 to 255."""
    done, data = cv2.imencode(kind, gray.astype(np.uint8))
    assert done
    return bytes(data)


@cache
def _enlarged(digit: int) -> NDArray[np.float64]:
    with np.load(MNIST) as mnist:
        index = int(np.flatnonzero(mnist["y_test"] == digit)[0])
        glyph = mnist["x_test"][index]
    large = cv2.resize(glyph, dsize=(SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.asarray(large > 127, np.float64)
