"""Time to read synthetic pictures with hundreds of marks, compared with an ordinary photo.

They are the worst case of a pipeline that examines every connected component.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Row, milliseconds, one_thread
from benchmarks.photos import drawn, file
from model.reader import Reader
from preprocessing import PhotoError

Sheet = NDArray[np.uint8]
SIDE = 1600  # px of the pictures
PAPER, PEN = 230, 60  # grey levels
PITCHES = 6, 8, 12, 16, 24, 40  # px between marks
ORDINARY = (1280, 960)  # px of the ordinary photo
RATIO_MAX = 25.0  # ratio of the time to that of the ordinary photo


def rows() -> Iterator[Row]:
    """Yield for each kind its slowest pitch, upright and turned by 90 degrees."""
    with one_thread():
        reader = Reader.load()
        ordinary = file(drawn(ORDINARY, "5"), ".jpg")
        for name, draw in KINDS.items():
            sheets = [draw(pitch) for pitch in PITCHES]
            sheets += [np.ascontiguousarray(np.rot90(sheet)) for sheet in sheets]
            jobs = [partial(read_or_refuse, reader, file(sheet, ".png")) for sheet in sheets]
            reference, *times = milliseconds(partial(reader.read, ordinary), *jobs, rounds=3)
            yield Row(name, max(times), "an ordinary photo", reference, "ms", RATIO_MAX)


def read_or_refuse(reader: Reader, picture: bytes) -> None:
    """Read a picture; PhotoErrors are ignored."""
    with contextlib.suppress(PhotoError):
        reader.read(picture)


def blank() -> Sheet:
    """Return an empty sheet."""
    return np.full((SIDE, SIDE), PAPER, np.uint8)


def squared(pitch: int) -> Sheet:
    """Draw squared paper."""
    sheet = blank()
    sheet[::pitch] = sheet[:, ::pitch] = 2 * PEN
    return sheet


def digits_on_squares(pitch: int) -> Sheet:
    """Draw squared paper with 40 small digits."""
    sheet = squared(pitch)
    for number in range(40):
        at = 100 + 150 * (number % 10), 300 + 300 * (number // 10)
        cv2.putText(sheet, str(number % 10), at, cv2.FONT_HERSHEY_SIMPLEX, 1, PEN, 3)
    return sheet


def hatched(pitch: int) -> Sheet:
    """Draw slanted lines."""
    sheet = blank()
    for start in range(-SIDE, SIDE, pitch):
        cv2.line(sheet, (start, 0), (start + SIDE, SIDE), PEN, 2)
    return sheet


def chevrons(pitch: int) -> Sheet:
    """Draw zigzag lines."""
    sheet = blank()
    for y in range(0, SIDE, pitch):
        xs = np.arange(0, SIDE, pitch)
        points = np.stack([xs, y + (xs // pitch % 2) * (pitch // 2)], axis=1)
        cv2.polylines(sheet, [points.astype(np.int32)], isClosed=False, color=PEN, thickness=2)
    return sheet


def dots(pitch: int) -> Sheet:
    """Draw dotted paper."""
    sheet = blank()
    for y in range(pitch, SIDE, pitch):
        for x in range(pitch, SIDE, pitch):
            cv2.circle(sheet, (x, y), pitch // 4, PEN, -1)
    return sheet


def dashes(pitch: int) -> Sheet:
    """Draw dashed lines."""
    sheet = blank()
    for y in range(pitch, SIDE, pitch):
        for x in range(0, SIDE, 2 * pitch):
            cv2.line(sheet, (x, y), (x + pitch, y), PEN, 2)
    return sheet


def staircases(pitch: int) -> Sheet:
    """Draw lines that descend in steps."""
    sheet = blank()
    for start in range(-SIDE, SIDE, 2 * pitch):
        for step in range(0, SIDE, pitch):
            x, y = start + step, step
            corner = (x + pitch, y), (x + pitch, y + pitch)
            cv2.polylines(sheet, [np.array([(x, y), *corner])], False, PEN, 2)
    return sheet


def maze(pitch: int) -> Sheet:
    """Draw short diagonals of random direction."""
    sheet, rng = blank(), np.random.default_rng(pitch)
    for y in range(0, SIDE, pitch):
        for x in range(0, SIDE, pitch):
            left, right = (x, x + pitch) if rng.random() < 0.5 else (x + pitch, x)
            cv2.line(sheet, (left, y), (right, y + pitch), PEN, 2)
    return sheet


def rings(pitch: int) -> Sheet:
    """Draw concentric circles."""
    sheet = blank()
    for radius in range(pitch, SIDE, pitch):
        cv2.circle(sheet, (SIDE // 2, SIDE // 2), radius, PEN, 2)
    return sheet


def grain(pitch: int) -> Sheet:
    """Draw squares of random grey levels."""
    small = np.random.default_rng(pitch).integers(40, PAPER, (SIDE // pitch, SIDE // pitch))
    large = cv2.resize(small.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, np.uint8)


def words(pitch: int) -> Sheet:
    """Draw a page of printed words."""
    sheet = blank()
    for y in range(2 * pitch, SIDE, 2 * pitch):
        cv2.putText(sheet, "the quick brown fox " * 12, (0, y), 0, pitch / 22, PEN, 2)
    return sheet


def askew(pitch: int) -> Sheet:
    """Draw small digits between long lines that slope by four degrees."""
    sheet = blank()
    for y in range(SIDE // 8, SIDE, SIDE // 3):
        sheet[y : y + 4] = PEN
        for x in range(SIDE // 8, SIDE * 7 // 8, 12 * pitch):
            below = x, y + SIDE // 6
            cv2.putText(sheet, str(x % 10), below, cv2.FONT_HERSHEY_SIMPLEX, pitch / 12, PEN, 2)
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), 4, 1)
    turned = cv2.warpAffine(sheet, turn, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


KINDS: dict[str, Callable[[int], Sheet]] = {
    draw.__name__: draw
    for draw in (
        squared,
        digits_on_squares,
        hatched,
        chevrons,
        dots,
        dashes,
        staircases,
        maze,
        rings,
        grain,
        words,
        askew,
    )
}
