"""What goes wrong with a glyph on its way: families of noise, five levels each.

After MNIST-C (Mu and Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision", 2019): every
family is f(glyphs, amount, rng) on float32 (n, 28, 28), ink 1 on 0; its levels go from just
visible to hard for a person. `noisy` trains on those of TRAINED, the others are a surprise.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Glyphs = NDArray[np.float32]
SIDE = 28  # px
MIDDLE = 2  # index of the level that targets speak of
MILD = 1  # index of the level that hardly bothers a person


class Noise(NamedTuple):
    """One family: how it spoils glyphs, and the five amounts that are measured."""

    spoil: Callable[[Glyphs, float, np.random.Generator], Glyphs]
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


def defocus(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Blur by a Gaussian of this sigma in px."""
    return _each(
        glyphs, lambda glyph: np.asarray(cv2.GaussianBlur(glyph, (0, 0), amount), np.float32)
    )


def motion_blur(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Smear along a line of this length in px, at any angle."""

    def smear(glyph: Glyphs) -> Glyphs:
        angle = rng.uniform(0, np.pi)
        steps = np.linspace(-amount / 2, amount / 2, 2 * round(amount) + 1)
        moved = [_warp(glyph, np.eye(2), (s * np.cos(angle), s * np.sin(angle))) for s in steps]
        return np.asarray(np.mean(moved, axis=0), np.float32)

    return _each(glyphs, smear)


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


def lines(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Draw this many lines across, one px thick and as dark as ink."""

    def cross(glyph: Glyphs) -> Glyphs:
        drawn = glyph.copy()
        for _ in range(round(amount)):
            here, there = (int(end) for end in rng.integers(0, SIDE, 2))
            if rng.random() < 0.5:
                cv2.line(drawn, (0, here), (SIDE, there), color=1.0)
            else:
                cv2.line(drawn, (here, 0), (there, SIDE), color=1.0)
        return drawn

    return _each(glyphs, cross)


def spots(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Drop this many blots of one to two px radius."""

    def blot(glyph: Glyphs) -> Glyphs:
        drawn = glyph.copy()
        for x, y in rng.integers(0, SIDE, (round(amount), 2)):
            cv2.circle(drawn, (int(x), int(y)), int(rng.integers(1, 3)), color=1.0, thickness=-1)
        return drawn

    return _each(glyphs, blot)


def occlusion(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Cover a square of this many px with paper, somewhere over the ink."""

    def cover(glyph: Glyphs) -> Glyphs:
        drawn = glyph.copy()
        x, y = rng.integers(4, SIDE - 4 - round(amount), 2)
        drawn[y : y + round(amount), x : x + round(amount)] = 0
        return drawn

    return _each(glyphs, cover)


def thin(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Wear strokes down towards a one px erosion; 1 is all the way."""
    return _each(glyphs, lambda g: g + np.float32(amount) * (cv2.erode(g, CROSS) - g))


def thick(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Swell strokes by this many px on both sides, part of the way for a fraction."""

    def swell(glyph: Glyphs) -> Glyphs:
        whole = cv2.dilate(glyph, CROSS, iterations=int(amount)) if amount >= 1 else glyph
        return whole + np.float32(amount % 1) * (cv2.dilate(whole, CROSS) - whole)

    return _each(glyphs, swell)


def turn(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Turn by this many degrees, to either side."""

    def roll(glyph: Glyphs) -> Glyphs:
        angle = np.radians(amount) * rng.choice((-1, 1))
        way = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return _warp(glyph, way, (0, 0))

    return _each(glyphs, roll)


def slant(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Lean by this many px across for each px down, to either side."""
    return _each(
        glyphs,
        lambda glyph: _warp(glyph, np.array([[1, amount * rng.choice((-1, 1))], [0, 1]]), (0, 0)),
    )


def scale(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Make the digit smaller, to this share of its size."""
    return _each(glyphs, lambda glyph: _warp(glyph, np.eye(2) * amount, (0, 0)))


def shift(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Move by this many px in any direction."""

    def move(glyph: Glyphs) -> Glyphs:
        angle = rng.uniform(0, 2 * np.pi)
        return _warp(glyph, np.eye(2), (amount * np.cos(angle), amount * np.sin(angle)))

    return _each(glyphs, move)


CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))

NOISES: dict[str, Noise] = {
    "salt_pepper": Noise(salt_pepper, (0.05, 0.1, 0.2, 0.3, 0.5)),
    "gaussian": Noise(gaussian, (0.1, 0.2, 0.3, 0.45, 0.6)),
    "shot": Noise(shot, (0.05, 0.1, 0.2, 0.4, 0.7)),
    "defocus": Noise(defocus, (0.7, 1.0, 1.4, 1.8, 2.2)),
    "motion_blur": Noise(motion_blur, (2, 3, 5, 7, 9)),
    "contrast": Noise(contrast, (0.3, 0.5, 0.7, 0.8, 0.9)),
    "grey": Noise(grey, (0.15, 0.3, 0.45, 0.6, 0.75)),
    "haze": Noise(haze, (0.3, 0.5, 0.7, 0.85, 0.95)),
    "uneven": Noise(uneven, (0.2, 0.35, 0.5, 0.65, 0.8)),
    "stripes": Noise(stripes, (0.2, 0.35, 0.5, 0.7, 0.9)),
    "lines": Noise(lines, (1, 2, 3, 4, 6)),
    "spots": Noise(spots, (2, 4, 6, 9, 13)),
    "occlusion": Noise(occlusion, (4, 6, 8, 9, 10)),
    "thin": Noise(thin, (0.2, 0.4, 0.6, 0.8, 0.95)),
    "thick": Noise(thick, (0.4, 0.7, 1.0, 1.4, 1.8)),
    "turn": Noise(turn, (6, 12, 18, 24, 30)),
    "slant": Noise(slant, (0.15, 0.3, 0.45, 0.6, 0.75)),
    "scale": Noise(scale, (0.9, 0.8, 0.7, 0.6, 0.5)),
    "shift": Noise(shift, (1, 2, 3, 4, 5)),
}
HELD_OUT = ("shot", "motion_blur", "uneven", "stripes", "spots")  # `noisy` never trains on them
# What ordinary photos do to strokes, on white paper: what `clean` is judged by.
OF_STROKES = ("defocus", "motion_blur", "thin", "thick", "turn", "slant", "scale", "shift")
TRAINED = tuple(name for name in NOISES if name not in HELD_OUT)


def _each(glyphs: Glyphs, spoil: Callable[[Glyphs], Glyphs]) -> Glyphs:
    return np.stack([spoil(glyph) for glyph in glyphs])


def _bounded(glyphs: NDArray[np.floating]) -> Glyphs:
    return np.asarray(np.clip(glyphs, 0, 1), np.float32)


def _clouds(count: int, rng: np.random.Generator) -> Glyphs:
    """Return (count, 28, 28) of soft fields from 0 to 1."""
    coarse = rng.random((count, 4, 4), np.float32)
    soft = [cv2.resize(field, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for field in coarse]
    return _bounded(np.reshape(soft, (count, SIDE, SIDE)))


def _warp(glyph: Glyphs, way: NDArray[np.floating], move: tuple[float, float]) -> Glyphs:
    """Map the glyph by a 2x2 matrix around its middle, then by a move in px."""
    middle = (SIDE - 1) / 2
    offset = middle - way @ (middle, middle) + move
    matrix = np.column_stack([way, offset])
    return np.asarray(cv2.warpAffine(glyph, matrix, dsize=(SIDE, SIDE)), np.float32)
