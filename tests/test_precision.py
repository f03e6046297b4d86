from pathlib import Path

import numpy as np
import pytest

from model import precision
from model.network import build


def test_the_quicker_arithmetic_is_taken_where_the_processor_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "cpuinfo"
    monkeypatch.setattr(precision, "CPU_INFO", info)
    assert precision.training_policy() == "float32"
    info.write_text("flags\t\t: avx2 avx512f\n")
    assert precision.training_policy() == "float32"
    info.write_text("flags\t\t: avx2 avx512f avx512_bf16\n")
    assert precision.training_policy() == "mixed_bfloat16"


def test_another_arithmetic_answers_nearly_the_same() -> None:
    glyphs = np.random.default_rng(0).random((8, 28, 28, 1), np.float32)
    network = build(1)
    quick = precision.in_policy(network, "mixed_bfloat16")
    exact = precision.in_policy(quick, "float32")
    answers = [np.asarray(net(glyphs)) for net in (network, quick, exact)]
    assert answers[1].dtype == np.float32
    assert np.array_equal(answers[0], answers[2]), "weights lose nothing"
    assert 0 < np.abs(answers[0] - answers[1]).max() < 0.05
