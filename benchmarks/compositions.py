"""Digits with other marks beside, around or through them; each composition is one mask of ink.

Lengths are in heights of a digit: x to the right, y down, a digit from y = 0 to 1.
"""

from typing import NamedTuple

import cv2
import numpy as np

from benchmarks.hands import Mask, Pen, digit_mask
from model.datasets.synthetic_digits import parse, through

UNIT = 200  # px of a mask for one height
MARGIN = 2.0  # heights: empty margin of the mask before it is trimmed
SHAKE = 0.02  # heights: standard deviation of the points of a mark
GAP = (0.12, 0.35)  # heights: gap between digits
ROW_HEIGHTS = (0.9, 1.0)  # heights of the digits of one row
FAINT = (0.12, 0.27)  # of the ink on the front: what shows through from the back
CELL = 1.5  # heights: side of a table's cell
OPEN = (0.3, 1.1)  # radians: the gap in the ring of an open zero
GAPS = (-0.08, 0.05)  # heights: between open zeros, some of which touch
TORN = (0.03, 0.07)  # heights: the gap in a broken stroke
MARKS = {  # strokes in percent of a height, as model.datasets.synthetic_digits.FORMS writes them
    "cross": ("5,10 75,90 / 75,5 8,92",),
    "question mark": ("~10,25 30,2 65,5 75,30 50,50 40,70 / 40,92 41,99",),
    "heart": ("~50,95 10,55 5,25 25,8 50,30 / ~50,30 75,8 95,25 90,55 50,95",),
    "tick": ("5,60 30,95 90,5",),
    "arrow": ("2,50 150,50 / 115,20 150,50 115,80", "50,2 50,140 / 20,105 50,140 80,105"),
}


class Composition(NamedTuple):
    """A mask of ink and the text to be read."""

    mask: Mask  # trimmed: ink coverage of each pixel
    text: str
    tall: float  # px: height of its digits, or of the mark, in the mask


class _Sheet:
    """A mask on which digits and strokes of one pen are drawn."""

    def __init__(
        self, pen: Pen, rng: np.random.Generator, width: float, height: float = 1.0
    ) -> None:
        self.pen, self.rng = pen, rng
        self.thick = float(np.mean(pen.width))
        side = round((width + 2 * MARGIN) * UNIT), round((height + 2 * MARGIN) * UNIT)
        self.mask = np.zeros(side[::-1], np.float32)

    def digits(self, text: str, left: float = 0.0, gap: tuple[float, float] = GAP) -> list[float]:
        """Draw digits from x = `left`; return the left and the right end of each, in a row."""
        ends = []
        for digit in text:
            tall = self.rng.uniform(*ROW_HEIGHTS) if len(text) > 1 else 1.0
            sized = resized(digit_mask(int(digit), self.pen, self.rng), tall * UNIT)
            self.put(sized, left, 1 - tall)
            ends += [left, left + sized.shape[1] / UNIT]
            left = ends[-1] + float(self.rng.uniform(*gap))
        return ends

    def touching(self, text: str) -> None:
        """Draw digits so that each touches the one before."""
        left = 0.0
        for digit in text:
            tall = float(self.rng.uniform(*ROW_HEIGHTS))
            sized = resized(digit_mask(int(digit), self.pen, self.rng), tall * UNIT)
            if left:
                before = self.mask[self._at(1 - tall) :][: len(sized)] > 0.5
                ends = np.where(before.any(1), before.shape[1] - before[:, ::-1].argmax(1), 0)
                starts = np.where((sized > 0.5).any(1), (sized > 0.5).argmax(1), 10 * UNIT)
                left = (ends - starts).max() / UNIT - MARGIN - self.rng.uniform(0.0, 0.04)
            self.put(sized, left, 1 - tall)
            left = max(left, 1e-3)

    def stroke(
        self, points: list[tuple[float, float]], *, curved: bool = False, closed: bool = False
    ) -> None:
        """Draw a stroke through points."""
        shaken = np.array(points) + self.rng.normal(0, SHAKE, (len(points), 2))
        if closed:
            shaken = np.vstack([shaken, shaken[:1]])
        path = ((through(shaken) if curved else shaken) + MARGIN) * UNIT * 16
        canvas = np.zeros(self.mask.shape, np.uint8)
        thick = max(1, round(self.thick * UNIT))
        cv2.polylines(canvas, [path.astype(np.int32)], False, 255, thick, cv2.LINE_AA, 4)
        self.mask = np.maximum(self.mask, canvas.astype(np.float32) / np.float32(255))

    def open_zero(self, left: float) -> float:
        """Draw a zero whose ring does not close at its upper right; return its right end."""
        wide, start = self.rng.uniform(0.28, 0.4), np.pi / 2 - self.rng.uniform(0.0, 0.6)
        angles = np.linspace(start, start + 2 * np.pi - self.rng.uniform(*OPEN), 12)
        middle, low = left + wide, 1 - self.rng.uniform(0.42, 0.5)
        points = [(middle + wide * np.cos(a), low - (1 - low) * np.sin(a)) for a in angles]
        self.stroke([(middle + wide / 2, 2 * low - 1 + 0.2), *points], curved=True)
        return left + 2 * wide

    def done(self, text: str, tall: float = 1.0) -> Composition:
        """Return the trimmed mask as a composition."""
        x, y, w, h = cv2.boundingRect((self.mask > 0.5).astype(np.uint8))
        return Composition(self.mask[y : y + h, x : x + w], text, tall * UNIT)

    def _at(self, place: float) -> int:
        return round((place + MARGIN) * UNIT)

    def put(self, mask: Mask, left: float, top: float) -> None:
        x, y = self._at(left), self._at(top)
        place = self.mask[y : y + mask.shape[0], x : x + mask.shape[1]]
        place[:] = np.maximum(place, mask[: place.shape[0], : place.shape[1]])


def resized(mask: Mask, height: float) -> Mask:
    """Return a mask resized to a height in px."""
    scale = height / len(mask)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = cv2.resize(mask, None, fx=scale, fy=scale, interpolation=way)
    return np.asarray(np.clip(sized, 0, 1), np.float32)


def _some(rng: np.random.Generator, least: int, most: int) -> str:
    return "".join(str(d) for d in rng.integers(0, 10, rng.integers(least, most, endpoint=True)))


def separated(mark: str, pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw digits and a mark: "%" after them, "-" before them, any other between them."""
    first, second = _some(rng, 1, 3), "" if mark in ("percent", "minus") else _some(rng, 1, 2)
    if mark == "price":
        first, second = _some(rng, 1, 3), _some(rng, 2, 2)
    sheet = _Sheet(pen, rng, 8)
    if mark == "minus":
        sheet.stroke([(-0.55, 0.55), (-0.2, 0.55)])
    right = sheet.digits(first)[-1] + rng.uniform(0.08, 0.18)
    wide = 0.1
    if mark in ("comma", "price"):
        sheet.stroke([(right + 0.08, 0.95), (right + 0.08 - rng.uniform(0.02, 0.08), 1.13)])
    elif mark == "high comma":
        tall = rng.uniform(0.26, 0.36)
        sheet.stroke([(right + 0.12, 1.05 - tall / 2), (right, 1.05 + tall / 2)])
        wide = 0.15
    elif mark in ("point", "colon"):
        sheet.stroke([(right + 0.05, 0.97), (right + 0.06, 0.98)])
        if mark == "colon":
            sheet.stroke([(right + 0.05, 0.4), (right + 0.06, 0.41)])
    elif mark == "slash":
        wide = float(rng.uniform(0.3, 0.5))
        sheet.stroke([(right + wide, -0.1), (right, 1.1)])
    elif mark == "percent":
        wide = 0.7
        sheet.stroke([(right + 0.6, 0.0), (right + 0.1, 1.0)])
        for x, y in ((0.1, 0.2), (0.6, 0.8)):
            sheet.stroke(_ellipse(right + x, y, 0.13, 0.17), curved=True, closed=True)
    sheet.digits(second, right + wide + rng.uniform(0.08, 0.18))
    return sheet.done(first + second)


def _ellipse(x: float, y: float, wide: float, tall: float) -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * np.pi, 9)[:-1]
    return [(x + wide * np.cos(a), y + tall * np.sin(a)) for a in angles]


def lined(mark: str, pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw a digit that is underlined once, twice or by a wave, or struck through."""
    digit = _some(rng, 1, 1)
    sheet = _Sheet(pen, rng, 3)
    width = sheet.digits(digit)[1]
    left, right = -rng.uniform(0.1, 0.3), width + rng.uniform(0.1, 0.3)
    below = 1 + sheet.thick + rng.uniform(0.06, 0.2)
    if mark == "struck through":
        middle = rng.uniform(0.35, 0.65)
        sheet.stroke([(left, middle + rng.uniform(-0.1, 0.1)), (right, middle)])
    elif mark == "wavy":
        xs = np.linspace(left, right, 9)
        sheet.stroke([(x, below + 0.06 * (-1) ** n) for n, x in enumerate(xs)], curved=True)
    else:
        sheet.stroke([(left, below), (right, below)])
        if mark == "double":
            again = below + 2 * sheet.thick + 0.08
            sheet.stroke([(left, again), (right, again)])
    return sheet.done(digit)


def ringed(pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw a digit in a ring."""
    digit = _some(rng, 1, 1)
    sheet = _Sheet(pen, rng, 3)
    width = sheet.digits(digit)[1]
    room = rng.uniform(0.15, 0.4) + sheet.thick
    points = _ellipse(width / 2, 0.5, width / 2 + room, 0.5 + room)
    sheet.stroke(points, curved=True, closed=True)
    return sheet.done(digit)


def slashed_zero(through_ring: bool, pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw a zero with a slash that crosses its outline or stays inside."""
    sheet = _Sheet(pen, rng, 3)
    wide, reach = rng.uniform(0.28, 0.4), 1.25 if through_ring else 0.8
    sheet.stroke(_ellipse(0.5, 0.5, wide, 0.5), curved=True, closed=True)
    angle = rng.uniform(0.8, 1.1)
    away = reach * wide * np.cos(angle), reach * 0.5 * np.sin(angle)
    sheet.stroke([(0.5 + away[0], 0.5 - away[1]), (0.5 - away[0], 0.5 + away[1])])
    return sheet.done("0")


def no_digit(mark: str, pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw a mark without digits."""
    sheet = _Sheet(pen, rng, 3)
    forms = MARKS[mark]
    for points, curved in parse(forms[rng.integers(len(forms))]):
        sheet.stroke([(x, y) for x, y in points], curved=curved)
    return sheet.done("", len(sheet.done("").mask) / UNIT)


def stick(pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw a 1 as one vertical stroke."""
    sheet = _Sheet(pen, rng, 2)
    sheet.stroke([(0.5 + rng.uniform(-0.06, 0.06), 0.0), (0.5, 1.0)])
    return sheet.done("1")


def chain(zeros: bool, pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw three to five digits that all touch: any digits, or an amount that ends in zeros."""
    count = int(rng.integers(2, 4, endpoint=True))
    text = str(rng.integers(1, 10)) + "0" * count if zeros else _some(rng, 3, 4)
    sheet = _Sheet(pen, rng, 8)
    if zeros:
        ends = sheet.digits(text[0])
        rest = _Sheet(pen, rng, 8)
        rest.touching(text[1:])
        shift = round((ends[1] + rng.uniform(*GAP)) * UNIT)
        sheet.mask = np.maximum(sheet.mask, np.roll(rest.mask, shift, axis=1))
    else:
        sheet.touching(text)
    return sheet.done(text)


def open_zeros(pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw an amount that ends in open zeros, which may touch; half of them after a minus."""
    text, sheet = str(rng.integers(1, 10)) + "0" * int(rng.integers(2, 4)), _Sheet(pen, rng, 8)
    if rng.random() < 0.5:
        near = rng.uniform(0, 0.1)
        sheet.stroke([(-near - 0.35, rng.uniform(0.6, 0.95)), (-near, 0.7)])
    right = sheet.digits(text[0])[-1]
    for _ in text[1:]:
        right = sheet.open_zero(right + rng.uniform(*GAPS))
    return sheet.done(text)


def broken(pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw three digits, each with a level gap somewhere in its ink, as of a pen that skipped."""
    sheet, text = _Sheet(pen, rng, 6), _some(rng, 3, 3)
    left = 0.0
    for digit in text:
        sized = resized(digit_mask(int(digit), pen, rng), UNIT).copy()
        top, torn = UNIT * rng.uniform(0.3, 0.7), UNIT * rng.uniform(*TORN)
        across = round(sized.shape[1] / 2)
        side = np.s_[:across] if rng.random() < 0.5 else np.s_[across:]
        sized[round(top) : round(top + torn), side] = 0
        sheet.put(sized, left, 0.0)
        left += sized.shape[1] / UNIT + rng.uniform(*GAP)
    return sheet.done(text)


def phone_number(pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw eight to ten close digits, some of which touch."""
    text = "0" + _some(rng, 7, 9)
    sheet = _Sheet(pen, rng, 13)
    sheet.digits(text, gap=(-0.03, 0.12))
    return sheet.done(text)


def grid(pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw a table with a digit in each cell."""
    columns, rows = int(rng.integers(2, 5)), int(rng.integers(2, 4))
    sheet = _Sheet(pen, rng, CELL * columns, CELL * rows)
    text = []
    for row in range(rows):
        digits = _some(rng, columns, columns)
        text.append(digits)
        for column, digit in enumerate(digits):
            sized = resized(digit_mask(int(digit), pen, rng), UNIT)
            middle = CELL * (column + 0.5) - sized.shape[1] / UNIT / 2
            sheet.put(sized, middle, CELL * (row + 0.5) - 0.5)
    for column in range(columns + 1):
        sheet.stroke([(CELL * column, 0), (CELL * column, CELL * rows)])
    for row in range(rows + 1):
        sheet.stroke([(0, CELL * row), (CELL * columns, CELL * row)])
    return sheet.done(" ".join(text))


def one_digit(pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw one digit."""
    sheet, digit = _Sheet(pen, rng, 2), _some(rng, 1, 1)
    sheet.digits(digit)
    return sheet.done(digit)


def row_of_digits(count: int, pen: Pen, rng: np.random.Generator) -> Composition:
    """Draw `count` digits in a row."""
    sheet, text = _Sheet(pen, rng, 2.0 * count), _some(rng, count, count)
    sheet.digits(text, gap=(0.3, 1.2))
    return sheet.done(text)


def show_through(pen: Pen, rng: np.random.Generator) -> Composition:
    """Three digits, and below them three on the back of the sheet: mirrored and faint."""
    front, back = row_of_digits(3, pen, rng), row_of_digits(3, pen, rng)
    width = max(front.mask.shape[1], back.mask.shape[1])
    faint = back.mask[:, ::-1] * np.float32(rng.uniform(*FAINT))
    rows = [
        np.pad(mask, ((0, round(0.4 * UNIT)), (0, width - mask.shape[1])))
        for mask in (front.mask, faint)
    ]
    return Composition(np.asarray(np.vstack(rows), np.float32), front.text, front.tall)
