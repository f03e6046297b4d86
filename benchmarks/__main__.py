"""`python -m benchmarks`: all measurements, as ratios to references of the same run."""

import argparse
import sys

from benchmarks import dense, load, photos, real

TABLES = (photos, real, dense, load)

ABOUT = "Measures speed, memory and start-up as ratios to references of the same run: minutes."


def main() -> int:
    """Print all rows; return the exit status, 1 if a ratio is above its limit."""
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
