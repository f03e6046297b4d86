import numpy as np

from model.datasets.synthetic_digits import FORMS, draw, draw_variants, parse


def test_every_digit_is_drawn_and_every_form_as_often() -> None:
    glyphs, digits = draw_variants(2 * len(FORMS), np.random.default_rng(0))
    assert glyphs.shape == (2 * len(FORMS), 28, 28)
    assert digits.tolist() == 2 * [digit for digit, _ in FORMS]
    assert set(digits) == set(range(10))
    assert (glyphs.max(axis=(1, 2)) > 200).all()


def test_two_drawings_of_a_form_differ() -> None:
    rng = np.random.default_rng(0)
    strokes = parse(FORMS[0][1])
    assert not np.array_equal(draw(strokes, rng), draw(strokes, rng))


def test_strokes_are_read_as_written() -> None:
    straight, curved = parse("0,50 100,0 / ~25,25 75,75 10,0")
    assert straight.points.tolist() == [[0, 0.5], [1, 0]]
    assert not straight.curved
    assert len(curved.points) == 3
    assert curved.curved
