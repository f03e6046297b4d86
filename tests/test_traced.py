"""A line is followed from a rough path, as it bends, past strokes that lie on it."""

import numpy as np

from preprocessing.traced import traced

COLUMNS = np.arange(400)


def bent(thick: int) -> tuple[np.ndarray, np.ndarray]:
    """Contrast with one bent line of 0.5, and the row of its middle in each column."""
    rows = 60 + 8 * np.sin(COLUMNS / 130)
    apart = np.abs(np.arange(120)[:, None] - rows[None, :])
    return np.where(apart <= thick / 2, 0.5, 0).astype(np.float32), rows


def test_a_bent_line_is_followed_within_a_pixel() -> None:
    contrast, rows = bent(3)
    line = traced(contrast, COLUMNS, np.full(400, 60, np.float32), reach=12)
    assert np.abs(line.rows - rows).max() <= 1.5
    assert abs(line.thickness - 3) <= 1 and line.contrast > 0.3
    assert line.faintest > 0.6 * line.contrast


def test_a_stroke_across_the_line_does_not_draw_it_away() -> None:
    contrast, rows = bent(3)
    contrast[30:75, 180:200] = 1.0
    line = traced(contrast, COLUMNS, np.full(400, 60, np.float32), reach=12)
    assert np.abs(line.rows - rows).max() <= 2
    assert line.contrast < 0.6


def test_a_line_that_fades_here_and_there_is_uneven() -> None:
    contrast, _ = bent(3)
    contrast[:, 170:230] *= 0.1
    line = traced(contrast, COLUMNS, np.full(400, 60, np.float32), reach=12)
    assert line.faintest < 0.3 * line.contrast
