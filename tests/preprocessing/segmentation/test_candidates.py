from dataclasses import replace

import cv2
import numpy as np
import pytest

from preprocessing.binarization import binarize
from preprocessing.components import Region
from preprocessing.errors import NoDigitsFound
from preprocessing.segmentation.candidates import (
    Selection,
    in_line,
    is_shading_edge,
    large_components,
    select_strokes,
)
from preprocessing.segmentation.grouping import group_strokes
from tests.papers import blank, write


def found_in(gray: np.ndarray) -> Selection:
    ink = binarize(gray)
    return select_strokes(ink)


@pytest.mark.parametrize("pen", [0.04, 0.08, 0.14])
def test_a_stroke_is_measured(pen: float) -> None:
    (region,) = found_in(write(blank(), "1", at=(150, 80), height=200, pen=pen)).regions
    assert region.stroke == pytest.approx(200 * pen, rel=0.35, abs=2)
    assert region.contrast == pytest.approx((230 - 40) / 230, abs=0.1)


def test_a_sliver_of_one_pixel_is_no_stroke() -> None:
    ink = binarize(write(blank(), "1", at=(150, 80), height=200))
    sliver = np.zeros_like(ink.mask)
    sliver[120:160, np.flatnonzero(ink.mask[140])[0]] = 1
    assert not select_strokes(replace(ink, mask=sliver)).regions


def test_an_object_beside_a_digit_is_left_out_but_told_of() -> None:
    table = write(blank(800, 600), "5", at=(620, 220), height=120)
    assert not found_in(table).cluttered
    cv2.rectangle(table, (200, 120), (420, 500), 40, -1)
    cv2.rectangle(table, (240, 150), (380, 200), 90, -1)
    found = found_in(table)
    assert all(region.x > 500 for region in found.regions)
    assert len(found.regions) == 1


def test_a_bar_along_the_edge_is_a_cut_line() -> None:
    page = write(blank(640, 480), "5", at=(280, 160), height=150)
    cv2.line(page, (4, 100), (4, 400), 40, 5)
    assert len(found_in(page).regions) == 1


def test_a_digit_that_touches_the_edge_stays() -> None:
    assert len(found_in(write(blank(300, 300), "6", at=(1, 20), height=270)).regions) == 1


def test_a_one_at_the_edge_stays_in_a_line_of_digits() -> None:
    row = write(blank(640, 480), "1752", at=(-42, 160), height=150)
    assert len(found_in(row).regions) == 4


def test_soft_shades_are_neither_strokes_nor_objects() -> None:
    page = write(blank(640, 480), "5", at=(420, 200), height=60)
    shade = np.zeros(page.shape, np.float32)
    for x, y in ((100, 90), (250, 300), (120, 380)):
        cv2.polylines(
            shade, [np.array([(x, y), (x + 60, y + 10), (x + 20, y + 70)])], False, 1, 12
        )
    dusty = (page * (1 - 0.4 * cv2.GaussianBlur(shade, (0, 0), 8))).astype(np.uint8)
    found = found_in(dusty)
    (region,) = found.regions
    assert region.x > 400
    assert not found.cluttered


def test_a_digit_that_fades_into_its_paper_stays_in_a_line_of_digits_alone() -> None:
    for text, count in (("352", 3), ("2", 0)):
        ink = binarize(write(blank(640, 480), text, at=(100, 170), height=140))
        smudge = np.zeros_like(ink.contrast)
        last = 100 + 140 * (len(text) - 1)
        smudge[:240, last - 20 : last + 120] = 0.4 * ink.contrast.max()
        smudged = replace(ink, contrast=np.maximum(ink.contrast, smudge))
        assert len(select_strokes(smudged).regions) == count


def test_much_faint_ink_does_not_outweigh_a_small_strong_digit() -> None:
    page = write(blank(640, 480), "5", at=(420, 200), height=50)
    for y in range(40, 440, 50):
        cv2.line(page, (60, y), (300, y + 9), 185, 3)
    (region,) = found_in(page).regions
    assert region.x > 400


def test_what_varies_like_a_scene_is_cluttered() -> None:
    scene = np.random.default_rng(2).integers(0, 255, (24, 32)).astype(np.uint8)
    assert found_in(cv2.resize(scene, (640, 480), interpolation=cv2.INTER_NEAREST)).cluttered


def piece_of(own: np.ndarray, stroke: float) -> Region:
    x, y, w, h = cv2.boundingRect(own)
    return Region((1,), x, y, w, h, int(own.sum()), stroke, 0.5)


@pytest.mark.parametrize("stroke", [3, 9, 25])
@pytest.mark.parametrize("ink", [-60, 60])
@pytest.mark.parametrize("slope", [0, 80])
def test_a_stroke_is_no_step_whether_dark_or_light_and_on_shaded_paper(
    stroke: int, ink: int, slope: int
) -> None:
    own = np.zeros((300, 400), np.uint8)
    cv2.line(own, (120, 60), (250, 240), 1, stroke)
    paper = 140 + slope * np.linspace(-0.5, 0.5, 400)
    gray = cv2.GaussianBlur(paper + float(ink) * own, (0, 0), 1.5)
    assert not is_shading_edge(piece_of(own, stroke), gray.astype(np.uint8), own.astype(np.int32))


@pytest.mark.parametrize("degrees", range(0, 180, 15))
@pytest.mark.parametrize("blur", [1, 3, 6])
def test_the_edge_of_a_shadow_is_a_step_at_any_angle(degrees: int, blur: int) -> None:
    down, across = np.mgrid[:300, :400] - np.array([150, 200])[:, None, None]
    way = np.cos(np.radians(degrees)) * across + np.sin(np.radians(degrees)) * down
    noise = np.random.default_rng(1).normal(0, 3, way.shape)
    shadow = np.where(way < 0, 170.0, 80.0).astype(np.float32)
    gray = cv2.GaussianBlur(cv2.GaussianBlur(shadow, (0, 0), blur) + noise, (3, 3), 0)
    own = ((abs(way) < 3) & (np.hypot(down, across) < 60)).astype(np.uint8)
    assert is_shading_edge(piece_of(own, 6), gray.astype(np.uint8), own.astype(np.int32))


def test_what_fills_the_picture_is_no_step() -> None:
    own = np.ones((30, 40), np.uint8)
    assert not is_shading_edge(piece_of(own, 9), own, own.astype(np.int32))


@pytest.mark.parametrize("degrees", range(10, 180, 20))
@pytest.mark.parametrize("shade", [0.3, 0.45])
def test_a_hard_shadow_across_the_page_is_no_piece_beside_the_digit(
    degrees: int, shade: float
) -> None:
    page = write(blank(640, 480), "5", at=(400, 300), height=100)
    down, across = np.mgrid[:480, :640] - np.array([200, 260])[:, None, None]
    way = np.cos(np.radians(degrees)) * across + np.sin(np.radians(degrees)) * down
    light = cv2.GaussianBlur(np.where(way < 0, 1.0, shade), (0, 0), 4)
    ink = binarize((light * page).astype(np.uint8))
    assert len(select_strokes(ink).regions) == 1


@pytest.mark.parametrize("turns", [0, 1])
def test_small_digits_are_all_strokes_though_the_narrow_ones_are_below_the_bound(
    turns: int,
) -> None:
    page = blank(1280, 1280)
    for index, digit in enumerate("7301" * 3):
        page = write(page, digit, at=(60 + 90 * index, 300), height=20 if digit == "1" else 23)
    found = found_in(np.ascontiguousarray(np.rot90(page, turns)))
    sizes = [max(region.w, region.h) for region in found.regions]
    assert min(sizes) < 0.021 * 1280 < max(sizes)
    assert len(sizes) == 12


def test_specks_beside_a_digit_are_no_digits() -> None:
    page = write(blank(1280, 1280), "5", at=(300, 300), height=200)
    for x in range(700, 1200, 60):
        page = write(page, "1", at=(x, 300), height=16)
    assert len(group_strokes(found_in(page).regions)) == 1


def test_marks_whose_boxes_lie_one_over_another_are_too_many() -> None:
    page = blank(640, 640)
    for start in range(-600, 600, 40):
        cv2.line(page, (start, 0), (start + 640, 640), 40, 2)
    with pytest.raises(NoDigitsFound) as refused:
        found_in(page)
    assert refused.value.cause == "crowded"


def test_a_grid_larger_than_any_digit_is_an_object_and_not_a_stroke() -> None:
    page = write(blank(1280, 1280), "5", at=(330, 330), height=100)
    for at in range(40, 1280, 240):
        cv2.line(page, (at, 40), (at, 1240), 40, 3)
        cv2.line(page, (40, at), (1240, at), 40, 3)
    found = found_in(page)
    (digit,) = found.regions
    assert 100 <= digit.h <= 120 and found.cluttered


def test_so_many_marks_that_no_lines_need_be_removed_are_too_many() -> None:
    page = blank(1280, 1280)
    for y in range(20, 1280, 30):
        for x in range(20, 1280, 30):
            cv2.line(page, (x, y), (x, y + 16), 40, 2)
    with pytest.raises(NoDigitsFound) as refused:
        large_components(binarize(page))
    assert refused.value.cause == "crowded"


def test_a_digit_a_sixtieth_as_high_as_its_page_is_a_stroke() -> None:
    (piece,) = found_in(write(blank(1280, 960), "5", at=(700, 300), height=15)).regions
    assert piece.h < 960 / 50


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_in_a_line_stands_what_two_others_are_as_high_and_as_large_as(count: int) -> None:
    rng = np.random.default_rng(count)

    def placed(number: int) -> list[Region]:
        places = rng.integers(10, 60, (number, 4)).tolist()
        return [Region((1,), x, y, w, h, 9, 1.0, 1.0) for x, y, w, h in places]

    def is_like(region: Region, other: Region) -> bool:
        return max(abs(other.y - region.y), abs(other.h - region.h)) <= 0.2 * other.h

    regions, others = placed(30), placed(count)
    expected = [one for one in regions if sum(is_like(one, other) for other in others) >= 2]
    assert in_line(regions, others) == expected
    assert bool(expected) is (count == 40)
    assert in_line([], others) == []
