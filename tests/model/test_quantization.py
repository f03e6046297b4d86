import numpy as np
import pytest

from model.quantization import quantized
from model.registry import TFLITE, Registry, VersionError
from model.serving import Network


def test_a_quantized_network_takes_a_quarter_of_the_bytes_and_answers_all_but_alike() -> None:
    content = (Registry().serving("clean").folder / TFLITE).read_bytes()
    small = quantized(content)
    assert len(small) < 0.3 * len(content)
    glyphs = np.random.default_rng(1).random((40, 28, 28), np.float32)
    expected, logits = (Network(each).logits(glyphs) for each in (content, small))
    assert 0 < np.abs(logits - expected).mean() < 0.02 * np.abs(expected).mean()


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"\x1c\x00\x00\x00TFL3" + b"\xff" * 90])
def test_bytes_that_are_no_network_are_refused(content: bytes) -> None:
    with pytest.raises(VersionError):
        quantized(content)
