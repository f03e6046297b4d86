import numpy as np
import pytest
from numpy.typing import NDArray

from model.calibration import Prediction
from model.hypotheses import best_segmentation
from preprocessing import read_page
from tests.papers import blank, photo, write

PAGE = read_page(photo(write(blank(), "35", at=(120, 90), height=160, step=0.55)))


class Asked:
    """A network as sure of the first glyphs as `whole` says, and of any later ones as `parts`."""

    def __init__(self, whole: float, parts: float) -> None:
        self._sure = [whole, parts]
        self.counts: list[int] = []

    def __call__(self, glyphs: NDArray[np.float32]) -> Prediction:
        sure = self._sure[min(1, len(self.counts))]
        self.counts.append(len(glyphs))
        rows = np.tile(np.eye(10, dtype=np.float32)[3], (len(glyphs), 1))
        return Prediction(rows, np.full(len(glyphs), sure, np.float32))


def test_a_sure_digit_is_never_asked_to_be_parted() -> None:
    asked = Asked(0.9, 1.0)
    assert len(best_segmentation(PAGE, asked)) == 1
    assert asked.counts == [1]


@pytest.mark.parametrize(
    ("whole", "parts", "digits"), [(0.1, 0.9, 2), (0.55, 1.0, 2), (0.01, 0.35, 1), (0.3, 0.9, 1)]
)
def test_what_reads_badly_is_parted_where_its_parts_read_much_better(
    whole: float, parts: float, digits: int
) -> None:
    found = best_segmentation(PAGE, Asked(whole, parts))
    assert len(found) == digits
    assert [f.line for f in found] == [0] * digits


def test_no_part_is_read_that_only_bad_parts_lead_to() -> None:
    """Where no left half reads well no right half can make a better path."""
    bad, good = Asked(0.1, 0.2), Asked(0.1, 0.9)
    for asked in (bad, good):
        best_segmentation(PAGE, asked)
    assert len(bad.counts) == 2
    assert sum(bad.counts) < 0.7 * sum(good.counts)
