"""Drawing: measured and drawn widths of text agree, parts are cropped, corners are round."""

import cv2
import numpy as np
import pytest

from bot.pictures.drawing import (
    NIGHT,
    TEAL,
    WHITE,
    box,
    canvas,
    jpeg,
    outline,
    paste,
    png,
    text_width,
    write,
)


def inked(picture: np.ndarray) -> tuple[int, int]:
    """Return the first and the last column that is not empty."""
    columns = np.flatnonzero((picture != NIGHT).any(axis=(0, 2)))
    return int(columns[0]), int(columns[-1])


@pytest.mark.parametrize("words", ["4071", "99,3 %", "árvíztűrő", "Сеть", "¿Qué?"])
def test_text_is_as_wide_as_it_says_and_ends_where_it_should(words: str) -> None:
    picture = canvas(600, 80)
    write(picture, words, (500, 50), 32, align="right")
    first, last = inked(picture)
    assert abs(last - 500) <= 4
    assert abs(last - first - text_width(words, 32)) <= 6


@pytest.mark.parametrize("letter", "őűßñЖ·%")
def test_every_language_has_its_letters(letter: str) -> None:
    """OpenCV draws a question mark for a letter that its font lacks."""
    shown, unknown = canvas(60, 60), canvas(60, 60)
    write(shown, letter, (10, 40), 32)
    write(unknown, "\U0010ffff", (10, 40), 32)
    assert (shown != unknown).any()


def test_a_part_over_the_edge_is_cut() -> None:
    picture, part = canvas(40, 30), canvas(20, 20, WHITE)
    part[:, :10] = TEAL
    paste(picture, part, -10, 20)
    assert (picture[20:, :10] == WHITE).all()
    assert (picture == NIGHT).all(axis=2).sum() == 40 * 30 - 10 * 10


def test_corners_are_round() -> None:
    picture = canvas(60, 60)
    box(picture, 10, 10, 40, 40, TEAL, 12)
    assert tuple(picture[10, 10]) == NIGHT and tuple(picture[30, 10]) == TEAL


def test_a_frame_does_not_change_its_inside() -> None:
    picture = canvas(100, 100, WHITE)
    outline(picture, 20, 20, 60, 60, TEAL, 4)
    assert tuple(picture[20, 50]) == TEAL and tuple(picture[50, 50]) == WHITE


def test_encoded_files_can_be_decoded() -> None:
    picture = canvas(30, 20, TEAL)
    same = cv2.imdecode(np.frombuffer(png(picture), np.uint8), cv2.IMREAD_COLOR)
    assert same is not None and (same == picture).all()
    assert jpeg(picture).startswith(b"\xff\xd8")
