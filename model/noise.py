"""What goes wrong with a glyph on its way: families of noise, five levels each.

After MNIST-C (Mu and Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision", 2019): each of
NOISES is f(glyphs, amount, rng) on float32 (n, 28, 28), ink 1 on 0; its levels go from just
visible to hard for a person. Training spoils glyphs by those of TRAINED, `clean`'s the least; the
others are a surprise.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from model.distortion import (
    SIDE,
    Glyph,
    defocus,
    motion_blur,
    scale,
    shift,
    slant,
    thick,
    thin,
    turn,
)

Glyphs = NDArray[np.float32]
Spoil = Callable[[Glyphs, float, np.random.Generator], Glyphs]
MIDDLE = 2  # index of the level that targets speak of
MILD = 1  # index of the level that hardly bothers a person


class Noise(NamedTuple):
    """One family: how it spoils glyphs, and the five amounts that are measured."""

    spoil: Spoil
    levels: tuple[float, float, float, float, float]


def salt_pepper(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Turn a share of the pixels black or white, half of them each."""
    dice = rng.random(glyphs.shape, np.float32)
    return np.where(dice < amount / 2, 0, np.where(dice < amount, 1, glyphs)).astype(np.float32)


def gaussian(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Add normal noise of this standard deviation to every pixel."""
    return _bounded(glyphs + amount * rng.standard_normal(glyphs.shape, np.float32))


def shot(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Count photons: 1 / amount of them make full ink."""
    return _bounded(rng.poisson(glyphs / amount) * amount)


def contrast(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Take this share of the ink's strength away."""
    return glyphs * np.float32(1 - amount)


def grey(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Lift the paper to this grey, the ink staying as it is."""
    return amount + (1 - np.float32(amount)) * glyphs


def haze(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Lay a veil over ink and paper that is thicker here than there."""
    veil = np.float32(amount) * _clouds(len(glyphs), rng)
    return _bounded(glyphs * (1 - veil) + veil * 0.6)


def uneven(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Darken the paper from one side to the other, up to this grey."""
    across, down = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE))
    angle = rng.uniform(0, 2 * np.pi, (len(glyphs), 1, 1))
    slope = (np.cos(angle) * across + np.sin(angle) * down) / 2 + 0.5
    return _bounded(np.maximum(glyphs, amount * slope))


def stripes(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Draw stripes of this grey, three to six px apart, over paper and ink."""
    apart = rng.uniform(3, 6, (len(glyphs), 1, 1))
    angle = rng.uniform(0, np.pi, (len(glyphs), 1, 1))
    across, down = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    way = np.cos(angle) * across + np.sin(angle) * down
    return _bounded(np.maximum(glyphs, amount * (way % apart < 1)))


def lines(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Draw this many lines across, one px thick and as dark as ink."""
    drawn = glyph.copy()
    for _ in range(round(amount)):
        here, there = (int(end) for end in rng.integers(0, SIDE, 2))
        if rng.random() < 0.5:
            cv2.line(drawn, (0, here), (SIDE, there), color=1.0)
        else:
            cv2.line(drawn, (here, 0), (there, SIDE), color=1.0)
    return drawn


def spots(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Drop this many blots of one to two px radius."""
    drawn = glyph.copy()
    for x, y in rng.integers(0, SIDE, (round(amount), 2)):
        cv2.circle(drawn, (int(x), int(y)), int(rng.integers(1, 3)), color=1.0, thickness=-1)
    return drawn


def occlusion(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Cover a square of this many px with paper, somewhere over the ink."""
    drawn = glyph.copy()
    x, y = rng.integers(4, SIDE - 4 - round(amount), 2)
    drawn[y : y + round(amount), x : x + round(amount)] = 0
    return drawn


def _each(spoil: Callable[[Glyph, float, np.random.Generator], Glyph]) -> Spoil:
    """Make a family for many glyphs of what is done to one."""

    def spoil_each(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
        return np.stack([spoil(glyph, amount, rng) for glyph in glyphs])

    return spoil_each


NOISES: dict[str, Noise] = {
    "salt_pepper": Noise(salt_pepper, (0.05, 0.1, 0.2, 0.3, 0.5)),
    "gaussian": Noise(gaussian, (0.1, 0.2, 0.3, 0.45, 0.6)),
    "shot": Noise(shot, (0.05, 0.1, 0.2, 0.4, 0.7)),
    "defocus": Noise(_each(defocus), (0.7, 1.0, 1.4, 1.8, 2.2)),
    "motion_blur": Noise(_each(motion_blur), (2, 3, 5, 7, 9)),
    "contrast": Noise(contrast, (0.3, 0.5, 0.7, 0.8, 0.9)),
    "grey": Noise(grey, (0.15, 0.3, 0.45, 0.6, 0.75)),
    "haze": Noise(haze, (0.3, 0.5, 0.7, 0.85, 0.95)),
    "uneven": Noise(uneven, (0.2, 0.35, 0.5, 0.65, 0.8)),
    "stripes": Noise(stripes, (0.2, 0.35, 0.5, 0.7, 0.9)),
    "lines": Noise(_each(lines), (1, 2, 3, 4, 6)),
    "spots": Noise(_each(spots), (2, 4, 6, 9, 13)),
    "occlusion": Noise(_each(occlusion), (4, 6, 8, 9, 10)),
    "thin": Noise(_each(thin), (0.2, 0.4, 0.6, 0.8, 0.95)),
    "thick": Noise(_each(thick), (0.4, 0.7, 1.0, 1.4, 1.8)),
    "turn": Noise(_each(turn), (6, 12, 18, 24, 30)),
    "slant": Noise(_each(slant), (0.15, 0.3, 0.45, 0.6, 0.75)),
    "scale": Noise(_each(scale), (0.9, 0.8, 0.7, 0.6, 0.5)),
    "shift": Noise(_each(shift), (1, 2, 3, 4, 5)),
}
HELD_OUT = ("shot", "motion_blur", "uneven", "stripes", "spots")  # no network trains on them
# What ordinary photos do to strokes, on white paper: what `clean` is judged by.
OF_STROKES = ("defocus", "motion_blur", "thin", "thick", "turn", "slant", "scale", "shift")
TRAINED = tuple(name for name in NOISES if name not in HELD_OUT)


def _bounded(glyphs: NDArray[np.floating]) -> Glyphs:
    return np.asarray(np.clip(glyphs, 0, 1), np.float32)


def _clouds(count: int, rng: np.random.Generator) -> Glyphs:
    """Return (count, 28, 28) of soft fields from 0 to 1."""
    coarse = rng.random((count, 4, 4), np.float32)
    soft = [cv2.resize(field, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for field in coarse]
    return _bounded(np.reshape(soft, (count, SIDE, SIDE)))
