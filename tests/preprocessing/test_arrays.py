import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from preprocessing.arrays import accumulated, quantile


@given(
    values=st.lists(st.integers(0, 255), min_size=1, max_size=40),
    share=st.floats(0, 1),
)
def test_it_is_a_number_next_to_where_numpy_interpolates(values: list[int], share: float) -> None:
    numbers = np.array(values, np.uint8)
    found = quantile(numbers, share)
    lower, upper = (np.quantile(numbers, share, method=way) for way in ("lower", "higher"))
    assert found in (lower, upper)


def test_rows_and_columns_are_as_good_as_a_list() -> None:
    assert quantile(np.arange(12, dtype=np.float32).reshape(3, 4), 0.5) in (5.0, 6.0)


def test_of_nothing_there_is_none() -> None:
    with pytest.raises(IndexError):
        quantile(np.empty(0, np.float32), 0.5)


@pytest.mark.parametrize("way", [np.maximum, np.minimum])
@given(seed=st.integers(0, 2**32 - 1))
def test_rows_are_accumulated_as_by_numpy(way: np.ufunc, seed: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 9, (5, 4), np.uint8)
    assert np.array_equal(accumulated(way, rows.T), way.accumulate(rows.T))
