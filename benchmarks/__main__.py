"""`python -m benchmarks`: all tables, as ratios against references of the same run."""

import argparse
import sys

from benchmarks import dense, load, photos, real

TABLES = (photos, real, dense, load)

ABOUT = "Measures speed, memory and start-up as ratios to references of the same run: minutes."


def main() -> int:
    """Print all rows; the exit status says whether every promise is kept."""
    argparse.ArgumentParser(prog="python -m benchmarks", description=ABOUT).parse_args()
    missed = False
    for table in TABLES:
        print(table.__doc__)
        for row in table.rows():
            print(row, flush=True)
            missed |= row.ratio > row.ratio_max
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
