"""Pieces of ink -> one group for each digit: broken strokes joined, bars and dashes left out."""

import numpy as np

from preprocessing.components import Region, digit_height

MARK_SIZE_MIN = 0.3  # of the digits' height: lower marks beside them are dots and dashes
HALF = 0.6  # of the digits' height: two pieces both taller than this are two digits
GAP_STROKES = 1.5  # stroke widths between the strokes of one digit
GAP_DIGITS = 0.12  # of the digits' height, the same
SHARED_MIN = 0.4  # of the narrower piece: so far one stands over the other
WITHIN_ACROSS, WITHIN_ALONG = 0.7, 0.3  # of the smaller piece: so far it lies in the other
BROKEN_GAP = 0.8  # stroke widths: a break across a stroke is narrower
BROKEN_OVERLAP = 0.3  # of the lower piece: the ends at a break overlap less up and down
BROKEN_HEIGHT = 0.8  # of the digits' height: halves of a broken digit are lower
BAR = 0.25  # width over height of a bar
UNDERLINE_FLAT = 3.0  # width over height of an underline, wavy ones too
UNDERLINE_WIDE = 1.15  # its width over that of a digit above: the foot of a broken 2 is no wider
OVERTOPS = 1.5  # times the digits' height: a taller bar is no 1
BIT = 0.75  # of the height and of the contrast of the digits: a lower and paler bar is no 1 either
LINE_OVERLAP_MIN = (
    0.4  # of the lower height: boxes of one line overlap at least so far up and down
)


def group_strokes(pieces: list[Region]) -> list[Region]:
    """Join the pieces that are strokes of one digit; drop what is no digit beside digits."""
    pieces = [piece for piece in pieces if not _is_underline(piece, pieces)]
    digit = _overlap_height(pieces)
    groups = sorted(pieces, key=lambda p: p.area, reverse=True)
    index = 0
    while index < len(groups):
        a = groups[index]
        near = [j for j, b in enumerate(groups) if j > index and _belong(a, b, digit)]
        if near:
            groups[index] = merge_regions(a, groups.pop(near[0]))
        else:
            index += 1
    groups = [g for g in groups if g.h >= MARK_SIZE_MIN * digit]
    digits = [g for g in groups if not _is_bar(g, groups)]
    return digits or groups


def _is_underline(piece: Region, others: list[Region]) -> bool:
    """Whether a piece is a long flat stroke, or a wave, below a digit."""
    if piece.w < UNDERLINE_FLAT * piece.h:
        return False
    return any(
        other.h > piece.h
        and other.y + other.h < piece.y
        and piece.w >= UNDERLINE_WIDE * other.w
        and _overlap(piece, other)[0] > SHARED_MIN * other.w
        for other in others
    )


def _overlap_height(pieces: list[Region]) -> float:
    """The height of the digits; of a lone one, if two pieces are one that broke across."""
    if len(pieces) == 2:
        a, b = pieces
        if _broke_across(a, b):
            return float(merge_regions(a, b).h)
    return digit_height(pieces)


def merge_regions(a: Region, b: Region) -> Region:
    """Two pieces as one."""
    x, y = min(a.x, b.x), min(a.y, b.y)
    w, h = max(a.x + a.w, b.x + b.w) - x, max(a.y + a.h, b.y + b.h) - y
    area = a.area + b.area
    stroke = (a.stroke * a.area + b.stroke * b.area) / area
    contrast = max(a.contrast, b.contrast)
    return Region(a.labels + b.labels, x, y, w, h, area, stroke, contrast)


def _belong(a: Region, b: Region, digit: float) -> bool:
    """Whether two pieces are strokes of one digit."""
    across, along = _overlap(a, b)
    stroke = max(a.stroke, b.stroke)
    if min(a.h, b.h) > HALF * digit:
        # Two digits, unless one lies in the other or a stroke just broke across.
        within = across > WITHIN_ACROSS * min(a.w, b.w) and along > WITHIN_ALONG * min(a.h, b.h)
        return within or (_broke_across(a, b) and max(a.h, b.h) < BROKEN_HEIGHT * digit)
    stands_over = across > SHARED_MIN * min(a.w, b.w)
    over = stands_over and along > -max(GAP_STROKES * stroke, GAP_DIGITS * digit)
    thin = min(a.stroke, b.stroke)  # a marker's gap is not a pencil's
    loose = across > -GAP_STROKES * thin and along > -stroke
    return over or loose


def _overlap(a: Region, b: Region) -> tuple[int, int]:
    """How far two pieces overlap from left to right and from top to bottom; negative: a gap."""
    across = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    return across, min(a.y + a.h, b.y + b.h) - max(a.y, b.y)


def _broke_across(a: Region, b: Region) -> bool:
    """Whether one of two pieces goes on where the other, above it, ends."""
    across, along = _overlap(a, b)
    gap = -BROKEN_GAP * max(a.stroke, b.stroke)
    return across > SHARED_MIN * min(a.w, b.w) and gap < along < BROKEN_OVERLAP * min(a.h, b.h)


def _is_bar(piece: Region, groups: list[Region]) -> bool:
    """Whether a piece is a vertical bar much taller than the digits, or lower and paler."""
    others = [g for g in groups if g is not piece and g.w > BAR * g.h]
    if not others or piece.w >= BAR * piece.h:
        return False
    height = float(np.median([g.h for g in others]))
    pale = piece.contrast < BIT * float(np.median([g.contrast for g in others]))
    return piece.h > OVERTOPS * height or (pale and piece.h < BIT * height)


def reading_order(boxes: list[Region]) -> list[tuple[int, int]]:
    """Return (index of box, number of line) in reading order; a slanted line is one line."""
    lines: list[list[int]] = []
    for index in sorted(range(len(boxes)), key=lambda i: boxes[i].x):
        fitting = [line for line in lines if _in_one_line(boxes[line[-1]], boxes[index])]
        if fitting:
            max(fitting, key=lambda line: boxes[line[-1]].x).append(index)
        else:
            lines.append([index])
    lines.sort(key=lambda line: sum(boxes[i].y + boxes[i].h / 2 for i in line) / len(line))
    return [(index, number) for number, line in enumerate(lines) for index in line]


def _in_one_line(a: Region, b: Region) -> bool:
    shared = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return shared > LINE_OVERLAP_MIN * min(a.h, b.h)
