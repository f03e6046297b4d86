"""Drawn photos, 100 of each kind -> how many are read exactly: `python -m benchmarks.drawn`.

The reading of a photo without digits is right where nothing is read or it is marked unsure.
Where the boxes are wrong, the pipeline failed; where they are right and the text is not, the
network did.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.kinds import KINDS, Drawn, draw
from benchmarks.papers import Box
from benchmarks.scenes import SCENES
from model.evaluation.photos import Answer, answer
from model.reader import Reader

COUNT = 100  # photos of a kind
IOU_MIN = 0.6  # intersection over union of two boxes of one digit


def main() -> None:
    """Print a line for each kind; on request save the photos that were misread in a folder."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drawn", description=__doc__)
    names = ", ".join((*KINDS, *SCENES)).replace("%", "%%")  # argparse formats its help
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=names)
    parser.add_argument("--misses", type=Path, metavar="DIR", help="where to keep missed photos")
    arguments = parser.parse_args()
    reader = Reader.load()
    print(f"{'kind':15}exact  unsure  surely wrong  wrong boxes   of {COUNT}")
    for kind in arguments.kinds or (*KINDS, *SCENES):
        counts = dict.fromkeys(("exact", "unsure", "surely wrong", "wrong boxes"), 0)
        for drawn in (draw(kind, number) for number in range(COUNT)):
            given = answer(drawn.example, reader)
            counts[verdict(given)] += 1
            boxes = [digit.box for digit in given.digits]
            counts["wrong boxes"] += not given.exact and wrong_boxes(drawn, boxes)
            if not given.exact and arguments.misses:
                path = arguments.misses / f"{drawn.name} {drawn.text or 'nothing'}.jpg"
                path.write_bytes(drawn.photo)
        print(f"{kind:15}" + "".join(f"{n:5}     " for n in counts.values()), flush=True)


def verdict(given: Answer) -> str:
    """Return the column in which a photo is counted."""
    return "exact" if given.exact else "surely wrong" if given.surely_wrong else "unsure"


def wrong_boxes(drawn: Drawn, boxes: Sequence[Box]) -> bool:
    """Return whether boxes found are not those of the drawn digits, where these are known."""
    if not drawn.boxes:
        return False
    if len(boxes) != len(drawn.boxes):
        return True
    return any(_iou(a, b) < IOU_MIN for a, b in zip(drawn.boxes, boxes, strict=True))


def _iou(a: Box, b: Box) -> float:
    """Return the intersection of two boxes over their union."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(0, width) * max(0, height)
    return common / max(1, a[2] * a[3] + b[2] * b[3] - common)


if __name__ == "__main__":
    main()
