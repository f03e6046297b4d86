"""`python -m benchmarks`: every room's table, as ratios against references of the same run."""

import sys

from benchmarks import load, photos

ROOMS = (photos, load)


def main() -> int:
    """Print all rows; the exit status says whether every promise is kept."""
    missed = False
    for room in ROOMS:
        print(room.__doc__)
        for row in room.rows():
            print(row, flush=True)
            missed |= row.ratio > row.ratio_max
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
