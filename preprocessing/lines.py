"""Boxes of digits -> reading order: left to right, lines from top to bottom."""

from preprocessing.piece import Piece

OVERLAP_MIN = 0.4  # of the lower height: boxes of one line overlap at least so far up and down


def in_reading_order(boxes: list[Piece]) -> list[tuple[int, int]]:
    """Return (index of box, number of line) in reading order; a slanted line is one line."""
    lines: list[list[int]] = []
    for index in sorted(range(len(boxes)), key=lambda i: boxes[i].x):
        fitting = [line for line in lines if _beside(boxes[line[-1]], boxes[index])]
        if fitting:
            max(fitting, key=lambda line: boxes[line[-1]].x).append(index)
        else:
            lines.append([index])
    lines.sort(key=lambda line: sum(boxes[i].y + boxes[i].h / 2 for i in line) / len(line))
    return [(index, number) for number, line in enumerate(lines) for index in line]


def _beside(a: Piece, b: Piece) -> bool:
    shared = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return shared > OVERLAP_MIN * min(a.h, b.h)
