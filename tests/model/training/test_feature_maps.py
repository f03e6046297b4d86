import numpy as np

from model.training.feature_maps import (
    KERNELS,
    contact_sheet,
    convolve,
    feature_maps,
    load_network,
    pool,
)
from model.training.network import BLOCKS

RNG = np.random.default_rng(0)


def test_convolution_is_the_sum_of_products() -> None:
    picture, kernel = RNG.random((6, 6), np.float32), RNG.random((3, 3), np.float32)
    assert np.isclose(convolve(picture, kernel)[2, 3], (picture[1:4, 2:5] * kernel).sum())


def test_edge_kernels_give_zero_on_plain_paper() -> None:
    plain = np.full((5, 5), 0.7, np.float32)
    assert np.allclose(convolve(plain, KERNELS["edges to the right"]), 0, atol=1e-6)
    assert np.allclose(convolve(plain, KERNELS["blur"]), plain)


def test_pooling_keeps_the_greatest_and_drops_an_incomplete_border() -> None:
    picture = np.arange(15, dtype=np.float32).reshape(3, 5)
    assert pool(picture).tolist() == [[6, 8]]


def test_a_contact_sheet_keeps_the_order() -> None:
    sheet = contact_sheet(np.arange(3, dtype=np.float32).reshape(3, 1, 1), columns=2)
    assert sheet.tolist() == [[0, 1], [2, 0]]


def test_every_convolution_of_the_serving_network_is_shown() -> None:
    maps = feature_maps(load_network("clean"), RNG.random((28, 28), np.float32))
    assert len(maps) == sum(map(len, BLOCKS))
    assert maps["convolution 1"].shape[:2] == (28, 28)
    assert [seen.shape[0] for seen in maps.values()] == sorted(
        (seen.shape[0] for seen in maps.values()), reverse=True
    )
    assert all((seen >= 0).all() for seen in maps.values())
