"""Pieces of photographs -> model/data/scenes.npz: glyphs that are no digits.

They are what the pipeline takes for ink in photos of objects: twigs, shadows, folds, signs.
`python -m model.datasets.scenes FOLDER` packs them again from the pictures of the Debian packages
in PACKAGES, unpacked or installed under FOLDER (default: /usr/share/backgrounds).

Licences of the photographs, and so of the pieces: Creative Commons BY 4.0, BY-SA 3.0, BY-SA 4.0
and CC0 1.0. Files of lomiri-wallpapers are named after their authors, ukui-wallpapers is by the
Ubuntu Kylin community; the copyright files of the packages list them.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from preprocessing import NoDigitsFound, Photo, find_digits

PACKAGES = ("lomiri-wallpapers-16.04", "lomiri-wallpapers-20.04", "ukui-wallpapers")
FOLDER = Path("/usr/share/backgrounds")
PACKED = Path(__file__).parents[1] / "data" / "scenes.npz"
CUTS = 16  # of each photograph
CUT_SIDES = (0.15, 0.9)  # of the photograph's sides, what a cut shows
SENT_SIDES = (400, 1000)  # px, the longer side of a cut as it is sent
FROM_ONE = 12  # pieces of one cut that are kept at most
MEASURED_EVERY = 4  # the pieces of every fourth photograph measure and never train
SEED = 1
STICK_RATIO = 3.0  # length over width of a stick, of the glyph's ink
STICK_UPRIGHT = 50  # degrees from upright: a stick that leans less is a one
RING_HOLE = 0.4  # of the convex hull's area: a piece with a larger hole is a zero
INKED = 64  # of 255, the grey from which a pixel of a glyph is ink


def cuts(photograph: NDArray[np.uint8], rng: np.random.Generator) -> Iterator[bytes]:
    """Yield CUTS parts of a BGR photograph (h, w, 3), as JPEG files."""
    height, width = photograph.shape[:2]
    for _ in range(CUTS):
        share = rng.uniform(*CUT_SIDES, 2)
        high, wide = (int(share[0] * height), int(share[1] * width))
        y, x = rng.integers(0, height - high), rng.integers(0, width - wide)
        scale = rng.uniform(*SENT_SIDES) / max(high, wide)
        part = cv2.resize(
            photograph[y : y + high, x : x + wide],
            None,
            fx=scale,
            fy=scale,
            interpolation=cv2.INTER_AREA,
        )
        yield cv2.imencode(".jpg", part)[1].tobytes()


def pieces(photo: bytes, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return what the pipeline takes for digits in a photo without digits: glyphs (n, 28, 28)."""
    try:
        found = find_digits(Photo(photo)).glyphs
    except NoDigitsFound:
        return np.zeros((0, 28, 28), np.uint8)
    some = np.asarray((found[rng.permutation(len(found))[:FROM_ONE]] * 255).round(), np.uint8)
    return some[[not is_like_digit(glyph) for glyph in some]]


def is_like_digit(glyph: NDArray[np.uint8]) -> bool:
    """Whether a piece (28, 28) is a stick or a ring, which a person reads as a one or a zero."""
    ink = (glyph > INKED).astype(np.uint8)
    points = cv2.findNonZero(ink)
    short, long = sorted(side + 1 for side in cv2.minAreaRect(points)[1])
    across, down, *_ = np.abs(cv2.fitLine(points, cv2.DIST_L2, 0, 0.01, 0.01)).ravel()
    if long > STICK_RATIO * short and np.degrees(np.arctan2(across, down)) < STICK_UPRIGHT:
        return True
    contours, hierarchy = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes = [c for c, h in zip(contours, hierarchy[0], strict=True) if h[3] >= 0]
    hull = cv2.contourArea(cv2.convexHull(points))
    return max(map(cv2.contourArea, holes), default=0.0) > RING_HOLE * hull


def pack(folder: Path) -> dict[str, NDArray[np.uint8]]:
    """Return the pieces of a folder's photographs: those that train, those that measure."""
    rng = np.random.default_rng(SEED)
    packed: dict[str, list[NDArray[np.uint8]]] = {"train": [], "test": []}
    for number, path in enumerate(sorted(folder.glob("*.[jp][pn]g"))):
        photograph = cv2.imread(str(path), cv2.IMREAD_COLOR)
        split = "train" if number % MEASURED_EVERY else "test"
        packed[split] += [pieces(cut, rng) for cut in cuts(np.asarray(photograph, np.uint8), rng)]
    return {split: np.concatenate(parts) for split, parts in packed.items()}


if __name__ == "__main__":
    split = pack(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
    np.savez_compressed(PACKED, train=split["train"], test=split["test"])
