import numpy as np
import pytest

from preprocessing import Box, Page, Photo, find_digits
from preprocessing.coloured import coloured
from preprocessing.ink import find_ink
from tests.papers import blank, photo, write

ORANGE, GREY, BLACK = (165, 112, 60), (123, 123, 123), (40, 40, 40)
PAPER = 140


def sheet(colour: tuple[int, int, int]) -> bytes:
    """A JPEG of a 5 and a 2 of one colour, on grey paper."""
    share = write(blank(level=0), "52", at=(120, 100), height=120, ink=255)[..., None] / 255
    page = PAPER * (1 - share) + np.array(colour) * share
    return photo(page.round().astype(np.uint8), "JPEG", quality=95)


def in_colour(colour: tuple[int, int, int]) -> np.ndarray | None:
    source = Photo(sheet(colour))
    gray = source.gray(640)
    boxes = Box(120, 100, 72, 120), Box(240, 100, 72, 120)
    return coloured(source, gray, find_ink(gray).mask, boxes)


def test_ink_that_is_pale_in_grey_alone_is_looked_at_in_its_colour() -> None:
    darker = in_colour(ORANGE)
    assert darker is not None
    assert darker.min() < PAPER / 2


def test_what_is_pale_in_every_colour_or_dark_in_grey_is_not() -> None:
    assert in_colour(GREY) is None
    assert in_colour(BLACK) is None


def test_a_page_of_pale_coloured_ink_is_that_of_its_colour() -> None:
    def contrast(page: Page) -> float:
        return min(piece.contrast for piece in page.pieces)

    assert contrast(find_digits(Photo(sheet(ORANGE)))) > 0.3
    assert contrast(find_digits(Photo(sheet(GREY)))) < 0.3


def test_no_digit_is_lost_for_the_sake_of_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    def blot(self: Photo, side: int) -> np.ndarray:
        darkest = np.array(whole(self, side), np.uint8)
        darkest[80:240, 220:] = 20
        return darkest

    whole = Photo.darkest
    assert len(find_digits(Photo(sheet(ORANGE))).boxes) == 2
    monkeypatch.setattr(Photo, "darkest", blot)
    assert len(find_digits(Photo(sheet(ORANGE))).boxes) == 2
