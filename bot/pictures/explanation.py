"""The picture that explains a digit: photo, glyph, heat map, ten bars, both networks."""

import cv2
import numpy as np

from bot.answers.text import percent
from bot.pictures.drawing import (
    AMBER,
    BOLD,
    MUTED,
    PANEL,
    REGULAR,
    TEAL,
    WHITE,
    Colour,
    Picture,
    box,
    canvas,
    outline,
    paste,
    png,
    write,
)
from bot.pictures.occlusion import Explanation, NetworkLabel
from bot.texts import Say

# In px; a phone shows the picture at about half this width.
WIDTH, HEIGHT = 800, 866
EDGE, GAP = 30, 22
TILE = (WIDTH - 2 * EDGE - 2 * GAP) // 3
RADIUS = 18
SMALL, LARGE = 25, 34  # sizes of letters
TILES_TOP = 66
BARS_TOP, BARS_FOOT = 396, 608
BAR = 46
CARDS_TOP, CARD_HEIGHT = 690, 146
NUMBER_MIN = 0.005  # probability from which on a bar gets a number


def why_picture(explanation: Explanation, say: Say) -> bytes:
    """Return the picture as a PNG file of WIDTH by HEIGHT pixels."""
    picture = canvas(WIDTH, HEIGHT)
    tiles = {
        "why-photo": _photo(explanation),
        "why-glyph": _large(_ink(explanation), cv2.INTER_NEAREST),
        "why-heat": _heat(explanation),
    }
    for column, (key, tile) in enumerate(tiles.items()):
        x = EDGE + column * (TILE + GAP)
        write(picture, say(key), (x + TILE // 2, 46), SMALL, colour=MUTED, align="middle")
        paste(picture, tile, x, TILES_TOP, RADIUS)
    write(picture, say("why-probabilities"), (EDGE, 356), SMALL, colour=MUTED)
    _bars(picture, explanation, say)
    half = (WIDTH - 2 * EDGE - GAP) // 2
    for column, kind in enumerate(("clean", "noisy")):
        label = explanation.clean if kind == "clean" else explanation.noisy
        name = say("why-clean") if kind == "clean" else say("why-noisy")
        x = EDGE + column * (half + GAP)
        _card(picture, x, half, name, label, _written(say, label.confidence), explanation)
        if explanation.model in (kind, "auto"):
            box(picture, x, CARDS_TOP, 8, CARD_HEIGHT, _colour(explanation), 4)
    return png(picture)


def _photo(explanation: Explanation) -> Picture:
    tile = _large(explanation.part, cv2.INTER_AREA)
    scale = TILE / explanation.part.shape[0]
    x, y, w, h = (round(side * scale) for side in explanation.frame)
    outline(tile, x - 6, y - 6, w + 12, h + 12, _colour(explanation), 4)
    return tile


def _ink(explanation: Explanation) -> Picture:
    levels = np.rint(explanation.digit.glyph * 255).astype(np.uint8)
    return np.repeat(levels[..., np.newaxis], 3, axis=2)


def _heat(explanation: Explanation) -> Picture:
    """Return the heat map in colour, lighter where there is ink."""
    heat = np.asarray(cv2.resize(explanation.heat, (TILE, TILE), interpolation=cv2.INTER_CUBIC))
    levels = np.rint(np.clip(heat, 0, 1) * 255).astype(np.uint8)
    colours = cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO).astype(np.float32)
    ink = _large(_ink(explanation), cv2.INTER_CUBIC).astype(np.float32) / 255
    return np.clip(colours * 0.85 + 110 * ink, 0, 255).astype(np.uint8)


def _bars(picture: Picture, explanation: Explanation, say: Say) -> None:
    slot = (WIDTH - 2 * EDGE) / 10
    for digit, probability in enumerate(map(float, explanation.probabilities)):
        middle = round(EDGE + (digit + 0.5) * slot)
        best = digit == explanation.digit.digit
        height = max(6, round(probability * (BARS_FOOT - BARS_TOP)))
        top, left = BARS_FOOT - height, middle - BAR // 2
        colour = _colour(explanation) if best else MUTED
        box(picture, left, BARS_TOP, BAR, BARS_FOOT - BARS_TOP, PANEL, 8)
        box(picture, left, top, BAR, height, colour, 8)
        if probability >= NUMBER_MIN:
            words = _written(say, probability)
            write(picture, words, (middle, BARS_TOP - 10), 22, colour=colour, align="middle")
        weight, shade = (BOLD, WHITE) if best else (REGULAR, MUTED)
        at = middle, BARS_FOOT + 40
        write(picture, str(digit), at, LARGE, colour=shade, weight=weight, align="middle")


def _card(
    picture: Picture,
    x: int,
    width: int,
    name: str,
    label: NetworkLabel,
    confidence: str,
    explanation: Explanation,
) -> None:
    box(picture, x, CARDS_TOP, width, CARD_HEIGHT, PANEL, RADIUS)
    write(picture, name, (x + 28, CARDS_TOP + 42), SMALL, colour=MUTED)
    write(picture, str(label.digit), (x + 28, CARDS_TOP + 118), 70, weight=BOLD)
    colour = TEAL if label.digit == explanation.digit.digit else AMBER
    at = x + width - 28, CARDS_TOP + 114
    write(picture, confidence, at, LARGE, colour=colour, align="right")


def _large(tile: Picture, way: int) -> Picture:
    return np.asarray(cv2.resize(tile, dsize=(TILE, TILE), interpolation=way))


def _colour(explanation: Explanation) -> Colour:
    return AMBER if explanation.digit.unsure else TEAL


def _written(say: Say, probability: float) -> str:
    return say("percent", percent=percent(probability))
