"""Corruptions of glyphs: families of noise, five levels each.

After MNIST-C (Mu and Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision", 2019): each of
CORRUPTIONS is f(glyphs, amount, rng) on float32 (n, 28, 28), ink 1 on 0; its levels go from just
visible to hard for a person. Training uses those of TRAINED; HELD_OUT and all of MNIST_C
(`model.evaluation.mnist_c`) measure robustness to corruptions that no network was trained with.
Four of TRAINED resemble one of MNIST_C: hollow its edges, scrawl its zigzag, ragged its glass
blur, negative its stripes.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing.glyph import SIDE

Glyph = NDArray[np.float32]
HAZE = 0.6  # grey of the haze
HOLLOW_FINE = 4  # times the glyph's resolution, at which outlines are drawn
HOLLOW_PEN = 7  # px there, width of an outline
CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
Glyphs = NDArray[np.float32]
Corrupt = Callable[[Glyphs, float, np.random.Generator], Glyphs]
MIDDLE = 2  # index of the level that mean errors are reported at
MILD = 1  # index of the level that `clean` is scored at


class Corruption(NamedTuple):
    """One family: its function, and the five amounts that are measured."""

    corrupt: Corrupt
    levels: tuple[float, float, float, float, float]


def defocus(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Blur by a Gaussian of this sigma in px."""
    return np.asarray(cv2.GaussianBlur(glyph, (0, 0), amount), np.float32)


def motion_blur(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Average along a line of this length in px, at any angle."""
    angle = rng.uniform(0, np.pi)
    steps = np.linspace(-amount / 2, amount / 2, 2 * round(amount) + 1)
    moved = [_warp(glyph, np.eye(2), (s * np.cos(angle), s * np.sin(angle))) for s in steps]
    return np.asarray(np.mean(moved, axis=0), np.float32)


def thin(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Erode by this fraction of one px."""
    return glyph + np.float32(amount) * (cv2.erode(glyph, CROSS) - glyph)


def thick(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Dilate by this many px, of which the last may be a fraction."""
    whole = cv2.dilate(glyph, CROSS, iterations=int(amount)) if amount >= 1 else glyph
    return whole + np.float32(amount % 1) * (cv2.dilate(whole, CROSS) - whole)


def hollow(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Take this share of the ink out of the inside of strokes, as in outlined digits."""
    fine = cv2.resize(glyph, None, fx=HOLLOW_FINE, fy=HOLLOW_FINE, interpolation=cv2.INTER_CUBIC)
    wide = cv2.dilate(fine, _disc(int(rng.integers(1, 11))))
    inside = cv2.erode(wide, _disc(HOLLOW_PEN))
    outlined = np.clip(wide - np.float32(amount) * inside, 0, 1)
    small = cv2.resize(outlined, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small / max(float(small.max()), 1e-6), np.float32)


def ragged(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Displace every pixel by up to this many px, neighbours almost alike: ink on rough paper."""
    fields = rng.uniform(-1, 1, (2, SIDE, SIDE)).astype(np.float32)
    grain = rng.uniform(0.3, 0.9)
    soft = [cv2.GaussianBlur(field, (0, 0), grain) for field in fields]
    down, across = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    x = across + np.float32(amount) * soft[0] / soft[0].std()
    y = down + np.float32(amount) * soft[1] / soft[1].std()
    moved = cv2.remap(glyph, x, y, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), rng.uniform(0.2, 0.9)), np.float32)


def negative(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Invert this share of the picture, on one side of a line at any angle: ink on dark print."""
    angle = rng.uniform(0, 2 * np.pi)
    down, across = np.mgrid[:SIDE, :SIDE]
    place = np.cos(angle) * across + np.sin(angle) * down
    return np.where(place < np.quantile(place, amount), 1 - glyph, glyph).astype(np.float32)


def turn(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Rotate by this many degrees, to either side."""
    angle = np.radians(amount) * rng.choice((-1, 1))
    way = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return _warp(glyph, way, (0, 0))


def slant(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Shear by this many px across for each px down, to either side."""
    return _warp(glyph, np.array([[1, amount * rng.choice((-1, 1))], [0, 1]]), (0, 0))


def scale(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Make the digit smaller, to this share of its size."""
    return _warp(glyph, np.eye(2) * amount, (0, 0))


def shift(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Move by this many px in any direction."""
    angle = rng.uniform(0, 2 * np.pi)
    return _warp(glyph, np.eye(2), (amount * np.cos(angle), amount * np.sin(angle)))


def _warp(glyph: Glyph, way: NDArray[np.floating], move: tuple[float, float]) -> Glyph:
    """Map the glyph by a 2x2 matrix around its middle, then by a move in px."""
    middle = (SIDE - 1) / 2
    offset = middle - way @ (middle, middle) + move
    matrix = np.column_stack([way, offset])
    return np.asarray(cv2.warpAffine(glyph, matrix, dsize=(SIDE, SIDE)), np.float32)


def salt_pepper(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Turn a share of the pixels black or white, half of them each."""
    dice = rng.random(glyphs.shape, np.float32)
    return np.where(dice < amount / 2, 0, np.where(dice < amount, 1, glyphs)).astype(np.float32)


def gaussian(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Add normal noise of this standard deviation to every pixel."""
    return _bounded(glyphs + amount * rng.standard_normal(glyphs.shape, np.float32))


def shot(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Draw each pixel from a Poisson distribution; full ink is 1 / amount photons."""
    return _bounded(rng.poisson(glyphs / amount) * amount)


def contrast(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Lower the contrast: subtract this share of the ink."""
    return glyphs * np.float32(1 - amount)


def grey(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Raise the paper to this grey; full ink stays."""
    return amount + (1 - np.float32(amount)) * glyphs


def haze(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Blend with grey by a smooth random mask of at most this opacity."""
    mask = np.float32(amount) * _smooth_noise(len(glyphs), rng)
    return _bounded(glyphs * (1 - mask) + mask * HAZE)


def uneven(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
    """Darken the paper by a linear ramp from one side to the other, up to this grey."""
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
    """Draw this many discs of one or two px radius, as dark as ink."""
    drawn = glyph.copy()
    for x, y in rng.integers(0, SIDE, (round(amount), 2)):
        cv2.circle(drawn, (int(x), int(y)), int(rng.integers(1, 3)), color=1.0, thickness=-1)
    return drawn


def scrawl(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Draw this many wavy lines across, one px thick and as dark as ink."""
    drawn = glyph.copy()
    along = np.linspace(-2, SIDE + 2, 8 * SIDE)
    for _ in range(round(amount)):
        wave = rng.uniform(0.8, 4) * np.sin(2 * np.pi * along / rng.uniform(3.5, 16))
        lean, start = rng.uniform(-0.4, 0.4), rng.uniform(-2, SIDE + 2)
        across = start + lean * (along - SIDE / 2) + wave
        way = np.column_stack([along, across] if rng.random() < 0.7 else [across, along])
        points = (way * 16).round().astype(np.int32)  # sixteenths of a px
        cv2.polylines(drawn, [points], False, color=1.0, shift=4)
    return drawn


def occlusion(glyph: Glyph, amount: float, rng: np.random.Generator) -> Glyph:
    """Erase a square of this side in px, at a random place."""
    drawn = glyph.copy()
    x, y = rng.integers(4, SIDE - 4 - round(amount), 2)
    drawn[y : y + round(amount), x : x + round(amount)] = 0
    return drawn


def _each(corrupt: Callable[[Glyph, float, np.random.Generator], Glyph]) -> Corrupt:
    """Return a corruption of many glyphs that applies this one to each."""

    def corrupt_each(glyphs: Glyphs, amount: float, rng: np.random.Generator) -> Glyphs:
        return np.stack([corrupt(glyph, amount, rng) for glyph in glyphs])

    return corrupt_each


CORRUPTIONS: dict[str, Corruption] = {
    "salt_pepper": Corruption(salt_pepper, (0.05, 0.1, 0.2, 0.3, 0.5)),
    "gaussian": Corruption(gaussian, (0.1, 0.2, 0.3, 0.45, 0.6)),
    "shot": Corruption(shot, (0.05, 0.1, 0.2, 0.4, 0.7)),
    "defocus": Corruption(_each(defocus), (0.7, 1.0, 1.4, 1.8, 2.2)),
    "motion_blur": Corruption(_each(motion_blur), (2, 3, 5, 7, 9)),
    "contrast": Corruption(contrast, (0.3, 0.5, 0.7, 0.8, 0.9)),
    "grey": Corruption(grey, (0.15, 0.3, 0.45, 0.6, 0.75)),
    "haze": Corruption(haze, (0.3, 0.5, 0.7, 0.85, 0.95)),
    "uneven": Corruption(uneven, (0.2, 0.35, 0.5, 0.65, 0.8)),
    "stripes": Corruption(stripes, (0.2, 0.35, 0.5, 0.7, 0.9)),
    "lines": Corruption(_each(lines), (1, 2, 3, 4, 6)),
    "spots": Corruption(_each(spots), (2, 4, 6, 9, 13)),
    "scrawl": Corruption(_each(scrawl), (1, 2, 3, 4, 5)),
    "hollow": Corruption(_each(hollow), (0.3, 0.5, 0.7, 0.85, 1.0)),
    "ragged": Corruption(_each(ragged), (0.4, 0.6, 0.8, 1.1, 1.4)),
    "negative": Corruption(_each(negative), (0.1, 0.2, 0.3, 0.4, 0.5)),
    "occlusion": Corruption(_each(occlusion), (4, 6, 8, 9, 10)),
    "thin": Corruption(_each(thin), (0.2, 0.4, 0.6, 0.8, 0.95)),
    "thick": Corruption(_each(thick), (0.4, 0.7, 1.0, 1.4, 1.8)),
    "turn": Corruption(_each(turn), (6, 12, 18, 24, 30)),
    "slant": Corruption(_each(slant), (0.15, 0.3, 0.45, 0.6, 0.75)),
    "scale": Corruption(_each(scale), (0.9, 0.8, 0.7, 0.6, 0.5)),
    "shift": Corruption(_each(shift), (1, 2, 3, 4, 5)),
}


HELD_OUT = ("shot", "motion_blur", "uneven", "stripes", "spots")  # no network trains on them
# What photos of pens on white paper do to strokes; `clean` is scored by them.
STROKE_CORRUPTIONS = ("defocus", "motion_blur", "thin", "thick", "turn", "slant", "scale", "shift")
TRAINED = tuple(name for name in CORRUPTIONS if name not in HELD_OUT)


def _disc(diameter: int) -> NDArray[np.uint8]:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter))
    return np.asarray(disc, np.uint8)


def _bounded(glyphs: NDArray[np.floating]) -> Glyphs:
    return np.asarray(np.clip(glyphs, 0, 1), np.float32)


def _smooth_noise(count: int, rng: np.random.Generator) -> Glyphs:
    """Return (count, 28, 28) smooth random fields from 0 to 1."""
    coarse = rng.random((count, 4, 4), np.float32)
    soft = [cv2.resize(field, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for field in coarse]
    return _bounded(np.reshape(soft, (count, SIDE, SIDE)))
