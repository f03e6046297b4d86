import cv2
import numpy as np
import pytest

from preprocessing.binarization import binarize, estimate_background
from tests.papers import blank, shaded, write

PAPER = write(blank(), "35", at=(120, 90), height=160)
DRAWN = (PAPER < 130).astype(np.uint8)


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two masks."""
    return float((a & b).sum() / max(1, (a | b).sum()))


@pytest.mark.parametrize("strength", [0.0, 0.4, 0.7])
def test_light_that_falls_off_changes_nothing(strength: float) -> None:
    assert likeness(binarize(shaded(PAPER, strength)).mask, DRAWN) > 0.8


def test_light_ink_on_a_dark_board_is_found_as_well() -> None:
    assert likeness(binarize(255 - PAPER).mask, DRAWN) > 0.8


def test_polarity_is_decided_region_by_region() -> None:
    both = np.hstack([PAPER, 255 - PAPER])
    assert likeness(binarize(both).mask, np.hstack([DRAWN, DRAWN])) > 0.75


@pytest.mark.parametrize("level", [30, 120, 250])
def test_empty_paper_with_grain_has_no_ink(level: int) -> None:
    grain = np.random.default_rng(3).normal(0, 4, (360, 480))
    paper = np.clip(level + grain, 0, 255).astype(np.uint8)
    assert binarize(paper).mask.mean() < 0.005


def test_a_wide_shadow_is_no_ink() -> None:
    shadow = PAPER.astype(np.float32)
    shadow[:, 300:] *= 0.6
    soft = cv2.GaussianBlur(shadow, (0, 0), 4).astype(np.uint8)
    assert likeness(binarize(soft).mask, DRAWN) > 0.7


def test_the_bent_edge_of_a_shadow_is_no_ink() -> None:
    x, y = np.meshgrid(np.arange(480), np.arange(360))
    inside = 1 / (1 + np.exp((np.hypot(x - 480, y - 180) - 150) / 4))
    mask = binarize((blank() * (1 - 0.5 * inside)).astype(np.uint8)).mask
    assert mask.mean() < 0.001


def test_faint_ink_on_creased_paper_is_found_and_creases_are_not() -> None:
    page = write(blank(640, 480), "35", at=(180, 200), height=60, ink=190)
    drawn = page < 205
    folds = np.random.default_rng(5).normal(0, 1, (4, 6)).astype(np.float32)
    creases = 1 - 0.12 * np.abs(cv2.resize(folds, (640, 480), interpolation=cv2.INTER_CUBIC))
    mask = binarize((page * creases).astype(np.uint8)).mask
    near = cv2.dilate(drawn.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert mask[drawn].mean() > 0.9
    assert mask[~near].mean() < 0.01


@pytest.mark.parametrize("seed", range(6))
def test_bright_folds_do_not_make_faint_dark_ink_light(seed: int) -> None:
    page = write(blank(640, 480), "5", at=(300, 200), height=40, ink=190)
    folds = np.random.default_rng(seed).normal(0, 1, (6, 8)).astype(np.float32)
    light = 0.8 + 0.12 * cv2.resize(folds, (640, 480), interpolation=cv2.INTER_CUBIC)
    assert binarize(np.clip(page * light, 0, 255).astype(np.uint8)).mask[page < 210].mean() > 0.9


def test_pale_ink_beside_strong_ink_is_not_its_halo() -> None:
    page = write(blank(640, 480), "1", at=(200, 200), height=60, pen=0.2, ink=20)
    page = write(page, "5", at=(265, 200), height=60, ink=190)
    drawn = page[:, 255:] < 205
    assert binarize(page).mask[:, 255:][drawn].mean() > 0.8


def test_erased_pixels_are_paper_and_all_others_stay_as_they_are() -> None:
    before = binarize(write(blank(), "51", at=(120, 120), height=80))
    wiped = np.zeros(before.mask.shape, bool)
    wiped[:, 210:] = True
    after = before.erased(wiped)
    whole = slice(0, len(wiped)), slice(0, wiped[0].size)
    pairs = [
        (getattr(after, field), getattr(before, field))
        for field in ("contrast", "mask", "weak_mask")
    ]
    pairs.append((after.global_contrast(whole), before.global_contrast(whole)))
    for kept, was in pairs:
        assert was[wiped].any() and not kept[wiped].any()
        assert (kept[~wiped] == was[~wiped]).all()


@pytest.mark.parametrize(("step", "thick"), [(26, 5), (22, 4), (40, 8)])
def test_paper_between_crowded_lines_is_paper(step: int, thick: int) -> None:
    x, y = np.meshgrid(np.arange(640), np.arange(480))
    lines = (np.mod(y + 0.05 * x, step) < thick) | (np.mod(x - 0.05 * y, step) < thick)
    page = np.where(lines, 130, blank(640, 480)).astype(np.uint8)
    ink = binarize(np.asarray(cv2.GaussianBlur(page, (0, 0), 0.8), np.uint8))
    assert abs(np.median(ink.contrast[~lines])) < 0.1
    assert np.median(ink.contrast[lines]) > 0.35 > ink.noise_floor > 0


def sheet(level: int, ink: int, pen: int) -> np.ndarray:
    page = np.full((128, 170), level, np.uint8)
    cv2.line(page, (40, 30), (120, 100), ink, pen)
    return page


@pytest.mark.parametrize("pen", [2, 8, 16])
def test_under_dark_and_light_ink_lies_the_paper_around_it(pen: int) -> None:
    below, _, large = estimate_background(sheet(200, 60, pen))
    assert np.abs(below - 200).max() <= 1 and np.abs(large - 200).max() <= 1
    _, above, _ = estimate_background(sheet(60, 220, pen))
    assert np.abs(above - 60).max() <= 1


@pytest.mark.parametrize("degrees", range(0, 180, 30))
def test_a_shadow_is_paper_up_to_its_edge(degrees: int) -> None:
    down, across = np.mgrid[:128, :170] - np.array([64, 85])[:, None, None]
    way = np.cos(np.radians(degrees)) * across + np.sin(np.radians(degrees)) * down
    below, _, _ = estimate_background(np.where(way < 0, 200, 90).astype(np.uint8))
    assert np.abs(below[way > 5] - 90).max() <= 1


def test_a_round_shadow_is_paper_up_to_its_edge() -> None:
    down, across = np.mgrid[:128, :170] - np.array([64, 85])[:, None, None]
    away = np.hypot(down, across)
    below, _, _ = estimate_background(np.where(away < 22, 90, 200).astype(np.uint8))
    assert np.abs(below[away < 17] - 90).max() <= 1


def test_contrast_to_the_paper_at_large_is_the_same_in_part_of_a_picture() -> None:
    """A dark thing wider than strokes stands out from the paper at large, not from its own."""
    page = blank(640, 480)
    page[180:320, 250:390] = 90
    ink = binarize(page)
    whole = ink.global_contrast(np.s_[0:480, 0:640])
    part = ink.global_contrast(np.s_[100:300, 150:400])
    cropped = ink.cropped(np.s_[80:320, 120:420])
    assert np.array_equal(cropped.mask, ink.mask[80:320, 120:420])
    assert cropped.global_contrast(np.s_[20:220, 30:280]) == pytest.approx(part, abs=0.02)
    assert np.abs(part - whole[100:300, 150:400]).max() < 0.01
    thing = np.s_[220:280, 290:350]
    assert np.median(ink.global_contrast(thing)) > 0.4 > 0.1 > np.median(ink.contrast[thing])
