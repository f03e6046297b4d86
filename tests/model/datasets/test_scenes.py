from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.datasets.scenes import PACKED, cuts, is_like_digit, pack, pieces


def stick(degrees: float) -> NDArray[np.uint8]:
    """A line of 18 px that leans by so many degrees from upright."""
    glyph = np.zeros((28, 28), np.uint8)
    half = 9 * np.array([np.sin(np.radians(degrees)), -np.cos(np.radians(degrees))])
    ends = [(14 + sign * half).round().astype(int).tolist() for sign in (-1, 1)]
    cv2.line(glyph, ends[0], ends[1], color=255, thickness=2)
    return glyph


def test_sticks_and_rings_are_left_out_for_they_may_be_digits() -> None:
    ring, blot = np.zeros((2, 28, 28), np.uint8)
    cv2.ellipse(ring, (14, 14), (9, 6), 0, 0, 360, 255, 2)
    cv2.circle(blot, (14, 14), 8, 255, -1)
    assert all(is_like_digit(glyph) for glyph in (stick(0), stick(30), stick(-30), ring))
    assert not any(is_like_digit(glyph) for glyph in (stick(80), stick(-70), blot))


def test_what_is_packed_are_glyphs_with_ink_like_no_digit() -> None:
    with np.load(PACKED) as packed:
        train, test = packed["train"], packed["test"]
    assert len(train) > 400 and len(test) > 150
    for glyphs in (train, test):
        assert glyphs.shape[1:] == (28, 28) and glyphs.dtype == np.uint8
        assert (glyphs.max(axis=(1, 2)) > 64).all()
    assert not any(map(is_like_digit, train))
    seen = {glyph.tobytes() for glyph in train}
    assert not any(glyph.tobytes() in seen for glyph in test), "what measures was trained on"


def test_a_photograph_is_cut_and_its_pieces_are_glyphs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(0)
    grain = cv2.GaussianBlur(rng.random((300, 400, 3)), (0, 0), 7)
    photograph = np.asarray(255 * (grain - grain.min()) / np.ptp(grain), np.uint8)
    monkeypatch.setattr("model.datasets.scenes.CUTS", 2)
    for name in ("a.jpg", "b.png"):
        cv2.imwrite(str(tmp_path / name), photograph)
    packed = pack(tmp_path)
    assert all(glyphs.shape[1:] == (28, 28) for glyphs in packed.values())
    assert not len(pieces(next(cuts(np.full_like(photograph, 200), rng)), rng))
