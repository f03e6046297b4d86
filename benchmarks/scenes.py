"""Kinds of drawn photos that go beyond digits on a sheet: marks, tight crops, strips, stickers.

Each is a composition and how its picture is framed; the text of marks that are no digits is
empty, and the digits' places are not known.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from benchmarks import compositions as ink
from benchmarks.compositions import Composition, resized
from benchmarks.hands import PENS, Pen
from benchmarks.papers import BLUE, GREY, RED, Picture, lit, make_page, stain, taken
from preprocessing.glyph import to_mnist

PEN_NAMES = ("pencil", "ballpoint", "marker", "colour")
SIDES = (300, 1500)  # px, short side of a whole photo
TALL = (0.15, 0.45)  # of the short side: the digits
FILLS_MAX = 0.8  # of each side of the photo: the whole composition
TIGHT_SIDES = (60, 600)  # px, long side of a tight crop
STRIP = (4000, 100)  # px
STAMPS = ((40, 140, 240), (240, 240, 240))  # BGR, that cameras print the date in
PALE_HEIGHT = 160  # px, mean height of digits in pale red
NOISE = (0.1, 0.4)  # share of pixels that salt and pepper hit, or Gaussian standard deviation
ENLARGED = (3, 21)  # times, a noisy glyph: at least, and one more than at most
SALTED_SIDE = 640  # px, long side of a photo with salt and pepper: a larger one averages it away
SALTED = (0.05, 0.3)  # of its pixels: black or white
SHADES = (0.3, 0.6)  # of the light, what is left in a hard shadow
CUT_OFF = (0.02, 0.15)  # of the digits' height: what the picture's edge cuts off
RIM = 0.12  # of the height: a sticker's white rim
ASKEW = (2, 6)  # degrees to either side: a page that lies askew
ASKEW_TALL = (40, 200)  # px, height of the digits on it
ROOM = (0.1, 0.4)  # of that: paper on all sides of them, half of it within the boxes of a form
PRINTED = (0.02, 0.06)  # of that: thickness of a printed line
Frame = Callable[[Composition, Pen, np.random.Generator], bytes]


class Scene(NamedTuple):
    """What is written, and how it is framed."""

    compose: Callable[[Pen, np.random.Generator], Composition]
    frame: Frame


def draw_scene(scene: Scene, rng: np.random.Generator) -> tuple[bytes, str]:
    """One photo of a kind and what stands on it."""
    pen = PENS[str(rng.choice(PEN_NAMES))]
    composition = scene.compose(pen, rng)
    return scene.frame(composition, pen, rng), composition.text


def on_paper(
    drawn: Composition,
    pen: Pen,
    rng: np.random.Generator,
    *,
    stamp: bool = False,
    shadow: bool = False,
) -> bytes:
    """A photo of it somewhere on a plain sheet.

    If asked for, with a camera's date in the corner, or with a hard shadow over part of it.
    """
    short = round(float(np.exp(rng.uniform(*np.log(SIDES)))))
    width, height = short, round(short * rng.uniform(1, 1.4))
    if drawn.mask.shape[1] > len(drawn.mask) or rng.random() < 0.5:
        width, height = height, width
    scale = min(
        short * float(np.exp(rng.uniform(*np.log(TALL)))) / drawn.tall,
        FILLS_MAX * width / drawn.mask.shape[1],
        FILLS_MAX * height / len(drawn.mask),
    )
    mask = resized(drawn.mask, max(8, len(drawn.mask) * scale))
    room = np.array([height - len(mask), width - mask.shape[1]])
    top, left = (room * rng.uniform(0.3, 0.7, 2)).astype(int)
    picture = _written(mask, (height, width), (top, left), pen, rng)
    if stamp:
        colour, size = STAMPS[rng.integers(len(STAMPS))], height / 900
        text = f"{rng.integers(2005, 2026)}-{rng.integers(1, 13)}-{rng.integers(1, 29)} 17:03"
        printed = np.zeros((height, width), np.uint8)
        at, thick = (round(width - 300 * size), round(height - 25 * size)), max(1, round(2 * size))
        cv2.putText(printed, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, (255,), thick)
        picture[printed > 0] = colour
    if shadow:
        picture *= _shadow(height, width, rng)
    return taken(lit(picture, rng, hard=False), rng)


def _shadow(height: int, width: int, rng: np.random.Generator) -> Picture:
    """Light from 0 to 1 that falls at a straight edge, a few pixels wide, somewhere across."""
    down, across = np.mgrid[:height, :width]
    angle = rng.uniform(0, 2 * np.pi)
    y, x = height * rng.uniform(0.2, 0.8), width * rng.uniform(0.2, 0.8)
    beyond = np.cos(angle) * (across - x) + np.sin(angle) * (down - y) > 0
    light = np.where(beyond, rng.uniform(*SHADES), 1).astype(np.float32)
    blurred = cv2.GaussianBlur(light, (0, 0), rng.uniform(1, 4))
    return np.asarray(blurred, np.float32)[..., None]


def salted(drawn: Composition, pen: Pen, rng: np.random.Generator) -> bytes:
    """A small photo of it with salt and pepper, without loss."""
    coded = np.frombuffer(on_paper(drawn, pen, rng), np.uint8)
    photo = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    shrink = min(1.0, SALTED_SIDE / max(photo.shape))
    small = cv2.resize(photo, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    chance, share = rng.random(small.shape), rng.uniform(*SALTED)
    noisy = np.where(chance < share / 2, 0, np.where(chance > 1 - share / 2, 255, small))
    return cv2.imencode(".png", noisy.astype(np.uint8))[1].tobytes()


def tight(drawn: Composition, pen: Pen, rng: np.random.Generator, *, room: float) -> bytes:
    """A picture no larger than the ink, but for some room on each side, of its long side."""
    side = round(float(np.exp(rng.uniform(*np.log(TIGHT_SIDES)))))
    mask = resized(drawn.mask, side * len(drawn.mask) / max(drawn.mask.shape))
    around = round(abs(room) * side)
    if room < 0:
        mask = mask[around : len(mask) - around, around : mask.shape[1] - around]
        around = 0
    size = len(mask) + 2 * around, mask.shape[1] + 2 * around
    return taken(_written(mask, size, (around, around), pen, rng), rng)


def at_edge(drawn: Composition, pen: Pen, rng: np.random.Generator, *, side: int) -> bytes:
    """A picture that its ink touches on one side: 0 left, 1 top, 2 right, 3 bottom."""
    tall = round(float(np.exp(rng.uniform(*np.log(TIGHT_SIDES)))))
    mask = resized(drawn.mask, tall)
    size = np.array(mask.shape) + (tall * rng.uniform(0.3, 1.2, 2)).astype(int)
    place = ((size - mask.shape) / 2).astype(int)
    axis = 1 - side % 2
    place[axis] = 0 if side < 2 else size[axis] - mask.shape[axis]
    shape = int(size[0]), int(size[1])
    return taken(_written(mask, shape, (place[0], place[1]), pen, rng), rng)


def cut_off(drawn: Composition, pen: Pen, rng: np.random.Generator) -> bytes:
    """A photo whose edge cuts a part of the first or of the last digit off."""
    lost = round(len(drawn.mask) * rng.uniform(*CUT_OFF))
    at_left = rng.random() < 0.5
    mask = drawn.mask[:, lost:] if at_left else drawn.mask[:, :-lost]
    mask = resized(mask, round(float(np.exp(rng.uniform(*np.log(TIGHT_SIDES))))))
    room = round(len(mask) * rng.uniform(0.3, 1.2))
    size = len(mask) + 2 * room, mask.shape[1] + room
    return taken(_written(mask, size, (room, 0 if at_left else room), pen, rng), rng)


def on_desk(drawn: Composition, pen: Pen, rng: np.random.Generator) -> bytes:
    """A photo with a dark desk below the sheet, whose edge the ink just reaches."""
    tall = round(float(np.exp(rng.uniform(*np.log(TIGHT_SIDES)))))
    mask = resized(drawn.mask, tall)
    room = round(tall * rng.uniform(0.3, 1.2))
    desk = round(tall * rng.uniform(0.1, 0.6))
    size = room + len(mask) + desk, mask.shape[1] + 2 * room
    picture = _written(mask, size, (room, room), pen, rng)
    picture[-desk - round(tall * 0.03) :] = rng.uniform(20, 90, 3)
    return taken(picture, rng)


def strip(drawn: Composition, pen: Pen, rng: np.random.Generator) -> bytes:
    """A picture many times as wide as it is high."""
    width, height = STRIP
    mask = resized(drawn.mask, height * rng.uniform(0.6, 0.8))
    if mask.shape[1] > width:
        mask = resized(mask, len(mask) * 0.95 * width / mask.shape[1])
    place = (height - len(mask)) // 2, (width - mask.shape[1]) // 2
    return taken(_written(mask, (height, width), place, pen, rng), rng)


def turned(drawn: Composition, pen: Pen, rng: np.random.Generator, *, quarters: int) -> bytes:
    """A photo of it that was sent turned by quarters anticlockwise."""
    mask = np.ascontiguousarray(np.rot90(drawn.mask, quarters))
    return on_paper(drawn._replace(mask=mask), pen, rng)


def askew(drawn: Composition, pen: Pen, rng: np.random.Generator, *, boxed: bool) -> bytes:
    """A photo, no larger than needed, of a page that lies askew: a row on a line or in boxes."""
    mask = resized(drawn.mask, float(np.exp(rng.uniform(*np.log(ASKEW_TALL)))))
    tall, wide = mask.shape
    room, thick = round(tall * rng.uniform(*ROOM)), max(1, round(tall * rng.uniform(*PRINTED)))
    beyond = wide + tall  # px, more than the photo shows on any side
    mask = np.pad(mask, beyond)
    printed = np.zeros(mask.shape, np.float32)
    if boxed:
        steps = np.flatnonzero(np.diff(mask.max(axis=0) > 0.5))
        between = (steps[1:-1:2] + steps[2::2]) // 2
        sides = [int(x) for x in (steps[0] - room // 2, *between, steps[-1] + room // 2)]
        top, bottom = beyond - room // 2, beyond + tall + room // 2
        for left, right in pairwise(sides):
            cv2.rectangle(printed, (left, top), (right, bottom), (1,), thick)
    else:
        printed[beyond + tall - thick : beyond + tall] = 1
    degrees = float(rng.uniform(*ASKEW) * rng.choice((-1, 1)))
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(abs(degrees)))
    tall, wide = tall + 2 * room, wide + 2 * room
    width, height = round(wide * cos + tall * sin), round(tall * cos + wide * sin)
    middle = mask.shape[1] / 2, len(mask) / 2
    turn = cv2.getRotationMatrix2D(middle, degrees, 1)
    turn[:, 2] += width / 2 - middle[0], height / 2 - middle[1]
    inked, lined = (
        np.asarray(cv2.warpAffine(layer, turn, (width, height)), np.float32)
        for layer in (mask, printed)
    )
    picture = make_page("plain", width, height, rng).picture
    stain(picture, lined, (BLUE, GREY, RED)[rng.integers(3)], rng.uniform(0.5, 0.95))
    _ink(picture, inked, pen, rng)
    return taken(picture, rng)


def leaning(drawn: Composition, pen: Pen, rng: np.random.Generator) -> bytes:
    """A photo of it on a page that lies askew, without a printed line."""
    degrees = float(rng.uniform(*ASKEW) * rng.choice((-1, 1)))
    mask = np.pad(drawn.mask, round(np.sin(np.radians(ASKEW[1])) * max(drawn.mask.shape)))
    middle = mask.shape[1] / 2, len(mask) / 2
    turn = cv2.getRotationMatrix2D(middle, degrees, 1)
    turned_mask = np.asarray(cv2.warpAffine(mask, turn, mask.shape[::-1]), np.float32)
    x, y, w, h = cv2.boundingRect((turned_mask > 0.5).astype(np.uint8))
    return on_paper(drawn._replace(mask=turned_mask[y : y + h, x : x + w]), pen, rng)


def sticker(drawn: Composition, pen: Pen, rng: np.random.Generator) -> bytes:
    """A PNG of the ink alone with a white rim on a transparent ground, 512 px."""
    mask = np.pad(resized(drawn.mask, 300), 106)
    reach = round(RIM * 300)
    rim = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1,) * 2))
    colour = np.array(pen.colours[rng.integers(len(pen.colours))], np.float32)
    picture = 255 * (1 - mask[..., None]) + colour * mask[..., None]
    four = np.dstack([picture, 255 * np.clip(rim, 0, 1)]).astype(np.uint8)
    return cv2.imencode(".png", four)[1].tobytes()


def pale_red(drawn: Composition, pen: Pen, rng: np.random.Generator) -> bytes:
    """A PNG in whose grey levels red ink is hardly darker than its grey paper."""
    grey = int(rng.integers(120, 160))
    red = np.array((grey - 60, grey - 40, grey + 70), np.float32)  # BGR
    mask = np.pad(resized(drawn.mask, round(PALE_HEIGHT * rng.uniform(0.7, 1.3))), PALE_HEIGHT)
    share = (mask * np.float32(rng.uniform(*pen.cover)))[..., None]
    picture = grey * (1 - share) + red * share + rng.normal(0, 1, (*mask.shape, 1))
    return cv2.imencode(".png", picture.round().astype(np.uint8))[1].tobytes()


def noisy_glyph(drawn: Composition, pen: Pen, rng: np.random.Generator) -> bytes:
    """A PNG of a 28x28 glyph with noise, of salt and pepper or Gaussian, enlarged."""
    glyph = to_mnist((np.pad(drawn.mask, 1) * 255).astype(np.uint8))
    strength = rng.uniform(*NOISE)
    if rng.random() < 0.5:
        chance = rng.random(glyph.shape)
        noisy = np.where(chance < strength, rng.integers(0, 2, glyph.shape), glyph)
    else:
        noisy = glyph + rng.normal(0, strength, glyph.shape)
    way = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_LINEAR
    times = int(rng.integers(*ENLARGED))
    large = cv2.resize((noisy.clip(0, 1) * 255).astype(np.uint8), None, None, times, times, way)
    return cv2.imencode(".png", large)[1].tobytes()


def _written(
    mask: Picture,
    size: tuple[int, int],
    place: tuple[int, int],
    pen: Pen,
    rng: np.random.Generator,
) -> Picture:
    """A plain sheet, (height, width), with a mask of ink at (top, left)."""
    picture = make_page("plain", size[1], size[0], rng).picture
    _ink(picture[place[0] :, place[1] :][: len(mask), : mask.shape[1]], mask, pen, rng)
    return picture


def _ink(paper: Picture, mask: Picture, pen: Pen, rng: np.random.Generator) -> None:
    """Cover paper of the same size with a mask of ink, in a colour of its pen."""
    share = (mask * np.float32(rng.uniform(*pen.cover)))[..., None]
    colour = np.array(pen.colours[rng.integers(len(pen.colours))], np.float32)
    paper[:] = paper * (1 - share) + colour * share


SCENES = {
    "tight -2 %": Scene(ink.one_digit, partial(tight, room=-0.02)),
    "tight 0 %": Scene(ink.one_digit, partial(tight, room=0.0)),
    "tight +2 %": Scene(ink.one_digit, partial(tight, room=0.02)),
    "at the left": Scene(ink.one_digit, partial(at_edge, side=0)),
    "at the top": Scene(ink.one_digit, partial(at_edge, side=1)),
    "at the right": Scene(ink.one_digit, partial(at_edge, side=2)),
    "at the bottom": Scene(ink.one_digit, partial(at_edge, side=3)),
    **{
        name: Scene(partial(ink.separated, name), on_paper)
        for name in (
            "comma", "high comma", "price", "point", "colon", "slash", "percent", "minus",
        )
    },
    **{
        name: Scene(partial(ink.lined, name), on_paper)
        for name in ("underlined", "double", "wavy", "struck through")
    },
    "ringed": Scene(ink.ringed, on_paper),
    "slashed zero": Scene(partial(ink.slashed_zero, True), on_paper),
    "slash within": Scene(partial(ink.slashed_zero, False), on_paper),
    **{name: Scene(partial(ink.no_digit, name), on_paper) for name in ink.MARKS},
    "stick": Scene(ink.stick, on_paper),
    "sticker": Scene(ink.one_digit, sticker),
    "strip": Scene(partial(ink.row_of_digits, 12), strip),
    "chain": Scene(partial(ink.chain, False), on_paper),
    "zeros": Scene(partial(ink.chain, True), on_paper),
    "open zeros": Scene(ink.open_zeros, on_paper),
    "broken": Scene(ink.broken, on_paper),
    "cut off": Scene(partial(ink.row_of_digits, 3), cut_off),
    "on a desk": Scene(partial(ink.row_of_digits, 3), on_desk),
    "phone number": Scene(ink.phone_number, on_paper),
    "table": Scene(ink.grid, on_paper),
    "pale red": Scene(partial(ink.row_of_digits, 3), pale_red),
    "noisy glyph": Scene(ink.one_digit, noisy_glyph),
    "salted": Scene(partial(ink.row_of_digits, 3), salted),
    "on its side": Scene(partial(ink.row_of_digits, 6), partial(turned, quarters=1)),
    "upside down": Scene(partial(ink.row_of_digits, 6), partial(turned, quarters=2)),
    "askew chain": Scene(partial(ink.chain, False), leaning),
    "askew zeros": Scene(ink.open_zeros, leaning),
    "askew on a line": Scene(partial(ink.row_of_digits, 4), partial(askew, boxed=False)),
    "askew in boxes": Scene(partial(ink.row_of_digits, 8), partial(askew, boxed=True)),
    "shadow": Scene(ink.one_digit, partial(on_paper, shadow=True)),
    "show-through": Scene(ink.show_through, on_paper),
    "date stamp": Scene(ink.one_digit, partial(on_paper, stamp=True)),
}  # fmt: skip
