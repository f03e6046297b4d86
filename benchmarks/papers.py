"""Synthetic photos of paper: sheet, light and camera; float, 0 to 255, BGR.

A sheet is drawn in coordinates that are rotated against the picture and slightly bent, as the
lines of a real sheet are in a photo.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

PLAIN = ((245, 245, 245), (205, 232, 245), (175, 178, 180), (190, 225, 200), (140, 215, 240))
BOARDS = ((52, 66, 40), (45, 45, 45), (30, 28, 28), (78, 92, 66))
BLUE, GREY, RED = (190, 130, 90), (150, 150, 150), (110, 90, 220)
DESKS = ((60, 90, 130), (45, 45, 50), (120, 150, 180), (90, 90, 90))
TURN_MAX = 8.0  # degrees of rotation
BEND_MAX = 0.006  # of the short side: sagitta of bent lines
SHEETS = ("plain", "ruled", "squared", "dotted", "crumpled", "board")
Picture = NDArray[np.float32]
Box = tuple[int, int, int, int]  # x, y, w, h in px


class Page(NamedTuple):
    """A picture of an empty sheet, and the sheet's coordinates of its pixels."""

    u: Picture  # (height, width): px along the sheet's lines, from the middle
    v: Picture  # (height, width): px across them
    turn: float  # radians
    sheet: str
    picture: Picture  # (height, width, 3)


def make_page(sheet: str, width: int, height: int, rng: np.random.Generator) -> Page:
    """Draw an empty sheet, one of SHEETS, in even light."""
    turn = np.radians(rng.uniform(-TURN_MAX, TURN_MAX) * rng.random())
    short = min(width, height)
    x, y = np.meshgrid(
        np.arange(width, dtype=np.float32) - width / 2,
        np.arange(height, dtype=np.float32) - height / 2,
    )
    u = np.float32(np.cos(turn)) * x + np.float32(np.sin(turn)) * y
    v = np.float32(np.cos(turn)) * y - np.float32(np.sin(turn)) * x
    wave = 2 * np.pi * (u / width * rng.uniform(0.5, 1.5) + rng.random())
    bent = v + np.float32(rng.uniform(0, BEND_MAX) * short) * np.sin(wave)
    colours = BOARDS if sheet == "board" else PLAIN
    colour = np.array(colours[rng.integers(len(colours))], np.float32) * rng.uniform(0.92, 1.03)
    picture = np.empty((height, width, 3), np.float32)
    picture[:] = colour
    step = short * float(np.exp(rng.uniform(np.log(0.04), np.log(0.16))))
    pen = max(0.7, step * rng.uniform(0.02, 0.06))
    strength = rng.uniform(0.25, 0.95)
    line = BLUE if rng.random() < 0.6 else GREY
    if sheet == "ruled":
        stain(picture, _lines(bent, step, pen), line, strength)
        if rng.random() < 0.5:
            margin = np.abs(u - short * rng.uniform(-0.45, -0.25))
            stain(picture, np.clip(pen / 2 - margin + 0.5, 0, 1), RED, strength)
    if sheet == "squared":
        stain(picture, np.maximum(_lines(bent, step, pen), _lines(u, step, pen)), line, strength)
    if sheet == "dotted":
        stain(picture, _lines(bent, step, 1.6 * pen) * _lines(u, step, 1.6 * pen), GREY, strength)
    if sheet == "crumpled":
        picture *= 1 + _creases(width, height, rng)[..., None]
    if sheet == "board":
        dust = np.clip(
            clouds(width, height, 0.12, rng) + 0.5 * clouds(width, height, 0.02, rng), 0, 2
        )
        picture += (dust * rng.uniform(3, 14))[..., None]
    picture *= 1 + 0.012 * clouds(width, height, 0.01, rng)[..., None]
    return Page(u, bent, turn, sheet, picture)


def lit(picture: Picture, rng: np.random.Generator, *, hard: bool) -> Picture:
    """Return the picture under a lamp: uneven light, the shadow of a phone, a warm tint."""
    height, width = picture.shape[:2]
    x, y = np.meshgrid(
        np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    )
    angle = rng.uniform(0, 2 * np.pi)
    along = (np.cos(angle) * x + np.sin(angle) * y).astype(np.float32)
    light = 1 - rng.uniform(0.1, 0.65 if hard else 0.3) * (along + 1.4) / 2.8
    if rng.random() < (0.4 if hard else 0.15):
        light *= 1 - rng.uniform(0.1, 0.5) * (x * x + y * y) / 2
    if rng.random() < (0.5 if hard else 0.15):
        edge = along * rng.uniform(0.3, 1) + y * rng.uniform(-1, 1) + rng.uniform(-0.5, 0.5)
        soft = rng.uniform(0.01, 0.15)
        light *= 1 - rng.uniform(0.25, 0.55) / (1 + np.exp(-np.clip(edge / soft, -30, 30)))
    warm = np.array([rng.uniform(0.8, 1.05), 1, rng.uniform(0.95, 1.08)], np.float32)
    exposure = rng.uniform(0.45, 1.03) if hard else rng.uniform(0.7, 1.03)
    return np.asarray(picture * light[..., None] * (warm * exposure), np.float32)


def with_desk(
    picture: Picture, page: Page, boxes: Sequence[Box], rng: np.random.Generator
) -> Picture:
    """Return the picture with a strip of desk at one side, outside the digits' boxes."""
    across = (page.u, page.v)[rng.integers(2)] * (1, -1)[rng.integers(2)]
    shortly = float(across.max()) * rng.uniform(0.85, 0.95)
    written = [float(across[y : y + h, x : x + w].max()) + 1 for x, y, w, h in boxes]
    end = max([shortly, *written])
    desk = np.array(DESKS[rng.integers(len(DESKS))], np.float32)
    wood = desk * (1 + 0.08 * clouds(picture.shape[1], picture.shape[0], 0.03, rng)[..., None])
    beyond = np.clip(across - end + 0.5, 0, 1)[..., None]
    return np.asarray(picture * (1 - beyond) + wood * beyond, np.float32)


def taken(picture: Picture, rng: np.random.Generator) -> bytes:
    """Return a JPEG as of a phone's camera: slightly blurred, with noise."""
    blur = rng.uniform(0.3, 1.4) * max(1.0, min(picture.shape[:2]) / 900)
    soft = cv2.GaussianBlur(picture, (0, 0), blur)
    grain = rng.normal(0, rng.uniform(1, 7), picture.shape[:2]).astype(np.float32)
    speckled = soft + cv2.GaussianBlur(grain, (0, 0), 0.5)[..., None]
    quality = int(rng.integers(40, 96))
    pixels = np.clip(speckled, 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def clouds(width: int, height: int, size: float, rng: np.random.Generator) -> Picture:
    """Return smooth noise of standard deviation 1 and a grain of `size` of the short side."""
    grain = max(1.0, size * min(width, height))
    small = rng.normal(0, 1, (int(height / grain) + 2, int(width / grain) + 2))
    grown = cv2.resize(small.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown, np.float32)


def _lines(across: Picture, step: float, pen: float) -> Picture:
    """Return 1 on parallel lines `pen` px wide at every `step` px, 0 elsewhere."""
    away = np.abs(np.mod(across, np.float32(step)) - np.float32(step / 2))
    return np.asarray(np.clip(np.float32(pen / 2) - away + np.float32(0.5), 0, 1), np.float32)


def stain(picture: Picture, where: Picture, colour: tuple[int, int, int], strength: float) -> None:
    """Print in a colour (BGR) where a mask is 1; `strength`: the ink's cover, 0 to 1."""
    ink = np.float32(1) - np.array(colour, np.float32) / 255
    picture *= 1 - (where * np.float32(strength))[..., None] * ink


def _creases(width: int, height: int, rng: np.random.Generator) -> Picture:
    """Return the shading of a crumpled sheet: facets whose slope changes at sharp folds."""
    total = np.zeros((height, width), np.float32)
    for size in (0.5, 0.25, 0.12):
        cloud = np.abs(clouds(width, height, size, rng))
        total += np.float32(size) * (np.float32(0.8) - cloud)
    return total * np.float32(rng.uniform(0.08, 0.22))
