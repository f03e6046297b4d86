"""Lines of sheets and forms go, and digits stay, through all steps that erase lines."""

from typing import Any

import cv2
import numpy as np
import pytest

from preprocessing.binarization import Ink, binarize
from preprocessing.components import connected_components
from preprocessing.line_removal.erase import Line, erase
from preprocessing.line_removal.form_boxes import remove_form_boxes
from preprocessing.line_removal.rule_lines import remove_rule_lines
from preprocessing.line_removal.run_lines import remove_run_lines
from tests.papers import blank, write


def without_lines(ink: Ink) -> Ink:
    """The steps of the pipeline that erase lines, in its order."""
    return remove_run_lines(remove_form_boxes(remove_rule_lines(ink)))


LINE = 140  # grey horizontal of the lines
DIGITS = write(blank(640, 480), "247", at=(120, 150), height=150)
DRAWN = DIGITS < 130


def squared(written: np.ndarray, *, thick: int = 5, step: int = 26) -> np.ndarray:
    """The same on graph paper of thick dark lines, a little blurred, in light grain."""
    x, y = np.meshgrid(np.arange(written.shape[1]), np.arange(written.shape[0]))
    lines = (np.mod(y + 0.05 * x, step) < thick) | (np.mod(x - 0.05 * y, step) < thick)
    page = np.where(lines, np.minimum(written, LINE), written)
    grain = np.random.default_rng(6).normal(0, 3, page.shape)
    return cv2.GaussianBlur(np.clip(page + grain, 0, 255).astype(np.uint8), (0, 0), 0.8)


def page(text: str, ink: int) -> np.ndarray:
    return write(blank(640, 480), text, at=(100, 140), height=150, ink=ink)


@pytest.mark.parametrize("text", ["247", "581", "1"])
@pytest.mark.parametrize("step", [26, 34, 44])
def test_digits_far_darker_than_thick_lines_stay_whole(text: str, step: int) -> None:
    written = page(text, 30)
    mask = without_lines(binarize(squared(written, step=step))).mask
    drawn = written < 130
    assert mask[drawn].mean() > 0.95


def sheet(step: int, horizontal: int, *, squares: bool, bend: float = 0.0) -> np.ndarray:
    """Digits on lines `step` px apart that wave by `bend` px, in light grain."""
    x, y = np.meshgrid(np.arange(640), np.arange(480))
    across = np.mod(y + 0.05 * x + bend * np.sin(x / 90), step) < 2
    if squares:
        across |= np.mod(x - 0.05 * y + bend * np.sin(y / 90), step) < 2
    grain = np.random.default_rng(4).normal(0, 4, DIGITS.shape)
    return np.clip(
        np.where(across, np.minimum(DIGITS, horizontal), DIGITS) + grain, 0, 255
    ).astype(np.uint8)


def kept(mask: np.ndarray) -> tuple[float, float]:
    """How much of the digits is still there, and how much else, relative to the digits."""
    digits = cv2.dilate(DRAWN.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    return float(mask[DRAWN].mean()), float(mask[~digits].sum() / DRAWN.sum())


@pytest.mark.parametrize("bend", [0.0, 3.0])
@pytest.mark.parametrize("horizontal", [120, 195])
@pytest.mark.parametrize(("step", "squares"), [(20, False), (45, False), (45, True)])
def test_lines_go_and_digits_stay(step: int, squares: bool, horizontal: int, bend: float) -> None:
    ink = without_lines(binarize(sheet(step, horizontal, squares=squares, bend=bend)))
    digits, rest = kept(ink.mask)
    assert digits > 0.9
    assert rest < 0.2  # where lines cross, their dots may stay


@pytest.mark.parametrize("digit", ["1", "4", "7"])
def test_straight_strokes_of_digits_are_no_lines(digit: str) -> None:
    ink = binarize(write(blank(), digit, at=(120, 5), height=350))
    assert (without_lines(ink).mask == ink.mask).all()


@pytest.mark.parametrize("y", [225, 270, 291])
def test_a_single_line_through_a_digit_takes_nothing_of_it(y: int) -> None:
    page = write(blank(640, 480, 170), "0", at=(284, 180), height=120, pen=0.08)
    drawn = page < 100
    page[y : y + 2] = np.minimum(page[y : y + 2], 110)
    mask = without_lines(binarize(page)).mask
    assert mask[drawn].mean() > 0.9
    assert mask[:, :260].sum() == mask[:, 380:].sum() == 0


def test_the_sides_of_a_forms_boxes_are_no_ruled_sheet() -> None:
    form = write(blank(640, 240), "27", at=(60, 60), height=120, step=1.6)
    for x in (20, 210, 400):
        cv2.line(form, (x, 0), (x, 239), 60, 9)
    ink = binarize(form)
    assert (remove_rule_lines(ink).mask == ink.mask).all()


def lone_line(
    *, thickness: int = 2, ends: tuple[int, int] = (0, 640), fading: float = 0.0
) -> np.ndarray:
    """How much of one line across a blank sheet is left; it fades to the right."""
    page = blank(640, 480)
    columns = slice(*ends)
    page[200 : 200 + thickness, columns] = np.linspace(110, 110 + 120 * fading, 640)[columns]
    ink = binarize(page)
    assert ink.mask.any()
    return remove_rule_lines(ink).mask


@pytest.mark.parametrize(
    "stroke", [{"thickness": 8}, {"ends": (120, 640)}, {"ends": (0, 520)}, {"fading": 0.85}]
)
def test_a_lone_thick_or_short_or_uneven_line_stays(stroke: dict[str, Any]) -> None:
    mask = lone_line(**stroke)
    assert mask[200:202, 130:300].all()


def test_a_thin_stroke_no_darker_than_the_lines_that_it_crosses_slantwise_stays_whole() -> None:
    page = blank(640, 480)
    for y in range(40, 480, 60):
        page[y : y + 2] = 150
    stroke = np.zeros_like(page)
    cv2.line(stroke, (300, 190), (420, 310), 255, 2, cv2.LINE_AA)
    share = stroke / 255
    page = np.where(stroke > 0, page * (1 - share) + 140 * share, page).astype(np.uint8)
    assert without_lines(binarize(page)).mask[stroke > 200].mean() > 0.95


def test_a_line_that_lies_evenly_between_others_goes_though_half_of_it_is_hidden() -> None:
    page = blank(640, 480)
    for y in range(40, 480, 60):
        page[y : y + 2] = 150
    page[220:222, 160:460] = 230
    grain = np.random.default_rng(4).normal(0, 4, page.shape)
    page = np.clip(page + grain, 0, 255).astype(np.uint8)
    assert without_lines(binarize(page)).mask.sum() < 20


def ruled_with_margin(smear: int) -> np.ndarray:
    """A ruled sheet whose margin is twice as dark as its lines, and smeared so many px wide."""
    page = blank(640, 480)
    page[40::60] = page[41::60] = 190
    page[:, 96 - smear : 96 + smear] = np.minimum(page[:, 96 - smear : 96 + smear], 212)
    page[:, 95:98] = 120
    grain = np.random.default_rng(4).normal(0, 3, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("smear", [0, 4])
def test_a_margin_darker_than_a_sheets_lines_goes_with_them_and_with_its_smear(smear: int) -> None:
    mask = without_lines(binarize(ruled_with_margin(smear))).mask
    assert max((max(part.w, part.h) for part in connected_components(mask)), default=0) < 9


def test_a_sheets_lines_joined_by_digits_are_no_box() -> None:
    page = blank(640, 480)
    for y in range(40, 480, 120):
        page[y : y + 2] = 110
    for x in (300, 350):
        page[160:282, x : x + 3] = 100
    mask = without_lines(binarize(write(page, "2", at=(400, 190), height=60, ink=100))).mask
    assert mask[165:275, 300].all()
    assert mask[165:275, 350].all()
    assert not mask[:, :290].any()


def test_the_sides_of_a_row_of_boxes_cut_by_the_edges_go_with_the_boxes() -> None:
    page = blank(640, 480)
    for y in (120, 320):
        page[y : y + 3] = 60
    for x in (40, 200, 420, 600):
        page[120:320, x : x + 3] = 60
    form = write(page, "2", at=(260, 170), height=100)
    mask = without_lines(binarize(form)).mask
    assert not mask[:, :220].any()
    assert mask[180:260].any()


def test_lines_that_cover_the_picture_many_times_are_none() -> None:
    """Rows of dots a few px apart: 83 "lines" 181 px thick took a second to erase."""
    ink = binarize(DIGITS)
    across = np.full(DIGITS.shape[1], 200)
    lines = [Line(0, across + 10 * number, 100.0, 1.0) for number in range(-15, 15)]
    assert erase(ink, lines[13:18], []).mask.sum() < ink.mask.sum() / 2
    assert np.array_equal(erase(ink, lines, []).mask, ink.mask)
